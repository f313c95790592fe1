/*
 * The code behind every system call that Velo makes. Freestanding, position-independent, no data. Its entries have the shape of
 * seven longs to one; stub.lds puts them at fixed offsets:
 *
 *  0  velo_syscall: number and six arguments, the kernel's own result
 * 64  velo_spawn:   the address of a plan; see spawn.h
 */
#include "spawn.h"

__attribute__((section(".text.entry64"))) long velo_spawn(struct plan *plan)
{
	long result;

	plan_relocate(plan);
	signals_block(plan);
	result = plan_spawn(plan);
	sys(__NR_rt_sigprocmask, SIG_SETMASK_, &plan->original_mask, 0, 8, 0, 0);
	return result;
}
