/*
 * posix_spawn, made anew: what the file actions do has to be seen by the shim, in their order, in the child. The child borrows its
 * parent's memory as after vfork, on a stack of its own; what it changes is noted apart (process.c).
 */
#include "velo.h"
#include "interposed.h"

#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern void *malloc(size_t) __attribute__((weak));
extern void *realloc(void *, size_t) __attribute__((weak));
extern void free(void *) __attribute__((weak));

enum { STACK_BYTES = 256 << 10, SIGNALS = 64, MAX_SPAWN_FDS = 1 << 20 };

enum kind { OPEN, CLOSE, CLOSE_FROM, DUP2, CHDIR, FCHDIR, TERMINAL };

struct action {
	enum kind kind;
	int fd;
	int other; /* DUP2: the new one; OPEN: the flags */
	mode_t mode;
	char *path;
};

/* What stands in a program's posix_spawn_file_actions_t: nobody but the functions here looks into it. */
struct actions {
	int allocated;
	int used;
	struct action *list;
};

_Static_assert(sizeof(struct actions) <= sizeof(posix_spawn_file_actions_t), "it is libc's size");

static struct actions *own(posix_spawn_file_actions_t *actions)
{
	return (struct actions *)(void *)actions;
}

static int add(posix_spawn_file_actions_t *actions, struct action action, const char *path)
{
	struct actions *here = own(actions);

	if (here->used == here->allocated) {
		struct action *more = realloc(here->list, (size_t)(here->allocated + 8) * sizeof *more);

		if (more == NULL)
			return ENOMEM;
		here->list = more;
		here->allocated += 8;
	}
	action.path = NULL;
	if (path != NULL) {
		size_t length = velo_length(path) + 1;

		action.path = malloc(length);
		if (action.path == NULL)
			return ENOMEM;
		velo_copy(action.path, path, length);
	}
	here->list[here->used++] = action;
	return 0;
}

static int is_descriptor(int fd)
{
	return fd >= 0 && fd < MAX_SPAWN_FDS;
}

VELO_EXPORT int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	velo_zero(actions, sizeof *actions);
	return 0;
}

VELO_EXPORT int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	struct actions *here = own(actions);

	for (int i = 0; i < here->used; i++)
		free(here->list[i].path);
	free(here->list);
	velo_zero(actions, sizeof *actions);
	return 0;
}

VELO_EXPORT int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd, const char *restrict path,
                                                 int flags, mode_t mode)
{
	return is_descriptor(fd) ? add(actions, (struct action){ .kind = OPEN, .fd = fd, .other = flags, .mode = mode }, path) : EBADF;
}

VELO_EXPORT int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
	return is_descriptor(fd) ? add(actions, (struct action){ .kind = CLOSE, .fd = fd }, NULL) : EBADF;
}

VELO_EXPORT int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from)
{
	return from >= 0 ? add(actions, (struct action){ .kind = CLOSE_FROM, .fd = from }, NULL) : EBADF;
}

VELO_EXPORT int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int other)
{
	return is_descriptor(fd) && is_descriptor(other)
	               ? add(actions, (struct action){ .kind = DUP2, .fd = fd, .other = other }, NULL)
	               : EBADF;
}

VELO_EXPORT int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path)
{
	return add(actions, (struct action){ .kind = CHDIR }, path);
}

VELO_EXPORT int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd)
{
	return is_descriptor(fd) ? add(actions, (struct action){ .kind = FCHDIR, .fd = fd }, NULL) : EBADF;
}

VELO_EXPORT int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t *actions, int fd)
{
	return is_descriptor(fd) ? add(actions, (struct action){ .kind = TERMINAL, .fd = fd }, NULL) : EBADF;
}

/* ---- the child ---- */

/* struct sigaction as the kernel takes it. */
struct signal_action {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

struct spawn {
	const char *name;
	char *const *arguments;
	char *const *environment;
	const struct actions *actions;
	int search;
	short flags;
	pid_t group;
	int policy;
	struct sched_param priority;
	uint64_t defaults;
	uint64_t mask;
	volatile long error;
};

static long open_as(const struct action *action)
{
	long opened = open(action->path, action->other, action->mode);

	if (opened < 0)
		return -errno;
	if (opened != action->fd) {
		if (dup2((int)opened, action->fd) < 0)
			return -errno;
		close((int)opened);
	}
	return 0;
}

static long act(const struct action *action)
{
	switch (action->kind) {
	case OPEN:
		close(action->fd);
		return open_as(action);
	case CLOSE:
		close(action->fd);
		return 0;
	case CLOSE_FROM:
		velo_fd_forget((unsigned)action->fd, ~0u);
		return velo_sys(__NR_close_range, action->fd, ~0u, 0, 0);
	case DUP2:
		/* the one that stays itself is to stay open */
		if (action->fd == action->other) {
			long flags = velo_sys(__NR_fcntl, action->fd, F_GETFD, 0, 0);

			return flags < 0 ? flags : velo_sys(__NR_fcntl, action->fd, F_SETFD, flags & ~FD_CLOEXEC, 0);
		}
		return dup2(action->fd, action->other) < 0 ? -errno : 0;
	case CHDIR:
		return chdir(action->path) < 0 ? -errno : 0;
	case FCHDIR:
		return fchdir(action->fd) < 0 ? -errno : 0;
	case TERMINAL: {
		pid_t group = (pid_t)velo_sys(__NR_getpgid, 0, 0, 0, 0);

		return velo_sys(__NR_ioctl, action->fd, 0x5410 /* TIOCSPGRP */, &group, 0);
	}
	default:
		return -EINVAL;
	}
}

static void reset_signals(const struct spawn *spawn)
{
	for (int i = 1; i <= SIGNALS; i++) {
		struct signal_action action;
		int wanted = (spawn->flags & POSIX_SPAWN_SETSIGDEF) != 0 && (spawn->defaults >> (i - 1) & 1) != 0;

		if (i == SIGKILL || i == SIGSTOP || velo_sys(__NR_rt_sigaction, i, 0, &action, 8) < 0)
			continue;
		/* handlers of the parent are no functions of the child */
		if (action.handler > 1 || (wanted && action.handler == 1)) {
			velo_zero(&action, sizeof action);
			velo_sys(__NR_rt_sigaction, i, &action, 0, 8);
		}
	}
}

static long prepare(const struct spawn *spawn)
{
	long result = 0;

	reset_signals(spawn);
	if ((spawn->flags & POSIX_SPAWN_SETSCHEDULER) != 0)
		result = velo_sys(__NR_sched_setscheduler, 0, spawn->policy, &spawn->priority, 0);
	else if ((spawn->flags & POSIX_SPAWN_SETSCHEDPARAM) != 0)
		result = velo_sys(__NR_sched_setparam, 0, &spawn->priority, 0, 0);
	if (result >= 0 && (spawn->flags & POSIX_SPAWN_SETSID) != 0)
		result = velo_sys(__NR_setsid, 0, 0, 0, 0);
	if (result >= 0 && (spawn->flags & POSIX_SPAWN_SETPGROUP) != 0)
		result = velo_sys(__NR_setpgid, 0, spawn->group, 0, 0);
	if (result >= 0 && (spawn->flags & POSIX_SPAWN_RESETIDS) != 0) {
		result = velo_sys(__NR_setresuid, -1, velo_sys(__NR_getuid, 0, 0, 0, 0), -1, 0);
		if (result >= 0)
			result = velo_sys(__NR_setresgid, -1, velo_sys(__NR_getgid, 0, 0, 0, 0), -1, 0);
	}
	for (int i = 0; result >= 0 && spawn->actions != NULL && i < spawn->actions->used; i++)
		result = act(&spawn->actions->list[i]);
	if (result >= 0)
		result = velo_sys(__NR_rt_sigprocmask, SIG_SETMASK, &spawn->mask, 0, 8);
	return result < 0 ? result : 0;
}

__attribute__((noreturn, used)) static void child(void *argument)
{
	struct spawn *spawn = argument;
	long result = prepare(spawn);

	if (result == 0)
		result = spawn->search ? velo_exec_search(spawn->name, spawn->arguments, spawn->environment, 0)
		                       : velo_exec(AT_FDCWD, spawn->name, spawn->arguments, spawn->environment, 0);
	spawn->error = velo_exec_error(result);
	for (;;)
		velo_sys(__NR_exit_group, 127, 0, 0, 0);
}

/* clone(2) whose child calls a function on another stack and never comes back. */
static long start(void *stack, struct spawn *spawn)
{
	long flags = CLONE_VM | CLONE_VFORK | SIGCHLD;

#if defined(__x86_64__)
	register long none __asm__("r10") = 0;
	register long tls __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall\n\t"
	                 "test %%rax, %%rax\n\t"
	                 "jnz 1f\n\t"
	                 "mov %[argument], %%rdi\n\t"
	                 "call *%[function]\n\t"
	                 "hlt\n"
	                 "1:"
	                 : "=a"(result)
	                 : "0"(__NR_clone), "D"(flags), "S"(stack), "d"(0L), "r"(none), "r"(tls), [argument] "r"(spawn),
	                   [function] "r"(child)
	                 : "rcx", "r11", "memory", "cc");
	return result;
#else
	register long x8 __asm__("x8") = __NR_clone;
	register long x0 __asm__("x0") = flags;
	register void *x1 __asm__("x1") = stack;
	register long x2 __asm__("x2") = 0;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	__asm__ volatile("svc #0\n\t"
	                 "cbnz x0, 1f\n\t"
	                 "mov x0, %[argument]\n\t"
	                 "blr %[function]\n\t"
	                 "brk #0\n"
	                 "1:"
	                 : "+r"(x0)
	                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), [argument] "r"(spawn), [function] "r"(child)
	                 : "memory", "cc");
	return x0;
#endif
}

/* ---- the parent ---- */

#pragma weak posix_spawnattr_getflags
#pragma weak posix_spawnattr_getpgroup
#pragma weak posix_spawnattr_getsigdefault
#pragma weak posix_spawnattr_getsigmask
#pragma weak posix_spawnattr_getschedparam
#pragma weak posix_spawnattr_getschedpolicy

static void read_attributes(struct spawn *spawn, const posix_spawnattr_t *attributes)
{
	sigset_t set;

	if (attributes == NULL)
		return;
	posix_spawnattr_getflags(attributes, &spawn->flags);
	posix_spawnattr_getpgroup(attributes, &spawn->group);
	posix_spawnattr_getschedparam(attributes, &spawn->priority);
	posix_spawnattr_getschedpolicy(attributes, &spawn->policy);
	posix_spawnattr_getsigdefault(attributes, &set);
	velo_copy(&spawn->defaults, &set, sizeof spawn->defaults);
	if ((spawn->flags & POSIX_SPAWN_SETSIGMASK) != 0) {
		posix_spawnattr_getsigmask(attributes, &set);
		velo_copy(&spawn->mask, &set, sizeof spawn->mask);
	}
}

static int spawn_as(pid_t *pid, const char *name, int search, const posix_spawn_file_actions_t *actions,
                    const posix_spawnattr_t *attributes, char *const *arguments, char *const *environment)
{
	struct spawn spawn = {
		.name = name,
		.search = search,
		.arguments = arguments,
		.environment = environment,
		.actions = (const struct actions *)(const void *)actions,
	};
	uint64_t all = ~(uint64_t)0;
	uint64_t before = 0;
	int kept = errno;
	size_t room = STACK_BYTES;
	long stack;
	long result;

	/* the environment and the arguments are written anew on the child's stack */
	for (char *const *string = environment; string != NULL && *string != NULL; string++)
		room += 2 * sizeof *string;
	for (char *const *string = arguments; string != NULL && *string != NULL; string++)
		room += 8 * sizeof *string;
	stack = velo_sys6(__NR_mmap, 0, (long)room, 3 /* read, write */, 0x20022 /* private, anonymous, stack */, -1, 0);
	if (stack < 0 && stack > -4096)
		return (int)-stack;
	velo_sys(__NR_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
	spawn.mask = before;
	read_attributes(&spawn, attributes);
	result = start((void *)((stack + (long)room) & -16L), &spawn);
	if (result > 0 && spawn.error != 0) {
		while (velo_sys(__NR_wait4, result, 0, 0, 0) == -EINTR)
			;
		result = spawn.error;
	}
	velo_sys(__NR_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof all);
	velo_sys(__NR_munmap, stack, room, 0, 0);
	errno = kept;
	if (result < 0)
		return (int)-result;
	if (pid != NULL)
		*pid = (pid_t)result;
	return 0;
}

VELO_EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
                            const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                            char *const environment[restrict])
{
	return spawn_as(pid, path, 0, actions, attributes, arguments, environment);
}

VELO_EXPORT int posix_spawnp(pid_t *restrict pid, const char *restrict name, const posix_spawn_file_actions_t *restrict actions,
                             const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                             char *const environment[restrict])
{
	return spawn_as(pid, name, 1, actions, attributes, arguments, environment);
}
