/* What one process can do to another. */
#include "attack.h"
#include <dirent.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

static void pause_millis(long millis)
{
	struct timespec time = {millis / 1000, millis % 1000 * 1000000};

	nanosleep(&time, 0);
}

/* see WORD: a process that has this in its command line stands in /proc; not this one, nor the shell it comes from. */
static enum result see(char **words)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	if (processes == 0)
		return broken("/proc");
	while ((entry = readdir(processes)) != 0) {
		char path[300], line[4096];
		int fd;
		ssize_t size;

		snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		size = read(fd, line, sizeof line - 1);
		close(fd);
		line[size > 0 ? size : 0] = 0;
		/* the first word alone, so that those who only speak of it are not meant */
		if (strstr(line, words[0]) != 0)
			return SUCCEEDED;
	}
	return REFUSED;
}

/* signal PID: it can be signalled. */
static enum result signal_one(char **words)
{
	return outcome(kill(atoi(words[0]), SIGTERM));
}

/* stop PID: it stands still; it is continued. */
static enum result stop(char **words)
{
	char path[64], line[512] = "";
	const char *state;
	int pid = atoi(words[0]);
	int fd;

	kill(pid, SIGSTOP);
	pause_millis(200);
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, line, sizeof line - 1) <= 0)
		return broken(path);
	state = strrchr(line, ')');
	kill(pid, SIGCONT);
	return succeeded_if(state != 0 && state[2] == 'T');
}

/* kill PID: it is gone, whatever signal it takes. */
static enum result kill_one(char **words)
{
	int pid = atoi(words[0]);

	for (int signal = 1; signal <= SIGRTMAX; signal++)
		/* not those that the first process passes on to this one, and that libc keeps to itself */
		if (signal != SIGALRM && (signal < 32 || signal >= SIGRTMIN))
			kill(pid, signal);
	pause_millis(200);
	return succeeded_if(kill(pid, 0) != 0 && errno == ESRCH);
}

/* kill-all: every process that this one may signal. */
static enum result kill_all(char **words)
{
	(void)words;
	return outcome(kill(-1, SIGKILL));
}

/* trace PID: as a debugger. */
static enum result trace(char **words)
{
	int pid = atoi(words[0]);

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0)
		return SUCCEEDED;
	return outcome(ptrace(PTRACE_ATTACH, pid, 0, 0));
}

static pid_t sleeper(void)
{
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	return child;
}

/* trace-child: a process's own child, which it may trace without privilege. */
static enum result trace_child(char **words)
{
	char text[16];
	char *pid[] = {text, 0};
	pid_t child = sleeper();
	enum result result;

	(void)words;
	snprintf(text, sizeof text, "%d", child);
	result = trace(pid);
	kill(child, SIGKILL);
	return result;
}

/* peek-child: its memory. */
static enum result peek_child(char **words)
{
	static char secret[8] = "secret", copy[8];
	struct iovec local = {copy, sizeof copy}, remote = {secret, sizeof secret};
	pid_t child = sleeper();
	ssize_t size = process_vm_readv(child, &local, 1, &remote, 1, 0);

	(void)words;
	kill(child, SIGKILL);
	return outcome(size);
}

/* take-from-child: one of its descriptors. */
static enum result take_from_child(char **words)
{
	pid_t child = sleeper();
	int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	long taken;

	(void)words;
	if (pidfd < 0)
		return broken("pidfd_open");
	taken = syscall(SYS_pidfd_getfd, pidfd, 0, 0);
	kill(child, SIGKILL);
	return outcome(taken);
}

/* Whether one of the links in a directory leads somewhere; their names alone are no secret. */
static int is_entry_open(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;

	while (entries != 0 && (entry = readdir(entries)) != 0)
		if (entry->d_name[0] != '.' && openat(dirfd(entries), entry->d_name, O_PATH) >= 0)
			return 1;
	return 0;
}

/* inside PID NAME: a file of /proc/PID that shows what the process is made of can be opened, or followed. */
static enum result inside(char **words)
{
	char path[256];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%s/%s", words[0], words[1]);
	if (lstat(path, &status) != 0)
		return broken(path);
	if (S_ISDIR(status.st_mode))
		return succeeded_if(is_entry_open(path));
	if (S_ISLNK(status.st_mode))
		return outcome(open(path, O_PATH));
	return outcome(open(path, strcmp(words[1], "mem") == 0 ? O_RDWR : O_RDONLY));
}

/*
 * outlive FILE SECONDS: leaves a process behind that nothing ties to this one, minds no signal, and writes to FILE as long as it lives,
 * SECONDS at most. Whether that is longer than the sandbox, who looks at FILE can see.
 */
static enum result outlive(char **words)
{
	sigset_t all;
	int fd;

	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child < 0)
			return broken("fork");
		if (child > 0) {
			if (i == 0)
				waitpid(child, 0, 0);
			else
				_exit(0);
			return SUCCEEDED;
		}
		setsid();
	}
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, 0);
	/* a reader of the command's output would wait for this process */
	for (int stream = 0; stream < 3; stream++)
		close(stream);
	fd = open(words[0], O_WRONLY | O_CREAT | O_APPEND, 0666);
	for (long i = 0; fd >= 0 && i < atol(words[1]) * 100; i++) {
		if (write(fd, ".", 1) != 1)
			break;
		pause_millis(10);
	}
	_exit(0);
}

/* flood SECONDS: keeps the first process busy with signals and orphans, so that it gets to nothing else. */
static enum result flood(char **words)
{
	time_t end = time(0) + atol(words[0]);

	for (int i = 0; i < 8; i++) {
		if (fork() != 0)
			continue;
		while (time(0) < end)
			for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
				kill(1, signal);
		_exit(0);
	}
	while (time(0) < end)
		pause_millis(10);
	return SUCCEEDED;
}

/* Whether a process is one of Velo's, that has not become its command yet. */
static int is_velos(int pid)
{
	char path[64], name[32] = "";
	int fd;

	snprintf(path, sizeof path, "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0 && read(fd, name, sizeof name - 1) < 0)
		name[0] = 0;
	close(fd);
	return strncmp(name, "velo", 4) == 0;
}

/* The last process that was made: loadavg's last word. */
static int last_pid(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	int last = 0;

	if (file == 0)
		return 0;
	if (fscanf(file, "%*s %*s %*s %*s %d", &last) != 1)
		last = 0;
	fclose(file);
	return last;
}

/*
 * ambush SECONDS: lies in wait for a further command to come in, whose process has, until it executes that, something of the outside:
 * its memory is that of a process there, and so are descriptors from 3 on.
 */
static enum result ambush(char **words)
{
	time_t end = time(0) + atol(words[0]);
	int next = 0;

	puts("ready");
	fflush(stdout);
	while (time(0) < end) {
		char path[64];

		next = last_pid();
		for (int i = 0; i < 100; i++) {
			int pid = next + i % 2;

			if (pid <= getpid())
				continue;
			snprintf(path, sizeof path, "/proc/%d/mem", pid);
			if (open(path, O_RDWR) >= 0 && is_velos(pid)) {
				fprintf(stderr, "memory of %d\n", pid);
				return SUCCEEDED;
			}
			for (int fd = 3; fd < 32; fd++) {
				snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
				if (open(path, O_PATH) >= 0) {
					fprintf(stderr, "%s\n", path);
					return SUCCEEDED;
				}
			}
		}
	}
	return REFUSED;
}

const struct attack process_attacks[] = {
	{"see", see},
	{"signal", signal_one},
	{"stop", stop},
	{"kill", kill_one},
	{"kill-all", kill_all},
	{"trace", trace},
	{"trace-child", trace_child},
	{"peek-child", peek_child},
	{"take-from-child", take_from_child},
	{"inside", inside},
	{"outlive", outlive},
	{"flood", flood},
	{"ambush", ambush},
	{0, 0},
};
