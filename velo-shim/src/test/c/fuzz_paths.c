/*
 * libFuzzer's way into what the shim makes of text that others wrote: paths, links of /proc, the variables in which a program hands on
 * its state. The image is a sound one, named by VELO_FUZZ_IMAGE. The first byte of an input chooses flags, the rest are strings, each
 * ended by a zero. Nothing here changes a file.
 */
#include "velo.h"

#include <stdlib.h>
#include <string.h>

enum { STRINGS = 8, FLAGS = VELO_NOFOLLOW | VELO_EMPTY | VELO_CREATE };

struct velo_config velo_config;

static char at[VELO_PATH_MAX] = "/nowhere/tree";

int velo_ready_slow(void)
{
	return 1;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *image = getenv("VELO_FUZZ_IMAGE");

	(void)argc;
	(void)argv;
	if (image == NULL || velo_image_open(image) != 0)
		abort();
	velo_config.at = at;
	velo_config.at_length = strlen(at);
	velo_config.store = "/nowhere/store";
	velo_config.store_length = strlen(velo_config.store);
	velo_config.room = "/nowhere/room";
	velo_config.room_length = strlen(velo_config.room);
	velo_config.ready = 1;
	velo_process_start();
	velo_place_start(at, "/nowhere/alias");
	return 0;
}

static void ask(const char *path, unsigned flags)
{
	struct velo_place place;
	char full[VELO_PATH_MAX];
	struct velo_inode inode;
	int number;

	if (!velo_locate(&place, AT_FDCWD, path, flags))
		velo_again(&place, ENOENT);
	if (place.kind == VELO_VIEW && place.error == 0 && velo_inode(place.slot, &inode) == 0)
		velo_full_path(place.slot, full, sizeof full);
	velo_below(path);
	velo_proc_own(path);
	velo_proc_slot(path);
	velo_number(path, '/', &number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *variables[STRINGS + 1] = { NULL };
	char *texts;
	char *text;

	if (size < 2)
		return 0;
	/* just so long, that whoever reads behind the end is seen */
	texts = malloc(size);
	if (texts == NULL)
		return 0;
	memcpy(texts, data + 1, size - 1);
	texts[size - 1] = 0;
	text = texts;
	for (int i = 0; i < STRINGS && text < texts + size; i++) {
		variables[i] = text;
		ask(text, data[0] & FLAGS);
		text += strlen(text) + 1;
	}
	velo_environment_start(variables);
	velo_cwd_is_real();
	free(texts);
	return 0;
}
