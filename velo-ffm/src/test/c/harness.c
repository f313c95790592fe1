/*
 * Runs the code of a stub outside of a JVM, on any architecture: maps the file given as the stub maps itself, asks for the pid by
 * its raw entry, and spawns a plan whose child writes a line and ends with status 3. Prints what it finds; 0 if all is well.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of this only the layout is used. */
#include "plan.h"

typedef long (*entry_point)(long, long, long, long, long, long, long);

static struct {
	struct plan plan;
	struct plan_entry entries[2];
	char text[16];
	uint32_t relocations[1];
} child = {
	.plan = {.magic = PLAN_MAGIC, .version = PLAN_VERSION, .machine = VELO_MACHINE, .child_count = 2,
	         .relocation_count = 1, .failed_entry = PLAN_NO_ENTRY, .pidfd = -1},
	.entries = {{.number = __NR_write, .argument = {1, 0, 6}}, {.number = __NR_exit_group, .argument = {3}}},
	.text = "child\n",
};

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	char *code = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long pid;
	int status = 0;

	if (fd < 0 || code == MAP_FAILED || read(fd, code, 65536) <= 64 || mprotect(code, 65536, PROT_READ | PROT_EXEC))
		return 1;
	if (((entry_point)(void *)code)(__NR_getpid, 0, 0, 0, 0, 0, 0) != getpid())
		return 2;
	if (((entry_point)(void *)code)(__NR_close, 12345, 0, 0, 0, 0, 0) != -9 /* EBADF */)
		return 3;
	if (((entry_point)(void *)code)(__NR_write, 1, (long)"raw\n", 4, 0, 0, 0) != 4)
		return 4;
	child.plan.relocations = (uint32_t)((char *)child.relocations - (char *)&child);
	child.relocations[0] = (uint32_t)((char *)&child.entries[0].argument[1] - (char *)&child);
	child.entries[0].argument[1] = child.text - (char *)&child;
	pid = ((entry_point)(void *)(code + 64))((long)&child, 0, 0, 0, 0, 0, 0);
	if (pid <= 0 || waitpid((pid_t)pid, &status, 0) != pid) {
		printf("spawn: %ld\n", pid);
		return 5;
	}
	printf("status %d\n", WEXITSTATUS(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 3 ? 0 : 6;
}
