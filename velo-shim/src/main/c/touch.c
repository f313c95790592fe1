/* The two ways to set times whose path may be missing: then the descriptor itself is meant. */
#include "answers.h"
#include "wrap.h"

WRAP(int, utimensat, int dirfd, const char *path, const struct timespec times[2], int flags)
{
	struct velo_place place;
	int at_path = path || dirfd == AT_FDCWD;

	if (!at_path && velo_fd(dirfd) != VELO_NO_SLOT)
		return (int)velo_result(flags ? -EINVAL : velo_touch_fd(dirfd, times));
	if (!at_path || !velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_utimensat) behind = BEHIND(utimensat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		if (!at_path)
			return behind(dirfd, path, times, flags);
		result = behind(place.dirfd, place.path, times, flags);
		if (result == 0 || !velo_retry(&place, before))
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
		result = behind(place.dirfd, place.path, times);
		if (result == 0 || !velo_retry(&place, before))
			return result;
	}
	return (int)velo_result(velo_touch_old(&place, times));
}
