/* More than was granted: of processes, memory and descriptors. Whoever starts these bounds them by other means, too. */
#include "attack.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* processes COUNT: so many at the same time. */
static enum result processes(char **words)
{
	int count = atoi(words[0]);
	int made = 0;
	pid_t *children = calloc((size_t)count, sizeof *children);

	if (children == 0)
		return broken("calloc");
	while (made < count) {
		children[made] = fork();
		if (children[made] < 0)
			break;
		if (children[made] == 0) {
			pause();
			_exit(0);
		}
		made++;
	}
	for (int i = 0; i < made; i++)
		kill(children[i], SIGKILL);
	for (int i = 0; i < made; i++)
		waitpid(children[i], 0, 0);
	return succeeded_if(made == count);
}

/* bomb LIMIT: everybody forks for ever, with LIMIT processes of the user at the most. */
static enum result bomb(char **words)
{
	struct rlimit limit = {(rlim_t)atol(words[0]), (rlim_t)atol(words[0])};

	setrlimit(RLIMIT_NPROC, &limit);
	alarm(20);
	while (fork() != -2)
		;
	return SUCCEEDED;
}

/* memory BYTES: all of it is used. */
static enum result memory(char **words)
{
	size_t size = strtoul(words[0], 0, 0);
	char *bytes = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (bytes == MAP_FAILED)
		return REFUSED;
	for (size_t at = 0; at < size; at += 4096)
		bytes[at] = 1;
	return SUCCEEDED;
}

/* fill PATH BYTES: a file of this size can be written. */
static enum result fill(char **words)
{
	static char block[65536];
	size_t left = strtoul(words[1], 0, 0);
	int fd = open(words[0], O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return broken(words[0]);
	while (left > 0) {
		ssize_t written = write(fd, block, left < sizeof block ? left : sizeof block);

		if (written <= 0)
			break;
		left -= (size_t)written;
	}
	close(fd);
	unlink(words[0]);
	return succeeded_if(left == 0);
}

/* open-all COUNT: more descriptors than the hard limit that this process was given. */
static enum result open_all(char **words)
{
	struct rlimit limit;
	rlim_t count = 0;

	(void)words;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (count <= limit.rlim_max && dup(1) >= 0)
		count++;
	return succeeded_if(count > limit.rlim_max);
}

const struct attack load_attacks[] = {
	{"processes", processes}, {"bomb", bomb}, {"memory", memory}, {"fill", fill}, {"open-all", open_all}, {0, 0},
};
