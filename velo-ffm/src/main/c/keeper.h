/*
 * How a runner ends its work. The cleanup section is its own duty or, where the plan asks for that, the keeper's: a process that
 * is made before there is anything to clean up, knows by the end of a pair of sockets that the runner is no more, and so cleans up
 * after one that was killed, too.
 */
#ifndef VELO_KEEPER_H
#define VELO_KEEPER_H

#include "spawn.h"
#include "report.h"

enum {
	PR_SET_NAME_ = 15,
	AF_UNIX_ = 1,
	SOCK_STREAM_CLOEXEC = 02000001,
	INHERITED_DESCRIPTORS = 1024,
};

struct keeper {
	long pid; /* 0 if the plan asks for none */
	int end; /* of a pair of sockets, open as long as the runner lives and has not finished */
};

static _Noreturn void leave(int status)
{
	for (;;)
		sys(__NR_exit_group, status, 0, 0, 0, 0, 0);
}

static void cleanup(struct plan *plan)
{
	uint32_t first = plan->setup_count + plan->child_count;

	for (uint32_t i = first; i < first + plan->cleanup_count; i++)
		/* told nowhere else: what stays busy stays behind */
		if (plan_run(plan, i, i + 1) == -VELO_EBUSY && (plan_entries(plan)[i].flags & ENTRY_RETRY_BUSY))
			report_entry(plan);
}

static int byte_pass(long number, int fd)
{
	char byte = 0;
	long result;

	do
		result = sys(number, fd, &byte, 1, 0, 0, 0);
	while (result == -VELO_EINTR);
	return result == 1;
}

/* Descriptors that the keeper held would keep a reader of the command's output waiting: what is left is the pair's end, as 0, and 2. */
static void descriptors_close_but(int end)
{
	sys(__NR_dup3, end, 0, 0, 0, 0, 0);
	sys(__NR_close, STDERR_ - 1, 0, 0, 0, 0, 0);
	if (sys_failed(sys(__NR_close_range, STDERR_ + 1, ~0u, 0, 0, 0, 0)))
		for (int fd = STDERR_ + 1; fd < INHERITED_DESCRIPTORS; fd++)
			sys(__NR_close, fd, 0, 0, 0, 0, 0);
}

/* All signals are blocked. In a session of its own, so that what ends the runner's process group does not end the keeper. */
static _Noreturn void keep(struct plan *plan, int end)
{
	sys(__NR_prctl, PR_SET_NAME_, "velo-keeper", 0, 0, 0, 0);
	sys(__NR_setsid, 0, 0, 0, 0, 0, 0);
	descriptors_close_but(end);
	byte_pass(__NR_write, 0);
	/* until the runner has closed its end, or is no more; messages come this way if the runner was started without an error stream */
	while (byte_pass(__NR_read, 0))
		;
	cleanup(plan);
	leave(0);
}

/*
 * Forks the keeper, before there is anything to clean up, and waits until nothing but SIGKILL can end it. 0, or -errno. Its
 * signals are blocked from its first instruction on.
 */
static long keeper_start(struct plan *plan, struct keeper *keeper)
{
	int32_t ends[2];
	uint64_t all = ~0ull;
	uint64_t before;
	long result = sys(__NR_socketpair, AF_UNIX_, SOCK_STREAM_CLOEXEC, 0, ends, 0, 0);

	if (sys_failed(result))
		return result;
	sys(__NR_rt_sigprocmask, SIG_SETMASK_, &all, &before, 8, 0, 0);
	result = sys(__NR_clone, SIGCHLD_, 0, 0, 0, 0, 0);
	if (result == 0)
		keep(plan, ends[1]);
	sys(__NR_rt_sigprocmask, SIG_SETMASK_, &before, 0, 8, 0, 0);
	sys(__NR_close, ends[1], 0, 0, 0, 0, 0);
	keeper->pid = result;
	keeper->end = ends[0];
	if (sys_failed(result))
		return result;
	return byte_pass(__NR_read, ends[0]) ? 0 : -VELO_EIO;
}

/* Has the cleanup carried out, by who has that duty. If the keeper was killed, it is the runner's again. */
static void finish(struct plan *plan, struct keeper *keeper)
{
	int status = 0;
	long ended;

	if (keeper->pid > 0) {
		sys(__NR_close, keeper->end, 0, 0, 0, 0, 0);
		do
			ended = sys(__NR_wait4, keeper->pid, &status, WALL_, 0, 0, 0);
		while (ended == -VELO_EINTR);
		if (ended == keeper->pid && status == 0)
			return;
	}
	cleanup(plan);
}

#endif
