/*
 * A plan: a table of system calls as data, and the one loop that runs it.
 *
 * header | entries: setup, child, cleanup, beside | data | relocations
 *
 * Little-endian, sections aligned to 8. A stored plan holds offsets from its own start where a running one has addresses; the
 * relocation table lists the 8-byte fields concerned. PlanLayout.java declares the same layout, and a test compares the two.
 */
#ifndef VELO_PLAN_H
#define VELO_PLAN_H

#include "sys.h"

#define PLAN_MAGIC 0x4e414c504f4c4556ull /* "VELOPLAN" */
#define PLAN_VERSION 4
#define PLAN_NO_ENTRY (-1)

/* Options of a plan. */
#define PLAN_FORCE_CLONE 1 /* do not try clone3: the way of a container that forbids it */
#define PLAN_KEEPER 2      /* the cleanup section is run by a process that outlives the runner */

/* Flags of an entry. */
#define ENTRY_IGNORE 1         /* errors do not matter */
#define ENTRY_TRY 2            /* one candidate of a search for a program, as in execvp(3) */
#define ENTRY_AFTER_ENOEXEC 4  /* only if the call before failed with ENOEXEC */
#define ENTRY_RETRY_EINTR 8    /* again after EINTR */
#define ENTRY_WHOLE 16         /* a result other than the third argument is an error: short writes */
#define ENTRY_EXECUTES 32      /* a failure says that the command cannot be run: 126 or 127, not 125 */
#define ENTRY_RETRY_BUSY 64    /* again after EBUSY, every millisecond for five seconds */

#define BUSY_RETRIES 5000

struct plan_entry {
	uint32_t number;
	uint16_t flags;
	uint8_t results;         /* bit i: argument i is the index of the entry whose result is meant */
	uint8_t argument_count;  /* for printing */
	int64_t argument[6];
	uint32_t name;           /* offset of the call's name */
	uint32_t path;           /* offset of a text for reports, 0 if none */
	uint32_t what;           /* offset of a sentence for reports, 0 if none */
	uint32_t requires;       /* index + 1 of the entry that must have succeeded, 0 if none */
	int64_t result;          /* state: -1 until run */
};

struct plan {
	uint64_t magic;
	uint32_t version;
	uint32_t machine;        /* as in ELF: system call numbers belong to an architecture */
	uint32_t size;
	uint32_t setup_count;
	uint32_t child_count;
	uint32_t cleanup_count;
	uint32_t beside_count;
	uint32_t relocations;    /* offset of their positions, 4 bytes each */
	uint32_t relocation_count;
	uint32_t errno_texts;    /* offset of: count, then that many offsets of texts, 0 for a gap */
	uint32_t prefix;         /* offset of what a message begins with */
	uint32_t options;
	int32_t ready_read;      /* the pipe in which the command says that it is ready, with the byte '1'; -1 if nobody asks */
	int32_t ready_write;     /* its other end, which the command inherits */
	uint32_t ready_limit;    /* milliseconds to wait for that */
	uint32_t ready_failure;  /* offset of what is told where it does not */
	int32_t life;            /* a pipe whose end ends the runner, which is pid 1, and with it all processes; -1 if there is none */
	uint32_t time_limit;     /* milliseconds after which the command is ended, 0 if there is none; for pid 1 too */
	uint32_t time_failure;   /* offset of what is told then */
	uint32_t reserved;
	uint64_t clone_flags;    /* beyond those of every spawn: namespaces */
	uint64_t ignored_signals; /* bit n - 1: the child ignores signal n */
	int32_t failed_entry;    /* state from here on: -1, or the entry that failed */
	int32_t failed_errno;
	int32_t pid;
	int32_t pidfd;
	uint64_t base;           /* the address this plan was relocated to, 0 if not yet */
	uint64_t original_mask;  /* the signal mask of the caller */
};

#define PLAN_OFFSET(type, field, offset) _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)
PLAN_OFFSET(plan_entry, argument, 8);
PLAN_OFFSET(plan_entry, name, 56);
PLAN_OFFSET(plan_entry, requires, 68);
PLAN_OFFSET(plan_entry, result, 72);
_Static_assert(sizeof(struct plan_entry) == 80, "an entry has 80 bytes");
PLAN_OFFSET(plan, size, 16);
PLAN_OFFSET(plan, relocations, 36);
PLAN_OFFSET(plan, ready_read, 56);
PLAN_OFFSET(plan, life, 72);
PLAN_OFFSET(plan, clone_flags, 88);
PLAN_OFFSET(plan, failed_entry, 104);
PLAN_OFFSET(plan, base, 120);
PLAN_OFFSET(plan, original_mask, 128);
_Static_assert(sizeof(struct plan) == 136, "a header has 136 bytes");

static inline struct plan_entry *plan_entries(struct plan *plan)
{
	return (struct plan_entry *)(plan + 1);
}

/* Turns offsets into addresses, once. */
static void plan_relocate(struct plan *plan)
{
	const uint32_t *position = (const uint32_t *)((char *)plan + plan->relocations);

	if (plan->base != 0)
		return;
	for (uint32_t i = 0; i < plan->relocation_count; i++)
		*(uint64_t *)((char *)plan + position[i]) += (uint64_t)(uintptr_t)plan;
	plan->base = (uint64_t)(uintptr_t)plan;
}

static long entry_argument(struct plan *plan, const struct plan_entry *entry, int i)
{
	return entry->results >> i & 1 ? plan_entries(plan)[entry->argument[i]].result : entry->argument[i];
}

/* A millisecond, as often as a call may be made again: 0 when it has been that often. */
static int busy_wait(int *count)
{
	int64_t millisecond[2] = {0, 1000000};

	if (++*count > BUSY_RETRIES)
		return 0;
	sys(__NR_nanosleep, millisecond, 0, 0, 0, 0, 0);
	return 1;
}

static long entry_call(struct plan *plan, const struct plan_entry *entry)
{
	long a[6];
	int busy = 0;
	long result;

	for (int i = 0; i < 6; i++)
		a[i] = entry_argument(plan, entry, i);
	do
		result = sys(entry->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	while ((result == -VELO_EINTR && (entry->flags & ENTRY_RETRY_EINTR)) ||
	       (result == -VELO_EBUSY && (entry->flags & ENTRY_RETRY_BUSY) && busy_wait(&busy)));
	if ((entry->flags & ENTRY_WHOLE) && result >= 0 && result != a[2])
		return -VELO_EIO;
	return result;
}

/* Whether a search goes on to the next candidate; execvp(3) has the list. ENOEXEC goes on to the shell. */
static int search_continues(long error)
{
	return error == -VELO_ENOENT || error == -VELO_EACCES || error == -VELO_ENOTDIR || error == -VELO_ENOEXEC ||
	       error == -VELO_ENAMETOOLONG || error == -VELO_ELOOP || error == -VELO_ESTALE || error == -VELO_ENODEV ||
	       error == -VELO_ETIMEDOUT;
}

/* Of two failed candidates the one that says more: a denied one, then a missing one, then the later. */
static int search_prefers(long before, long now)
{
	if (before == -VELO_EACCES)
		return 0;
	return before != -VELO_ENOENT || now == -VELO_ENOENT || now == -VELO_EACCES;
}

static long plan_fail(struct plan *plan, uint32_t index)
{
	plan->failed_entry = (int32_t)index;
	plan->failed_errno = (int32_t)-plan_entries(plan)[index].result;
	return plan_entries(plan)[index].result;
}

static int entry_due(struct plan *plan, const struct plan_entry *entry, long previous)
{
	if (entry->requires != 0 && plan_entries(plan)[entry->requires - 1].result < 0)
		return 0;
	return !(entry->flags & ENTRY_AFTER_ENOEXEC) || previous == -VELO_ENOEXEC;
}

/* Runs the entries [first, end): 0, or -errno with the failure in the header. */
static long plan_run(struct plan *plan, uint32_t first, uint32_t end)
{
	struct plan_entry *entries = plan_entries(plan);
	long candidate = PLAN_NO_ENTRY; /* the failed candidate of a search to be reported if none succeeds */
	long previous = 0;

	for (uint32_t i = first; i < end; i++) {
		struct plan_entry *entry = &entries[i];

		if (candidate != PLAN_NO_ENTRY && !(entry->flags & (ENTRY_TRY | ENTRY_AFTER_ENOEXEC)))
			break;
		if (!entry_due(plan, entry, previous))
			continue;
		entry->result = previous = entry_call(plan, entry);
		if (!sys_failed(previous) || (entry->flags & ENTRY_IGNORE))
			continue;
		if (!(entry->flags & ENTRY_TRY) || !search_continues(previous))
			return plan_fail(plan, i);
		if (candidate == PLAN_NO_ENTRY || search_prefers(entries[candidate].result, previous))
			candidate = (long)i;
	}
	return candidate == PLAN_NO_ENTRY ? 0 : plan_fail(plan, (uint32_t)candidate);
}

#endif
