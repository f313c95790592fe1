/*
 * Stacks of threads. With an auditor the loader keeps more room for thread-local storage (exec.c), which glibc takes out of every
 * thread's stack: a size that was enough without it gets that much more.
 */
#include "wrap.h"

#include <pthread.h>

enum { SMALL = 256 << 10, LEAST = 16 << 10, MORE = 32 << 10 };

extern const char *gnu_get_libc_version(void) __attribute__((weak));

WRAP(int, pthread_attr_setstacksize, pthread_attr_t *attributes, size_t size)
{
	if (!BEHIND(pthread_attr_setstacksize))
		return ENOSYS;
	if (velo_ready() && gnu_get_libc_version && size >= LEAST && size < SMALL)
		size += MORE;
	return BEHIND(pthread_attr_setstacksize)(attributes, size);
}
