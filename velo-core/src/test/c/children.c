/* Makes threads and processes in the ways that libc has; 0 if all went well. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int ended_well(pid_t child)
{
	int status;

	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void *thread(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t id;
	void *result = NULL;
	int here;

	if (pthread_create(&id, NULL, thread, &here) != 0 || pthread_join(id, &result) != 0 || result != &here)
		return 1;

	pid_t child = fork();
	if (child == 0)
		_exit(0);
	if (!ended_well(child))
		return 2;

	char *arguments[] = {"true", NULL};
	if (posix_spawnp(&child, "true", NULL, NULL, arguments, environ) != 0 || !ended_well(child))
		return 3;

	if (system("true") != 0)
		return 4;

	/* of what threads share a process may have its own */
	if (unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM) != 0)
		return 5;
	return 0;
}
