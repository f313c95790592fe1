#ifndef VELO_PROGRAM_H
#define VELO_PROGRAM_H

#include <stddef.h>

enum { VELO_HEAD_BYTES = 4096, VELO_SCRIPT_LINE = 255 };

enum velo_program {
	VELO_DYNAMIC, /* the loader brings the shim in */
	VELO_STATIC,
	VELO_RAW,     /* makes system calls without libc */
	VELO_SCRIPT,
	VELO_FOREIGN, /* an ELF file for another machine */
	VELO_OTHER,
};

struct velo_script {
	char interpreter[VELO_SCRIPT_LINE + 1];
	char argument[VELO_SCRIPT_LINE + 1];
	int has_argument;
};

enum velo_program velo_program_of(const char *head, size_t length);
/* Reads the first line of a script: 0, or -ENOEXEC. */
int velo_script_of(const char *head, size_t length, struct velo_script *script);

#endif
