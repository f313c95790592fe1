/*
 * How the shim comes up in a process: configuration from the environment, the functions that stand behind ours, messages. It
 * comes up with the first wrapped call, which may be made before any constructor has run.
 */
#include "dynamic.h"
#include "interposed.h"

#include <elf.h>
#include <stdatomic.h>
#include <unistd.h>

struct velo_config velo_config;

/* Copies: a program may write over its environment (setproctitle). */
static char at[VELO_PATH_MAX];
static char alias[VELO_PATH_MAX];
static char store[VELO_PATH_MAX];
static char room[VELO_PATH_MAX];

/* ---- results ---- */

long velo_result(long result)
{
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}

/* ---- the functions behind ours: found by hand, because dlsym allocates, and is not in every libc by itself ---- */

/* Both give the debugger's list of loaded objects: glibc the first, musl the second. */
extern struct r_debug _r_debug __attribute__((weak));
extern struct r_debug *_dl_debug_addr __attribute__((weak));

/* A symbol's function if it has this name; hidden (old) versions only when asked for. */
static void *function_of(const struct velo_dynamic *object, uint32_t index, const char *name, int old)
{
	const ElfW(Sym) *symbol = &object->symbols[index];

	if (symbol->st_shndx == SHN_UNDEF || (symbol->st_info & 15) != STT_FUNC || !velo_same(object->strings + symbol->st_name, name))
		return NULL;
	if (!old && object->versions != NULL && (object->versions[index] & 0x8000) != 0)
		return NULL;
	return (void *)(object->base + symbol->st_value);
}

static void *find_gnu(const struct velo_dynamic *object, const char *name, int old)
{
	const uint32_t *header = object->gnu_hash;
	uint32_t bucket_count = header[0];
	uint32_t first = header[1];
	const uint32_t *buckets = header + 4 + header[2] * (sizeof(ElfW(Addr)) / 4);
	const uint32_t *chain = buckets + bucket_count;
	uint32_t sum = 5381;
	uint32_t index;

	for (const char *letter = name; *letter != 0; letter++)
		sum = sum * 33 + (unsigned char)*letter;
	index = bucket_count == 0 ? 0 : buckets[sum % bucket_count];
	if (index < first)
		return NULL;
	for (;; index++) {
		uint32_t stored = chain[index - first];

		if ((stored | 1) == (sum | 1)) {
			void *function = function_of(object, index, name, old);

			if (function != NULL)
				return function;
		}
		if ((stored & 1) != 0)
			return NULL;
	}
}

static void *find_plain(const struct velo_dynamic *object, const char *name, int old)
{
	for (uint32_t index = 0; index < object->hash[1]; index++) {
		void *function = function_of(object, index, name, old);

		if (function != NULL)
			return function;
	}
	return NULL;
}

static void *find_behind_us(const char *name, int old)
{
	const struct r_debug *debug = &_r_debug != NULL ? &_r_debug : &_dl_debug_addr != NULL ? _dl_debug_addr : NULL;
	const struct link_map *map = debug == NULL ? NULL : debug->r_map;
	int behind = 0;

	for (; map != NULL; map = map->l_next) {
		struct velo_dynamic object;
		void *function;

		if (!behind) {
			behind = map->l_ld == _DYNAMIC;
			continue;
		}
		velo_read_dynamic(map, &object);
		if (object.symbols == NULL || object.strings == NULL || (object.gnu_hash == NULL && object.hash == NULL))
			continue;
		function = object.gnu_hash != NULL ? find_gnu(&object, name, old) : find_plain(&object, name, old);
		if (function != NULL)
			return function;
	}
	return NULL;
}

static void *nexts[VELO_NEXT_COUNT];
static char absent;

void *velo_next(int number)
{
	void *function = __atomic_load_n(&nexts[number], __ATOMIC_RELAXED);

	if (__builtin_expect(function == NULL, 0)) {
		function = find_behind_us(velo_next_name(number), 0);
		if (function == NULL)
			function = find_behind_us(velo_next_name(number), 1);
		if (function == NULL)
			function = &absent;
		__atomic_store_n(&nexts[number], function, __ATOMIC_RELAXED);
	}
	return function == &absent ? NULL : function;
}

/* ---- coming up ---- */

static unsigned long number_of(const char *text)
{
	unsigned long number = 0;

	while (*text >= '0' && *text <= '9' && number < 1u << 30)
		number = number * 10 + (unsigned long)(*text++ - '0');
	return number;
}

static int set_up(void)
{
	char image[VELO_PATH_MAX];
	int result;

	velo_config.at_length = velo_copy_variable("VELO_SHIM_AT", at);
	velo_config.store_length = velo_copy_variable("VELO_SHIM_STORE", store);
	velo_config.room_length = velo_copy_variable("VELO_SHIM_ROOM", room);
	velo_config.checks = velo_asks_for_checks(velo_variable(environ, "VELO_VERIFY"));
	if (velo_copy_variable("VELO_SHIM_IMAGE", image) == 0 || velo_config.at_length < 2 || velo_config.store_length == 0)
		return 0;
	velo_config.at = at;
	velo_config.store = store;
	velo_config.room = room;
	result = velo_image_open(image);
	if (result < 0) {
		/* a program that went on would take the real files for the tree's */
		velo_say("the image ", image, result == -EIO ? " is damaged; remove it" : " cannot be read", NULL);
		velo_sys(__NR_exit_group, 125, 0, 0, 0);
	}
	velo_process_start();
	velo_place_start(at, velo_copy_variable("VELO_SHIM_ALIAS", alias) > 0 ? alias : NULL);
	return 1;
}

/* The launcher waits for this byte. */
static void report(void)
{
	const char *value = velo_variable(environ, "VELO_SHIM_READY");

	if (value != NULL) {
		unsigned long fd = number_of(value);

		velo_sys(__NR_write, fd, "1", 1, 0);
		velo_sys(__NR_close, fd, 0, 0, 0);
		velo_forget_variable("VELO_SHIM_READY");
	}
}

int velo_ready_slow(void)
{
	static _Atomic int begun;

	if (velo_config.ready != 0 || &environ == NULL || environ == NULL)
		return 0;
	if (atomic_exchange(&begun, 1) != 0)
		return 0;
	if (!set_up()) {
		velo_config.ready = -1;
		return 0;
	}
	velo_config.ready = 1;
	velo_environment_start(environ);
	velo_forget_variable("VELO_SHIM_CWD");
	velo_forget_variable("VELO_SHIM_FDS");
	velo_forget_variable("VELO_SHIM_EXE");
	report();
	return 1;
}

__attribute__((constructor)) static void come_up(void)
{
	velo_ready();
}
