/* Names that libc makes up: mktemp and its family. What they make in the tree is refused by the first name that they try. */
#include "answers.h"
#include "wrap.h"

#include <unistd.h>

enum { MADE_UP = 6 };

static int is_template(const char *template, int suffix)
{
	size_t length = velo_length(template);

	return suffix >= 0 && length >= MADE_UP + (size_t)suffix && velo_equal(template + length - (size_t)suffix - MADE_UP, "XXXXXX", MADE_UP);
}

static long refuse(const struct velo_place *place, int valid)
{
	if (!valid)
		return -EINVAL;
	return place->error && !place->missing ? -place->error : -EROFS;
}

/* The caller reads the name in its template, also where another spelling of the path was handed on. */
static void give_name(const struct velo_place *place, char *template, int suffix)
{
	size_t length = velo_length(template);
	size_t end = velo_length(place->path);
	size_t bytes = MADE_UP + (size_t)(suffix < 0 ? 0 : suffix);

	if (place->path != template && length >= bytes && end >= bytes)
		velo_copy(template + length - bytes, place->path + end - bytes, MADE_UP);
}

/* A wrapper's work, with REAL as the call of the function behind. That writes over the template even if it fails. */
#define MAKE(name, suffix, REAL)                                                     \
	struct velo_place place;                                                     \
	int valid = is_template(template, suffix);                                   \
                                                                                     \
	if (!velo_locate(&place, AT_FDCWD, template, VELO_NOFOLLOW | VELO_CREATE)) { \
		__typeof__(&velo_wrap_##name) behind = BEHIND(name);                 \
		int before = errno;                                                  \
		int result;                                                          \
		if (!behind)                                                         \
			return velo_lacks();                                         \
		do {                                                                 \
			char *path = (char *)place.path;                             \
			result = REAL;                                               \
		} while (result == -1 && velo_redirected(&place, before));           \
		if (result >= 0) {                                                   \
			velo_fd_set(result, VELO_NO_SLOT);                           \
			give_name(&place, template, suffix);                         \
		}                                                                    \
		if (place.kind != VELO_VIEW)                                         \
			return result;                                               \
	}                                                                            \
	return (int)velo_result(refuse(&place, valid))

WRAP(int, mkstemp, char *template)
{
	MAKE(mkstemp, 0, behind(path));
}
TWIN(mkstemp64, mkstemp);

WRAP(int, mkostemp, char *template, int flags)
{
	MAKE(mkostemp, 0, behind(path, flags));
}
TWIN(mkostemp64, mkostemp);

WRAP(int, mkstemps, char *template, int suffix)
{
	MAKE(mkstemps, suffix, behind(path, suffix));
}
TWIN(mkstemps64, mkstemps);

WRAP(int, mkostemps, char *template, int suffix, int flags)
{
	MAKE(mkostemps, suffix, behind(path, suffix, flags));
}
TWIN(mkostemps64, mkostemps);

WRAP(char *, mkdtemp, char *template)
{
	struct velo_place place;
	int valid = is_template(template, 0);

	if (!velo_locate(&place, AT_FDCWD, template, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mkdtemp) behind = BEHIND(mkdtemp);
		int before = errno;
		const char *made;

		if (!behind)
			return velo_lacks(), NULL;
		do
			made = behind((char *)place.path);
		while (!made && velo_redirected(&place, before));
		if (made)
			give_name(&place, template, 0);
		if (place.kind != VELO_VIEW)
			return made ? template : NULL;
	}
	velo_result(refuse(&place, valid));
	return NULL;
}

static void make_up(char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	unsigned char bytes[MADE_UP] = {0};

	velo_sys(__NR_getrandom, bytes, sizeof bytes, 0, 0);
	for (int i = 0; i < MADE_UP; i++)
		name[i] = letters[bytes[i] % (sizeof letters - 1)];
}

/* Nothing is made, so that any name will do that is not there: six letters by chance. */
WRAP(char *, mktemp, char *template)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, template, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mktemp) behind = BEHIND(mktemp);

		if (!behind)
			return velo_lacks(), NULL;
		if (*behind((char *)place.path))
			give_name(&place, template, 0);
		else
			*template = 0;
		return template;
	}
	if (is_template(template, 0)) {
		make_up(template + velo_length(template) - MADE_UP);
	} else {
		velo_result(-EINVAL);
		*template = 0;
	}
	return template;
}
