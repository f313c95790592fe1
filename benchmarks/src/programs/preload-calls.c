/*
 * Times calls on a tree, or the start of a command: preload-calls ROOT, preload-calls start TIMES COMMAND...
 *
 * Prints a name and nanoseconds a line: the median of ROUNDS rounds of CALLS calls each, after one round that does not count.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 41, CALLS = 500, NAMES = 1000 };

extern char **environ;
static char path[PATH_MAX + 64];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return a < b ? -1 : a > b;
}

static double median(double *times, int count)
{
	qsort(times, (size_t)count, sizeof *times, compare);
	return times[count / 2];
}

static void stat_deep(void)
{
	struct stat found;

	if (stat(path, &found))
		fail("stat");
}

static void access_missing(void)
{
	if (access(path, F_OK) == 0)
		fail("access");
}

static void list(void)
{
	DIR *directory = opendir(path);
	int count = 0;

	if (!directory)
		fail("opendir");
	while (readdir(directory))
		count++;
	closedir(directory);
	if (count != NAMES + 2)
		fail("readdir");
}

static void read_file(void)
{
	char buffer[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, buffer, sizeof buffer) != 4096 || close(fd))
		fail("read");
}

static void measure(const char *name, const char *root, const char *below, void (*call)(void), int calls)
{
	double times[ROUNDS];

	snprintf(path, sizeof path, "%s%s", root, below);
	for (int round = -1; round < ROUNDS; round++) {
		double begin = now();

		for (int i = 0; i < calls; i++)
			call();
		if (round >= 0)
			times[round] = (now() - begin) / calls;
	}
	printf("%s %.0f\n", name, median(times, ROUNDS));
}

/* Including the wait for its end; what it prints is thrown away. */
static int start(int count, char **command)
{
	double *times = calloc((size_t)count, sizeof *times);
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (int i = -1; times && i < count; i++) {
		double begin = now();
		pid_t child;
		int status;

		if (posix_spawnp(&child, command[0], &actions, NULL, command, environ) || waitpid(child, &status, 0) < 0 || status)
			fail(command[0]);
		if (i >= 0)
			times[i] = now() - begin;
	}
	printf("start %.0f\n", median(times, count));
	return 0;
}

int main(int count, char **words)
{
	if (count > 3 && strcmp(words[1], "start") == 0)
		return start(atoi(words[2]), words + 3);
	if (count != 2) {
		fprintf(stderr, "usage: preload-calls ROOT | preload-calls start TIMES COMMAND...\n");
		return 2;
	}
	measure("stat", words[1], "/a/b/c/d/e/file", stat_deep, CALLS);
	measure("access", words[1], "/a/b/c/missing", access_missing, CALLS);
	measure("readdir", words[1], "/names", list, CALLS / 10);
	measure("read", words[1], "/a/b/c/d/e/file", read_file, CALLS);
	return 0;
}
