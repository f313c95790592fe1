/* How the wrappers of libc's functions are made. */
#ifndef VELO_WRAP_H
#define VELO_WRAP_H

#include "velo.h"
#include "interposed.h"

#include <stdarg.h>

/*
 * Defines libc's function of this name. In C it goes by another one, so that no prototype, macro or redirection of a header is in
 * the way, and so that one source serves libcs that declare the function differently or not at all.
 */
#define WRAP(type, name, ...)                                          \
	VELO_EXPORT type velo_wrap_##name(__VA_ARGS__) __asm__(#name); \
	VELO_EXPORT type velo_wrap_##name(__VA_ARGS__)

/* The same function by its name for large files; on 64 bits there is no difference. */
#define TWIN(twin, name) VELO_EXPORT __typeof__(velo_wrap_##name) velo_wrap_##twin __asm__(#twin) __attribute__((alias(#name)))

/* The function behind the wrapper of this name; NULL if this libc has none. Only in that wrapper, or behind it. */
#define BEHIND(name) ((__typeof__(&velo_wrap_##name))velo_next(VELO_NEXT_##name))

/* A libc has to be there, but nothing of it is asked for by the linker. */
#pragma weak __errno_location

/* What a wrapper gives when this libc lacks the function. */
static inline int velo_lacks(void)
{
	errno = ENOSYS;
	return -1;
}

/*
 * After the function behind failed: 1 if it has to be called again, with another path. Where the path leads into the tree after
 * all, the place says so; errno is then as it was before.
 */
static inline int velo_redirected(struct velo_place *place, int before)
{
	const char *path = place->path;

	if (place->kind != VELO_MAYBE || (!velo_again(place, errno) && place->path == path))
		return 0;
	errno = before;
	return place->kind != VELO_VIEW;
}

/* How the flags of an "at" function look a path up. */
static inline unsigned velo_at(int flags)
{
	return (flags & AT_SYMLINK_NOFOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW) | (flags & AT_EMPTY_PATH ? VELO_EMPTY : 0);
}

/* The same for linkat, which follows nothing unless asked. */
static inline unsigned velo_link_at(int flags)
{
	return (flags & AT_SYMLINK_FOLLOW ? VELO_FOLLOW : VELO_NOFOLLOW) | (flags & AT_EMPTY_PATH ? VELO_EMPTY : 0);
}

/* The last argument of open: only there if something may be created. */
#define VELO_MODE(flags)                                                \
	__extension__({                                                 \
		mode_t mode_ = 0;                                       \
		if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
			va_list list;                                   \
			va_start(list, flags);                          \
			mode_ = va_arg(list, mode_t);                   \
			va_end(list);                                   \
		}                                                       \
		mode_;                                                  \
	})

#endif
