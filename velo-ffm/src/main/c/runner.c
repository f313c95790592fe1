/*
 * The program a launch turns into: runs the setup section of a plan in itself, starts the child section, looks after the child
 * until it ends, runs the cleanup section and ends as the child did. The section beside is work for the command's benefit that
 * nothing waits for; a process of its own does it. Where the plan asks for a keeper the cleanup is the work of another, that has
 * no other duty and outlives the runner for it. Holds what must live as long as the command: locks, private
 * namespaces' makers, the duty to clean up. Started as: runner <descriptor of the plan>. Its lifetime is that of the command:
 * it neither outlives it nor asks who its own parent is; a plan may have the child die with it (prctl PR_SET_PDEATHSIG is
 * sound here, where the parent has one thread).
 */
#include "spawn.h"
#include "keeper.h"

enum {
	STATUS_VELO = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	SIGHUP_ = 1,
	SIGKILL_ = 9,
	SIGALRM_ = 14,
	SIGCONT_ = 18,
	SIGSTOP_ = 19,
	WNOHANG_ = 1,
	WUNTRACED_ = 2,
	SEEK_END_ = 2,
	MAP_PRIVATE_ = 2,
	F_GETFD_ = 1,
	F_SETFD_ = 2,
	FD_CLOEXEC_ = 1,
	RLIMIT_CORE_ = 4,
	PR_SET_PDEATHSIG_ = 1,
	POLLIN_ = 1,
	POLLHUP_ = 16,
	POLLNVAL_ = 32,
	CLOCK_MONOTONIC_ = 1,
	MILLION = 1000000,
	SIGNAL_STEP = 10 * MILLION,
	AT_A_TIME = 64, /* what is dealt with before time and life are looked at again: processes of a sandbox can flood their pid 1 */
	STATUS_TIMED_OUT = 124, /* as of timeout(1) */
	SFD_CLOEXEC_ = 02000000,
};

struct poll_descriptor {
	int32_t fd;
	int16_t events, occurred;
};

/* What the runner waits for: always signals, and one more descriptor where there is one. */
struct waiting {
	struct poll_descriptor signals;
	struct poll_descriptor other;
};

/* The beginning of siginfo_t, 128 bytes in all. */
struct signal_info {
	int32_t signal, error, code, padding;
	int32_t sender;
	int32_t rest[27];
};

enum { SI_KERNEL_ = 0x80 };

struct child {
	long pid;
	long beside; /* the process of the section beside, 0 if there is none (any more) */
	int leads_session; /* the runner is the session's leader */
	int ended;
	int status; /* as of wait4, once ended */
	int unreaped; /* there may be more children that ended */
};

static const int64_t at_once[2] = {0, 0};

static long decimal(const char *text)
{
	long value = 0;

	if (*text == 0)
		return -1;
	for (; *text != 0; text++) {
		if (*text < '0' || *text > '9' || value > 1000000)
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

static int plan_valid(const struct plan *plan, uint64_t size)
{
	uint64_t entries = (uint64_t)plan->setup_count + plan->child_count + plan->cleanup_count +
	                   plan->beside_count;

	return plan->magic == PLAN_MAGIC && plan->version == PLAN_VERSION && plan->machine == VELO_MACHINE &&
	       plan->size == size && plan->base == 0 &&
	       sizeof *plan + entries * sizeof(struct plan_entry) <= size &&
	       plan->relocations + (uint64_t)plan->relocation_count * sizeof(uint32_t) <= size;
}

static struct plan *plan_load(long fd)
{
	long size = sys(__NR_lseek, fd, 0, SEEK_END_, 0, 0, 0);
	long address;

	if (size < (long)sizeof(struct plan))
		return 0;
	address = sys(__NR_mmap, 0, size, PROT_READ_WRITE, MAP_PRIVATE_, fd, 0);
	sys(__NR_close, fd, 0, 0, 0, 0, 0);
	if (sys_failed(address) || !plan_valid((struct plan *)address, (uint64_t)size))
		return 0;
	plan_relocate((struct plan *)address);
	return (struct plan *)address;
}

/* The status of a shell: 127 for a program that is not there, 126 for one that does not run; the rest is Velo's own failure. */
static int failure_status(struct plan *plan)
{
	const struct plan_entry *entry = &plan_entries(plan)[plan->failed_entry];

	if (!(entry->flags & ENTRY_EXECUTES))
		return STATUS_VELO;
	if (plan->failed_errno == VELO_ENOENT && !(entry->flags & ENTRY_AFTER_ENOEXEC))
		return STATUS_NOT_FOUND;
	return STATUS_NOT_EXECUTABLE;
}

/*
 * Starts the section beside, once the command runs. By fork, which costs little in a program of a few kilobytes: what the section
 * notes in the plan stays its own. Its messages would be nobody's, and it ends with the runner at the latest.
 */
static long beside_start(struct plan *plan)
{
	uint32_t first = plan->setup_count + plan->child_count + plan->cleanup_count;
	long pid;

	if (plan->beside_count == 0)
		return 0;
	pid = sys(__NR_clone, SIGCHLD_, 0, 0, 0, 0, 0);
	if (pid != 0)
		return sys_failed(pid) ? 0 : pid;
	sys(__NR_prctl, PR_SET_PDEATHSIG_, SIGKILL_, 0, 0, 0, 0);
	sys(__NR_close, STDERR_, 0, 0, 0, 0, 0);
	plan_run(plan, first, first + plan->beside_count);
	leave(0);
}

static void beside_end(const struct child *child)
{
	if (child->beside == 0)
		return;
	sys(__NR_kill, child->beside, SIGKILL_, 0, 0, 0, 0);
	sys(__NR_wait4, child->beside, 0, WALL_, 0, 0, 0);
}

/*
 * Lets go of everything the runner was given for the command, so that a reader of the command's output sees its end when the
 * command closes it, and a writer to its input gets EPIPE. What the plan's setup marked close-on-exec is the runner's own (locks),
 * and 2 stays for messages. Descriptors past the usual limit of 1024 stay too, until the runner ends right after the command.
 */
static void descriptors_release(void)
{
	struct poll_descriptor each[INHERITED_DESCRIPTORS];

	for (int fd = 0; fd < INHERITED_DESCRIPTORS; fd++)
		each[fd] = (struct poll_descriptor){fd, 0, 0};
	/* one call tells which are open; where it fails, for a limit of fewer descriptors, each is asked for */
	sys(__NR_ppoll, each, INHERITED_DESCRIPTORS, at_once, 0, 8, 0);
	for (int fd = 0; fd < INHERITED_DESCRIPTORS; fd++) {
		long flags;

		if (fd == 2 || (each[fd].occurred & POLLNVAL_))
			continue;
		flags = sys(__NR_fcntl, fd, F_GETFD_, 0, 0, 0, 0);
		if (!sys_failed(flags) && !(flags & FD_CLOEXEC_))
			sys(__NR_close, fd, 0, 0, 0, 0, 0);
	}
}

/*
 * The child is in the runner's own process group and has its terminal: what the kernel sends to the group reached it already.
 * Alone to the runner come a hang-up if it leads the session, and an alarm set before it was started.
 */
static int signal_is_for_child(const struct signal_info *info, const struct child *child)
{
	if (info->code > 0)
		return info->code == SI_KERNEL_ &&
		       (info->signal == SIGALRM_ ||
		        (child->leads_session && (info->signal == SIGHUP_ || info->signal == SIGCONT_)));
	return info->sender != child->pid;
}

static uint64_t signal_bit(int signal)
{
	return 1ull << (signal - 1);
}

/* Takes one of these signals; without waiting if there is a (zero) time limit. */
static long signal_take(uint64_t signals, struct signal_info *info, const int64_t *limit)
{
	return sys(__NR_rt_sigtimedwait, &signals, info, limit, 8, 0, 0);
}

/* The child stopped: the shell waits for the runner, so that stops as well. Not if somebody has continued both meanwhile. */
static void stop_with(const struct child *child)
{
	struct signal_info info;

	if (signal_take(signal_bit(SIGCONT_), &info, at_once) != SIGCONT_)
		sys(__NR_kill, sys(__NR_getpid, 0, 0, 0, 0, 0, 0), SIGSTOP_, 0, 0, 0, 0);
	sys(__NR_kill, child->pid, SIGCONT_, 0, 0, 0, 0);
}

/* Takes note of children that ended or stopped; strangers are there only if the runner is pid 1 or a subreaper. */
static void reap(struct child *child)
{
	int status = 0;
	long pid = 1;

	for (int i = 0; i < AT_A_TIME; i++) {
		pid = sys(__NR_wait4, -1, &status, WNOHANG_ | WUNTRACED_ | WALL_, 0, 0, 0);
		if (pid <= 0)
			break;
		if (pid == child->beside && (status & 0xff) != 0x7f)
			child->beside = 0;
		if (pid != child->pid)
			continue;
		if ((status & 0xff) == 0x7f) {
			stop_with(child);
		} else {
			child->status = status;
			child->ended = 1;
		}
	}
	child->unreaped = pid > 0;
}

/*
 * Takes signals that are there, and passes on those that are the child's. That children ended is found out without their signal: others
 * of a lower number, taken first, could keep it waiting for ever.
 */
static void signals_pass(struct child *child)
{
	struct signal_info info;

	for (int i = 0; i < AT_A_TIME; i++) {
		long signal = signal_take(~0ull, &info, at_once);

		if (signal <= 0)
			break;
		if (signal != SIGCHLD_ && signal_is_for_child(&info, child) && !child->ended)
			sys(__NR_kill, child->pid, signal, 0, 0, 0, 0);
	}
	reap(child);
}

/* All signals become readable, so that they can be waited for beside something else; they are still taken as signals. */
static int signals_open(void)
{
	uint64_t all = ~0ull;

	return (int)sys(__NR_signalfd4, -1, &all, sizeof all, SFD_CLOEXEC_, 0, 0);
}

static int64_t now_millis(void)
{
	int64_t time[2] = {0, 0};

	sys(__NR_clock_gettime, CLOCK_MONOTONIC_, time, 0, 0, 0, 0);
	return time[0] * 1000 + time[1] / MILLION;
}

/* Waits for a signal, the other descriptor or this moment (0: none), and passes the signals on: 0 if the time is over. */
static int wait_for(struct waiting *waiting, struct child *child, int64_t until)
{
	int64_t left[2] = {0, 0};

	if (until != 0) {
		int64_t millis = until - now_millis();

		if (millis <= 0)
			return 0;
		left[0] = millis / 1000;
		left[1] = millis % 1000 * MILLION;
	}
	/* without a descriptor for them, signals are looked at in steps */
	if (waiting->signals.fd < 0 && (until == 0 || left[0] != 0 || left[1] > SIGNAL_STEP)) {
		left[0] = 0;
		left[1] = SIGNAL_STEP;
	}
	waiting->other.occurred = 0;
	if (child->unreaped)
		left[0] = left[1] = 0;
	sys(__NR_ppoll, waiting, 2, until == 0 && waiting->signals.fd >= 0 && !child->unreaped ? 0 : left, 0, 8, 0);
	signals_pass(child);
	return 1;
}

/*
 * All signals are blocked; returns when the child has ended. Where its time is over, or nobody holds the pipe of its life any more, the
 * runner, which is pid 1 then, ends, and with it the kernel ends all processes of the namespace.
 */
static void supervise(struct plan *plan, struct child *child, int64_t started)
{
	struct waiting waiting = {{signals_open(), POLLIN_, 0}, {plan->life, POLLIN_, 0}};
	int64_t until = plan->time_limit == 0 ? 0 : started + plan->time_limit;

	reap(child);
	while (!child->ended) {
		if (!wait_for(&waiting, child, until)) {
			report_sentence(plan, plan->time_failure);
			leave(STATUS_TIMED_OUT);
		}
		if (waiting.other.occurred & POLLHUP_)
			leave(STATUS_VELO);
	}
}

/*
 * Waits until the command says that it is ready: 1, or 0 if it let go of the pipe without that, or takes too long. What it was
 * started with did not take effect then, and it would run as if nothing were shown to it.
 */
static int ready_wait(const struct plan *plan, struct child *child)
{
	struct waiting waiting = {{signals_open(), POLLIN_, 0}, {plan->ready_read, POLLIN_, 0}};
	int64_t until = now_millis() + plan->ready_limit;
	char byte = 0;

	while (waiting.other.occurred == 0)
		if (!wait_for(&waiting, child, until))
			break;
	sys(__NR_close, waiting.signals.fd, 0, 0, 0, 0, 0);
	return waiting.other.occurred != 0 && sys(__NR_read, plan->ready_read, &byte, 1, 0, 0, 0) == 1 && byte == '1';
}

/* The command is ended, if it has not ended by itself: it must not go on without what it was to be shown. */
static int is_ready(struct plan *plan, struct child *child)
{
	int ready;

	if (plan->ready_read < 0)
		return 1;
	/* so that the pipe ends with the command's hold on it */
	sys(__NR_close, plan->ready_write, 0, 0, 0, 0, 0);
	ready = ready_wait(plan, child);
	sys(__NR_close, plan->ready_read, 0, 0, 0, 0, 0);
	if (ready)
		return 1;
	report_sentence(plan, plan->ready_failure);
	if (!child->ended) {
		sys(__NR_kill, child->pid, SIGKILL_, 0, 0, 0, 0);
		sys(__NR_wait4, child->pid, 0, WALL_, 0, 0, 0);
	}
	return 0;
}

/* Dies of the same signal, without a core of its own: with dumpable cleared no core_pattern program is started either. */
static void die_of(int signal)
{
	uint64_t mask = signal_bit(signal);
	struct signal_action action = {SIG_DFL_, 0, 0, 0};
	uint64_t no_core[2] = {0, 0};

	sys(__NR_prlimit64, 0, RLIMIT_CORE_, no_core, 0, 0, 0);
	sys(__NR_prctl, PR_SET_DUMPABLE_, 0, 0, 0, 0, 0);
	sys(__NR_rt_sigaction, signal, &action, 0, 8, 0, 0);
	mask = ~mask;
	sys(__NR_rt_sigprocmask, SIG_SETMASK_, &mask, 0, 8, 0, 0);
	sys(__NR_kill, sys(__NR_getpid, 0, 0, 0, 0, 0, 0), signal, 0, 0, 0, 0);
}

static _Noreturn void end_as(int status)
{
	int signal = status & 0x7f;

	if (signal == 0)
		leave(status >> 8 & 0xff);
	die_of(signal);
	leave(128 + signal); /* pid 1 of a namespace survives its own signals */
}

/* A parent that ignores SIGCHLD would have its children reaped unseen: the child alone gets that back. */
static void children_keep(struct plan *plan)
{
	struct signal_action action = {SIG_DFL_, 0, 0, 0};
	struct signal_action before;

	if (!sys_failed(sys(__NR_rt_sigaction, SIGCHLD_, &action, &before, 8, 0, 0)) && before.handler == SIG_IGN_)
		plan->ignored_signals |= signal_bit(SIGCHLD_);
}

static _Noreturn void give_up(struct plan *plan, struct keeper *keeper, int status)
{
	finish(plan, keeper);
	leave(status);
}

static _Noreturn void run(struct plan *plan)
{
	struct child child = {0, 0, 0, 0, 0, 0};
	struct keeper keeper = {0, -1};
	int64_t started = now_millis();
	long kept;

	children_keep(plan);
	/* not for the command */
	if (plan->life >= 0)
		sys(__NR_fcntl, plan->life, F_SETFD_, FD_CLOEXEC_, 0, 0, 0);
	kept = plan->options & PLAN_KEEPER ? keeper_start(plan, &keeper) : 0;
	if (kept < 0) {
		report_keeper(plan, -kept);
		leave(STATUS_VELO);
	}
	/* Signals keep their effect during the setup: who waits for a lock can be interrupted. */
	if (plan_run(plan, 0, plan->setup_count) != 0) {
		report_entry(plan);
		give_up(plan, &keeper, STATUS_VELO);
	}
	signals_block(plan);
	child.pid = plan_spawn(plan);
	if (child.pid < 0 && plan->failed_entry == PLAN_NO_ENTRY) {
		report_spawn(plan, -child.pid);
		give_up(plan, &keeper, STATUS_VELO);
	}
	if (child.pid < 0) {
		report_entry(plan);
		give_up(plan, &keeper, failure_status(plan));
	}
	sys(__NR_close, plan->pidfd, 0, 0, 0, 0, 0);
	/* before the rest is let go of: who waits for the start to succeed is told of this failure as of others */
	if (!is_ready(plan, &child))
		give_up(plan, &keeper, STATUS_VELO);
	descriptors_release();
	child.beside = beside_start(plan);
	child.leads_session = sys(__NR_getsid, 0, 0, 0, 0, 0, 0) == sys(__NR_getpid, 0, 0, 0, 0, 0, 0);
	supervise(plan, &child, started);
	beside_end(&child);
	finish(plan, &keeper);
	end_as(child.status);
}

__attribute__((used)) _Noreturn void runner_main(long *stack)
{
	long argc = stack[0];
	const char **argv = (const char **)(stack + 1);
	struct plan *plan = 0;

	sys(__NR_prctl, PR_SET_NAME_, "velo-runner", 0, 0, 0, 0);
	if (argc >= 2)
		plan = plan_load(decimal(argv[1]));
	if (plan == 0) {
		report_text("velo: the runner's argument is no descriptor of a plan for this machine\n");
		leave(STATUS_VELO);
	}
	run(plan);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call runner_main\n  hlt\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n  mov x29, #0\n  mov x30, #0\n  mov x0, sp\n  bl runner_main\n  brk #0\n");
#endif
