/* The two ways to set times whose path may be missing: then the descriptor itself is meant. */
#include "answers.h"
#include "wrap.h"

/* glibc takes no missing path; what this libc does with one shows at a descriptor that is none. */
static int touch_descriptor(int fd, const struct timespec times[2], int flags)
{
	int (*behind)(int, const char *, const struct timespec *, int) = velo_next(VELO_NEXT_utimensat);
	int before = errno;

	if (flags || !behind || (behind(-1, NULL, times, flags) != 0 && errno == EINVAL))
		return (int)velo_result(-EINVAL);
	errno = before;
	return (int)velo_result(velo_touch_fd(fd, times));
}

WRAP(int, utimensat, int dirfd, const char *path, const struct timespec times[2], int flags)
{
	struct velo_place place;
	int at_path = path || dirfd == AT_FDCWD;

	if (!at_path && velo_fd(dirfd) != VELO_NO_SLOT)
		return touch_descriptor(dirfd, times, flags);
	if (!at_path || !velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_utimensat) behind = BEHIND(utimensat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		if (!at_path)
			return behind(dirfd, path, times, flags);
		do
			result = behind(place.dirfd, place.path, times, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_touch(&place, times, flags));
}

WRAP(int, futimesat, int dirfd, const char *path, const struct timeval times[2])
{
	struct velo_place place;
	int at_path = path || dirfd == AT_FDCWD;

	if (!at_path && velo_fd(dirfd) != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(dirfd));
	if (!at_path || !velo_locate(&place, dirfd, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_futimesat) behind = BEHIND(futimesat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		if (!at_path)
			return behind(dirfd, path, times);
		do
			result = behind(place.dirfd, place.path, times);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_touch_old(&place, times));
}
