/* What the kernel does for those who have privileges, or who make themselves a namespace in which they have them. */
#include "attack.h"
#include <dirent.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <arpa/inet.h>

#ifndef TIOCLINUX
#define TIOCLINUX 0x541C
#endif

enum { OPEN_TREE_CLONE_ = 1, MOVE_MOUNT_F_EMPTY_PATH_ = 4 };

static enum result mount_memory(char **words)
{
	return outcome(mount("attack", words[0], "tmpfs", 0, 0));
}

static enum result mount_bind(char **words)
{
	return outcome(mount(words[0], words[1], 0, MS_BIND, 0));
}

/* Without the flag that keeps it from being written to. */
static enum result remount(char **words)
{
	return outcome(mount(0, words[0], 0, MS_REMOUNT | MS_BIND, 0));
}

static enum result unmount(char **words)
{
	return outcome(umount2(words[0], MNT_DETACH));
}

static enum result pivot(char **words)
{
	return outcome(syscall(SYS_pivot_root, words[0], words[0]));
}

static enum result change_root(char **words)
{
	return outcome(chroot(words[0]));
}

/* new-mount TYPE: by the calls of Linux 5.2. */
static enum result new_mount(char **words)
{
	long context = syscall(SYS_fsopen, words[0], 0);

	if (context < 0 || syscall(SYS_fsconfig, context, 6, 0, 0, 0) < 0)
		return REFUSED;
	return outcome(syscall(SYS_fsmount, context, 0, 0));
}

/* A copy of what is mounted there, attached nowhere. */
static enum result clone_mount(char **words)
{
	return outcome(syscall(SYS_open_tree, AT_FDCWD, words[0], OPEN_TREE_CLONE_));
}

/* What the flag of a namespace is called. */
static long namespace(const char *name)
{
	static const struct {
		const char *name;
		long flag;
	} all[] = {
		{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},   {"pid", CLONE_NEWPID},       {"net", CLONE_NEWNET},
		{"ipc", CLONE_NEWIPC},   {"uts", CLONE_NEWUTS},  {"cgroup", CLONE_NEWCGROUP}, {"time", 0x80},
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].flag;
	return 0;
}

static enum result by_unshare(char **words)
{
	return outcome(syscall(SYS_unshare, namespace(words[0])));
}

/* The child of a system call that makes one ends at once. */
static enum result of_child(long child)
{
	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid((pid_t)child, 0, 0);
	return outcome(child);
}

static enum result by_clone(char **words)
{
	return of_child(syscall(SYS_clone, namespace(words[0]) | SIGCHLD, 0, 0, 0, 0));
}

static enum result by_clone3(char **words)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} arguments = {.flags = (uint64_t)namespace(words[0]), .exit_signal = SIGCHLD};

	return of_child(syscall(SYS_clone3, &arguments, sizeof arguments));
}

/* enter PID NAME: joins a namespace of that process, which may be the one it is in: that takes privileges too. */
static enum result enter(char **words)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "/proc/%s/ns/%s", words[0], words[1]);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return REFUSED;
	return outcome(setns(fd, 0));
}

static enum result keyring(char **words)
{
	(void)words;
	return outcome(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -4 /* of the user */, 1));
}

static enum result key(char **words)
{
	(void)words;
	return outcome(syscall(SYS_add_key, "user", "attack", "x", 1, -1 /* of the thread */));
}

/* A table, for which no privilege is needed where the administrator has not said otherwise. */
static enum result bpf_map(char **words)
{
	union bpf_attr attributes;

	(void)words;
	memset(&attributes, 0, sizeof attributes);
	attributes.map_type = BPF_MAP_TYPE_ARRAY;
	attributes.key_size = 4;
	attributes.value_size = 4;
	attributes.max_entries = 1;
	return outcome(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static enum result fault_handler(char **words)
{
	(void)words;
	return outcome(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}

static enum result ring(char **words)
{
	struct io_uring_params parameters;

	(void)words;
	memset(&parameters, 0, sizeof parameters);
	return outcome(syscall(SYS_io_uring_setup, 4, &parameters));
}

static enum result counter(char **words)
{
	struct perf_event_attr attributes;

	(void)words;
	memset(&attributes, 0, sizeof attributes);
	attributes.type = PERF_TYPE_SOFTWARE;
	attributes.size = sizeof attributes;
	attributes.exclude_kernel = 1;
	return outcome(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

/* Whether a file below this directory can be opened for writing, whatever it does; none is written to. */
static int writable_below(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	int found = 0;

	while (entries != 0 && !found && (entry = readdir(entries)) != 0) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
		if (entry->d_type == DT_DIR) {
			found = writable_below(path);
		} else {
			int fd = open(path, O_WRONLY);

			found = fd >= 0;
			if (found) {
				fprintf(stderr, "writable: %s\n", path);
				close(fd);
			}
		}
	}
	if (entries != 0)
		closedir(entries);
	return found;
}

/* tunables DIRECTORY...: any file below them can be opened for writing. */
static enum result tunables(char **words)
{
	for (; *words != 0; words++)
		if (writable_below(*words))
			return SUCCEEDED;
	return REFUSED;
}

/* openable PATH: for writing. It is not written to. */
static enum result openable(char **words)
{
	return outcome(open(words[0], O_WRONLY));
}

/* become PROGRAM: it runs as root though this process is not; the program is this one, under a name with the setuid bit. */
static enum result become(char **words)
{
	if (geteuid() == 0)
		return broken("is root already");
	execl(words[0], words[0], "is-root", (char *)0);
	return broken(words[0]);
}

static enum result is_root(char **words)
{
	(void)words;
	return succeeded_if(geteuid() == 0);
}

/* type [HIGH]: into the terminal, as if by hand; with a number in the upper half of the request, which the kernel does not look at. */
static enum result type_in(char **words)
{
	unsigned long request = TIOCSTI;

	if (words[0] != 0)
		request |= strtoul(words[0], 0, 0) << 32;
	if (!isatty(0))
		return broken("no terminal");
	return outcome(syscall(SYS_ioctl, 0, request, "x"));
}

/* console: the call that pastes into a virtual console comes as far as to the terminal, which may be another kind. */
static enum result console(char **words)
{
	char subcode = 3;

	(void)words;
	if (!isatty(0))
		return broken("no terminal");
	return succeeded_if(ioctl(0, TIOCLINUX, &subcode) >= 0 || errno != EPERM);
}

/* abstract NAME: somebody listens at this name, which is in no file system. */
static enum result abstract(char **words)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(words[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path + 1, words[0], length);
	return outcome(connect(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)));
}

/* port NUMBER: somebody listens there, on this machine. */
static enum result port(char **words)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[0]))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return outcome(connect(fd, (struct sockaddr *)&address, sizeof address));
}

/* family NUMBER: sockets of it can be made. */
static enum result family(char **words)
{
	return outcome(socket(atoi(words[0]), SOCK_STREAM, 0));
}

const struct attack kernel_attacks[] = {
	{"mount", mount_memory},
	{"bind", mount_bind},
	{"remount", remount},
	{"umount", unmount},
	{"pivot", pivot},
	{"chroot", change_root},
	{"new-mount", new_mount},
	{"clone-mount", clone_mount},
	{"unshare", by_unshare},
	{"clone", by_clone},
	{"clone3", by_clone3},
	{"enter", enter},
	{"keyring", keyring},
	{"key", key},
	{"bpf", bpf_map},
	{"userfaultfd", fault_handler},
	{"io_uring", ring},
	{"perf", counter},
	{"tunables", tunables},
	{"openable", openable},
	{"become", become},
	{"is-root", is_root},
	{"type", type_in},
	{"console", console},
	{"abstract", abstract},
	{"port", port},
	{"family", family},
	{0, 0},
};
