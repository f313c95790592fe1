/* Many at once: threads, signal handlers, and children of threads. Each counts what went wrong, which is nothing. */
#include "facts.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

enum { THREADS = 1000 };

static pthread_barrier_t together;
static atomic_int wrong;

/* Opens, reads and asks for one of the thousand files. */
static int right(unsigned number)
{
	char name[32], path[2 * PATH_MAX], buffer[8] = "";
	struct stat found, same;
	int fd, fine;

	snprintf(name, sizeof name, "f%03u", number % 1000);
	snprintf(path, sizeof path, "%s/thousand/%s", root, name);
	if (stat(path, &found) || access(path, R_OK))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	fine = fd >= 0 && read(fd, buffer, sizeof buffer) == 4 && memcmp(buffer, name, 4) == 0 && fstat(fd, &same) == 0 &&
	       same_file(&found, &same);
	if (fd >= 0)
		close(fd);
	return fine;
}

static void *member(void *number)
{
	pthread_barrier_wait(&together);
	for (unsigned i = 0; i < 5; i++)
		if (!right((unsigned)(size_t)number + i * 7))
			wrong++;
	return NULL;
}

/* All of them meet at a barrier, so that a thousand begin on the same instant. */
CASE(threads)
{
	static pthread_t threads[THREADS];
	pthread_attr_t small;
	unsigned begun = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 128 * 1024);
	pthread_barrier_init(&together, NULL, THREADS);
	for (; begun < THREADS; begun++)
		if (pthread_create(&threads[begun], &small, member, (void *)(size_t)begun)) {
			show("only %u threads\n", begun);
			return;
		}
	for (unsigned i = 0; i < begun; i++)
		pthread_join(threads[i], NULL);
	show("%u threads, %d wrong\n", begun, wrong);
}

/* One file by all: exploded once, and for all the same. */
static ino_t numbers[THREADS];
static const char *large;

static void *same_member(void *number)
{
	struct stat found;
	int fd;

	pthread_barrier_wait(&together);
	fd = open(large, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &found))
		wrong++;
	else
		numbers[(size_t)number] = found.st_ino;
	return NULL;
}

CASE(one_file)
{
	pthread_t threads[100];

	large = at("large");
	pthread_barrier_init(&together, NULL, 100);
	for (size_t i = 0; i < 100; i++)
		if (pthread_create(&threads[i], NULL, same_member, (void *)i))
			return;
	for (size_t i = 0; i < 100; i++) {
		pthread_join(threads[i], NULL);
		wrong += numbers[i] != numbers[0];
	}
	show("%d wrong\n", wrong);
}

static volatile sig_atomic_t caught;

static void handler(int signal)
{
	int before = errno;

	(void)signal;
	if (!right((unsigned)caught * 13))
		wrong++;
	caught++;
	errno = before;
}

/* A handler interrupts the same calls that it makes itself. */
CASE(signals)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};
	unsigned rounds = 0;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	while (caught < 500 && rounds < 1000000)
		if (!right(rounds++))
			wrong++;
	setitimer(ITIMER_REAL, &never, NULL);
	show("caught enough: %d, %d wrong\n", caught >= 500, wrong);
}

static void *parent(void *number)
{
	pthread_barrier_wait(&together);
	for (unsigned i = 0; i < 10; i++) {
		int status = 1;
		pid_t child = fork();

		if (child == 0) {
			alarm(20);
			_exit(right((unsigned)(size_t)number * 10 + i) ? 0 : 1);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			wrong++;
	}
	return NULL;
}

static volatile int done;

static void *busy(void *number)
{
	while (!done)
		if (!right((unsigned)(size_t)number))
			wrong++;
	return NULL;
}

/* While some threads look at files others fork, and their children look at once: no lock is left behind in a child. */
CASE(fork_in_threads)
{
	pthread_t forking[8], looking[4];

	pthread_barrier_init(&together, NULL, 8);
	for (size_t i = 0; i < 4; i++)
		pthread_create(&looking[i], NULL, busy, (void *)i);
	for (size_t i = 0; i < 8; i++)
		pthread_create(&forking[i], NULL, parent, (void *)i);
	for (size_t i = 0; i < 8; i++)
		pthread_join(forking[i], NULL);
	done = 1;
	for (size_t i = 0; i < 4; i++)
		pthread_join(looking[i], NULL);
	show("%d wrong\n", wrong);
}

/* The working directory is one for all threads. */
static void *mover(void *where)
{
	return chdir(where) ? where : NULL;
}

CASE(working_directory)
{
	pthread_t thread;
	void *failed;

	pthread_create(&thread, NULL, mover, (void *)(size_t)at("dir"));
	pthread_join(thread, &failed);
	show("moved: %d\n", !failed);
	text("from there", open("a", O_RDONLY));
}

/* Wherever a child is killed the next one finds all in order. */
CASE(killed)
{
	for (int i = 0; i < 50; i++) {
		pid_t child = fork();

		if (child == 0)
			for (unsigned number = 0;; number++)
				right(number);
		usleep((useconds_t)(i * 53 % 997));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	for (unsigned i = 0; i < 1000; i++)
		if (!right(i))
			wrong++;
	show("%d wrong\n", wrong);
}

static void *here(void *word)
{
	char buffer[1024];

	memset(buffer, 1, sizeof(buffer));
	return buffer[17] ? word : NULL;
}

/* A thread gets the stack that it asks for, however small. */
CASE(small_stacks)
{
	static const size_t sizes[] = {16384, 24576, 32768, 65536};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		pthread_attr_t attributes;
		pthread_t thread;
		void *word = NULL;
		int made;

		pthread_attr_init(&attributes);
		result("size", pthread_attr_setstacksize(&attributes, sizes[i]));
		made = pthread_create(&thread, &attributes, here, "ended");
		if (!made)
			pthread_join(thread, &word);
		string("thread", made ? "not made" : (const char *)word);
		pthread_attr_destroy(&attributes);
	}
}
