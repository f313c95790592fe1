/*
 * Starts the child section of a plan in a new process that shares the caller's memory until it executes a program (as vfork(2)),
 * so that its cost does not grow with the caller's heap.
 */
#ifndef VELO_SPAWN_H
#define VELO_SPAWN_H

#include "plan.h"

#define CLONE_VM_ 0x00000100ull
#define CLONE_PIDFD_ 0x00001000ull
#define CLONE_VFORK_ 0x00004000ull
#define CLONE_CLEAR_SIGHAND_ 0x100000000ull

enum {
	SIGCHLD_ = 17,
	STACK_SIZE = 32768,
	PROT_READ_WRITE = 3,
	MAP_PRIVATE_ANONYMOUS_STACK = 0x20022,
	P_PID_ = 1,
	WEXITED_ = 4,
	WALL_ = 0x40000000,
	PR_GET_DUMPABLE_ = 3,
	PR_SET_DUMPABLE_ = 4,
	COMMAND_NOT_STARTED = 127,
};

/* struct clone_args, as of Linux 5.3. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

/* The caller's handlers are code that must not run in the child. Done by hand, since clone(2) has no CLONE_CLEAR_SIGHAND. */
static void signals_reset(uint64_t ignored)
{
	struct signal_action action;

	for (int signal = 1; signal <= SIGNAL_COUNT; signal++) {
		if (sys_failed(sys(__NR_rt_sigaction, signal, 0, &action, 8, 0, 0)))
			continue;
		if (ignored >> (signal - 1) & 1)
			action.handler = SIG_IGN_;
		else if (action.handler != SIG_IGN_)
			action.handler = SIG_DFL_;
		action.flags = 0;
		action.restorer = 0;
		action.mask = 0;
		sys(__NR_rt_sigaction, signal, &action, 0, 8, 0, 0);
	}
}

static void plan_child(void *argument)
{
	struct plan *plan = argument;
	long result;

	if (plan->ignored_signals != 0 || (plan->options & PLAN_FORCE_CLONE))
		signals_reset(plan->ignored_signals);
	result = plan_run(plan, plan->setup_count, plan->setup_count + plan->child_count);
	sys(__NR_exit_group, result == 0 ? 0 : COMMAND_NOT_STARTED, 0, 0, 0, 0, 0);
}

static long child_clone3(struct plan *plan, long stack)
{
	struct clone_arguments arguments;

	arguments.flags = CLONE_VM_ | CLONE_VFORK_ | CLONE_PIDFD_ | CLONE_CLEAR_SIGHAND_ | plan->clone_flags;
	arguments.pidfd = (uint64_t)(uintptr_t)&plan->pidfd;
	arguments.child_tid = 0;
	arguments.parent_tid = 0;
	arguments.exit_signal = SIGCHLD_;
	arguments.stack = (uint64_t)stack;
	arguments.stack_size = STACK_SIZE;
	arguments.tls = 0;
	return sys_clone(__NR_clone3, (long)&arguments, sizeof arguments, 0, plan_child, plan);
}

/* Without CLONE_PIDFD where it is not known (before Linux 5.2, emulators): until it is reaped, the pid is as good. */
static long child_clone(struct plan *plan, long stack)
{
	uint64_t flags = CLONE_VM_ | CLONE_VFORK_ | plan->clone_flags | SIGCHLD_;
	long top = stack + STACK_SIZE;
	long pid;

	plan->options |= PLAN_FORCE_CLONE;
	pid = sys_clone(__NR_clone, (long)(flags | CLONE_PIDFD_), top, (long)&plan->pidfd, plan_child, plan);
	if (pid != -VELO_EINVAL)
		return pid;
	pid = sys_clone(__NR_clone, (long)flags, top, 0, plan_child, plan);
	if (!sys_failed(pid))
		plan->pidfd = (int32_t)sys(__NR_pidfd_open, pid, 0, 0, 0, 0, 0);
	return pid;
}

/* What is not to be had by clone3 (ENOSYS or EPERM in containers, EINVAL before Linux 5.5) is tried by clone. */
static long child_start(struct plan *plan, long stack)
{
	long pid;

	if (!(plan->options & PLAN_FORCE_CLONE)) {
		pid = child_clone3(plan, stack);
		if (!sys_failed(pid))
			return pid;
	}
	return child_clone(plan, stack);
}

static void signals_block(struct plan *plan)
{
	uint64_t all = ~0ull;

	sys(__NR_rt_sigprocmask, SIG_SETMASK_, &all, &plan->original_mask, 8, 0, 0);
}

/*
 * Runs the child section; all signals must be blocked, for a handler that ran in the child would run in the caller's memory.
 * Returns the pid, or -errno: of the clone if failed_entry is -1, else of that entry, and then the child is gone and reaped.
 */
static long plan_spawn(struct plan *plan)
{
	long stack = sys(__NR_mmap, 0, STACK_SIZE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_STACK, -1, 0);
	long dumpable = sys(__NR_prctl, PR_GET_DUMPABLE_, 0, 0, 0, 0, 0);
	long pid;

	if (sys_failed(stack))
		return stack;
	pid = child_start(plan, stack);
	sys(__NR_munmap, stack, STACK_SIZE, 0, 0, 0, 0);
	if (sys_failed(pid))
		return pid;
	/* A child that changed its ids has cleared the flag of the memory it shared. */
	if (dumpable == 1 && sys(__NR_prctl, PR_GET_DUMPABLE_, 0, 0, 0, 0, 0) != 1)
		sys(__NR_prctl, PR_SET_DUMPABLE_, 1, 0, 0, 0, 0);
	plan->pid = (int32_t)pid;
	if (plan->failed_entry == PLAN_NO_ENTRY)
		return pid;
	sys(__NR_waitid, P_PID_, pid, 0, WEXITED_ | WALL_, 0, 0);
	sys(__NR_close, plan->pidfd, 0, 0, 0, 0, 0);
	plan->pidfd = -1;
	return -plan->failed_errno;
}

#endif
