/* The older calls of x86-64, as the newer ones that do the same. */
#include "rawcall.h"

#include <sys/syscall.h>

#ifdef SYS_open

static void set(struct velo_call *call, long number, long a, long b, long c, long d)
{
	*call = (struct velo_call){number, {a, b, c, d}};
}

void velo_renew(struct velo_call *call)
{
	const long *a = call->a;

	switch (call->number) {
	case SYS_open:
		set(call, SYS_openat, AT_FDCWD, a[0], a[1], a[2]);
		break;
	case SYS_creat:
		set(call, SYS_openat, AT_FDCWD, a[0], O_WRONLY | O_CREAT | O_TRUNC, a[1]);
		break;
	case SYS_stat:
		set(call, SYS_newfstatat, AT_FDCWD, a[0], a[1], 0);
		break;
	case SYS_lstat:
		set(call, SYS_newfstatat, AT_FDCWD, a[0], a[1], AT_SYMLINK_NOFOLLOW);
		break;
	case SYS_access:
		set(call, SYS_faccessat, AT_FDCWD, a[0], a[1], 0);
		break;
	case SYS_readlink:
		set(call, SYS_readlinkat, AT_FDCWD, a[0], a[1], a[2]);
		break;
	case SYS_mkdir:
		set(call, SYS_mkdirat, AT_FDCWD, a[0], a[1], 0);
		break;
	case SYS_mknod:
		set(call, SYS_mknodat, AT_FDCWD, a[0], a[1], a[2]);
		break;
	case SYS_unlink:
		set(call, SYS_unlinkat, AT_FDCWD, a[0], 0, 0);
		break;
	case SYS_rmdir:
		set(call, SYS_unlinkat, AT_FDCWD, a[0], AT_REMOVEDIR, 0);
		break;
	case SYS_symlink:
		set(call, SYS_symlinkat, a[0], AT_FDCWD, a[1], 0);
		break;
	case SYS_chmod:
		set(call, SYS_fchmodat, AT_FDCWD, a[0], a[1], 0);
		break;
	default:
		break;
	}
}

#else

void velo_renew(struct velo_call *call)
{
	(void)call;
}

#endif
