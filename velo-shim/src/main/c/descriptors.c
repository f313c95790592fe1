/* The calls that make, move and close descriptors: the table of what they stand for follows. */
#include "answers.h"
#include "wrap.h"

#include <dirent.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <unistd.h>

/* The table is told first: once a number is free, another thread may have it again at once. */
WRAP(int, close, int fd)
{
	__typeof__(&velo_wrap_close) behind = BEHIND(close);

	if (velo_fd(fd) != VELO_NO_SLOT)
		velo_fd_set(fd, VELO_NO_SLOT);
	return behind ? behind(fd) : (int)velo_result(velo_sys(__NR_close, fd, 0, 0, 0));
}

WRAP(int, dup, int fd)
{
	__typeof__(&velo_wrap_dup) behind = BEHIND(dup);
	int result = behind ? behind(fd) : velo_lacks();

	if (result >= 0)
		velo_fd_copy(fd, result);
	return result;
}

WRAP(int, dup2, int fd, int wanted)
{
	__typeof__(&velo_wrap_dup2) behind = BEHIND(dup2);
	int result = behind ? behind(fd, wanted) : velo_lacks();

	if (result >= 0 && result != fd)
		velo_fd_copy(fd, result);
	return result;
}

WRAP(int, dup3, int fd, int wanted, int flags)
{
	__typeof__(&velo_wrap_dup3) behind = BEHIND(dup3);
	int result = behind ? behind(fd, wanted, flags) : velo_lacks();

	if (result >= 0)
		velo_fd_copy(fd, result);
	return result;
}

static void after_control(int fd, int command, int result)
{
	if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC))
		velo_fd_copy(fd, result);
}

/* Every command takes one word or nothing. */
WRAP(int, fcntl, int fd, int command, ...)
{
	__typeof__(&velo_wrap_fcntl) behind = BEHIND(fcntl);
	va_list list;
	void *argument;
	int result;

	va_start(list, command);
	argument = va_arg(list, void *);
	va_end(list);
	result = behind ? behind(fd, command, argument) : velo_lacks();
	after_control(fd, command, result);
	return result;
}

TWIN(fcntl64, fcntl);

/* Whoever looks for these two in a libc that has none finds them here, so that they are to work. */
WRAP(int, close_range, unsigned first, unsigned last, int flags)
{
	__typeof__(&velo_wrap_close_range) behind = BEHIND(close_range);

	if (first <= last && (flags & ~CLOSE_RANGE_UNSHARE) == 0)
		velo_fd_forget(first, last);
	return behind ? behind(first, last, flags) : (int)velo_result(velo_sys(__NR_close_range, first, last, flags, 0));
}

WRAP(void, closefrom, int first)
{
	__typeof__(&velo_wrap_closefrom) behind = BEHIND(closefrom);
	unsigned from = first < 0 ? 0 : (unsigned)first;

	velo_fd_forget(from, UINT_MAX);
	if (behind)
		behind(first);
	else
		velo_sys(__NR_close_range, from, UINT_MAX, 0, 0);
}

/* A file in memory would say EPERM, for its seals. */
static int writes(int protection, int flags, int fd)
{
	int type = flags & MAP_TYPE;

	return (type == MAP_SHARED || type == MAP_SHARED_VALIDATE) && protection & PROT_WRITE && !(flags & MAP_ANONYMOUS)
	       && velo_fd(fd) != VELO_NO_SLOT;
}

static void *refused(void)
{
	errno = EACCES;
	return MAP_FAILED;
}

/* mmap is called early: what stands behind may not be known yet. */
WRAP(void *, mmap, void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	__typeof__(&velo_wrap_mmap) behind = BEHIND(mmap);

	if (writes(protection, flags, fd))
		return refused();
	if (behind)
		return behind(address, length, protection, flags, fd, offset);
	return (void *)velo_result(velo_sys6(__NR_mmap, (long)address, (long)length, protection, flags, fd, offset));
}
TWIN(mmap64, mmap);

/* In a list of the tree positions are not bytes, and its end is not known. */
long velo_seek_list(int fd, off_t offset, int whence)
{
	int64_t position = whence == SEEK_SET ? offset : (int64_t)velo_fd_position(fd) + offset;

	if (velo_only_path(fd))
		return -EBADF;
	if ((whence != SEEK_SET && whence != SEEK_CUR) || position < 0 || position > UINT32_MAX)
		return -EINVAL;
	velo_fd_seek(fd, (uint32_t)position);
	return position;
}

WRAP(off_t, lseek, int fd, off_t offset, int whence)
{
	__typeof__(&velo_wrap_lseek) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT && (velo_is_above(slot) || velo_type(slot) == DT_DIR))
		return velo_result(velo_seek_list(fd, offset, whence));
	behind = BEHIND(lseek);
	return behind ? behind(fd, offset, whence) : velo_lacks();
}
TWIN(lseek64, lseek);
