/* The links of proc(5) that speak of this process: where it is, what runs in it, and what it has open. */
#include "velo.h"

const char *velo_number(const char *text, char end, int *value)
{
	const char *from = text;
	long read = 0;

	while (*text >= '0' && *text <= '9' && text - from < 10)
		read = read * 10 + (*text++ - '0');
	if (text == from || *text != end || read > INT_MAX)
		return NULL;
	*value = (int)read;
	return text + (end != 0);
}

const char *velo_proc_own(const char *path)
{
	const char *rest;
	int pid;

	path = velo_behind(path, "/proc/");
	if (path == NULL)
		return NULL;
	rest = velo_behind(path, "self/");
	if (rest == NULL)
		rest = velo_behind(path, "thread-self/");
	if (rest != NULL)
		return rest;
	rest = velo_number(path, '/', &pid);
	return rest != NULL && pid == (int)velo_sys(__NR_getpid, 0, 0, 0, 0) ? rest : NULL;
}

velo_slot velo_proc_slot(const char *name)
{
	const char *digits = velo_behind(name, "fd/");
	int fd;

	if (digits != NULL)
		return velo_number(digits, 0, &fd) != NULL ? velo_fd(fd) : VELO_NO_SLOT;
	if (velo_same(name, "cwd"))
		return velo_cwd();
	return velo_same(name, "exe") ? velo_exe() : VELO_NO_SLOT;
}
