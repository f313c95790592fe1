/*
 * Makes the system calls that its arguments name, each a word "number,argument,...", and prints what each returned: the result, or
 * minus the errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t self = getpid();

	/* vhangup hangs up what is not there */
	setsid();
	for (int i = 1; i < argc; i++) {
		long word[7] = {0};
		char *rest = argv[i];

		for (int j = 0; j < 7 && *rest != 0; j++) {
			word[j] = (long)strtoull(rest, &rest, 0);
			if (*rest == ',')
				rest++;
		}
		errno = 0;
		long result = syscall(word[0], word[1], word[2], word[3], word[4], word[5], word[6]);
		if (syscall(SYS_getpid) != self)
			_exit(0);
		printf("%ld\n", result == -1 ? -errno : result);
	}
	return 0;
}
