/*
 * The two things that differ between the architectures: how a system call is made, and how a clone is made whose child goes on
 * running on another stack. Freestanding: no libc, no data.
 */
#ifndef VELO_SYS_H
#define VELO_SYS_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's own result, -errno on failure; entry 0 of the stub. */
long velo_syscall(long number, long a, long b, long c, long d, long e, long f);

#if defined(__x86_64__)
#define VELO_MACHINE 62 /* EM_X86_64 */

__asm__(".section .text.entry0,\"ax\"\n"
        ".globl velo_syscall\n"
        "velo_syscall:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov 8(%rsp), %r9\n"
        "  syscall\n"
        "  ret\n"
        ".text\n");

/* clone or clone3 with up to three arguments, the rest 0; the child calls start(argument) on its own stack. */
static inline long sys_clone(long number, long a, long b, long c, void (*start)(void *), void *argument)
{
	register long d __asm__("r10") = 0;
	register long e __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall\n\t"
	                 "test %%rax, %%rax\n\t"
	                 "jnz 1f\n\t"
	                 "mov %[argument], %%rdi\n\t"
	                 "call *%[start]\n\t"
	                 "hlt\n"
	                 "1:"
	                 : "=a"(result)
	                 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(d), "r"(e), [argument] "r"(argument), [start] "r"(start)
	                 : "rcx", "r11", "memory", "cc");
	return result;
}

#elif defined(__aarch64__)
#define VELO_MACHINE 183 /* EM_AARCH64 */

__asm__(".section .text.entry0,\"ax\"\n"
        ".globl velo_syscall\n"
        "velo_syscall:\n"
        "  mov x8, x0\n"
        "  mov x0, x1\n"
        "  mov x1, x2\n"
        "  mov x2, x3\n"
        "  mov x3, x4\n"
        "  mov x4, x5\n"
        "  mov x5, x6\n"
        "  svc #0\n"
        "  ret\n"
        ".text\n");

/* clone's fourth and fifth argument stand in another order here; both are 0, so it does not show. */
static inline long sys_clone(long number, long a, long b, long c, void (*start)(void *), void *argument)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	__asm__ volatile("svc #0\n\t"
	                 "cbnz x0, 1f\n\t"
	                 "mov x0, %[argument]\n\t"
	                 "blr %[start]\n\t"
	                 "brk #0\n"
	                 "1:"
	                 : "+r"(x0)
	                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), [argument] "r"(argument), [start] "r"(start)
	                 : "memory", "cc");
	return x0;
}

#else
#error "velo has code for x86-64 and aarch64"
#endif

#define sys(number, a, b, c, d, e, f) \
	velo_syscall((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

enum {
	VELO_ENOENT = 2,
	VELO_EINTR = 4,
	VELO_EIO = 5,
	VELO_ENOEXEC = 8,
	VELO_EACCES = 13,
	VELO_EBUSY = 16,
	VELO_ENODEV = 19,
	VELO_ENOTDIR = 20,
	VELO_EINVAL = 22,
	VELO_ENAMETOOLONG = 36,
	VELO_ELOOP = 40,
	VELO_ETIMEDOUT = 110,
	VELO_ESTALE = 116,
};

enum { SIGNAL_COUNT = 64, SIG_BLOCK_ = 0, SIG_SETMASK_ = 2, SIG_DFL_ = 0, SIG_IGN_ = 1 };

/* struct sigaction as the kernel takes it, the same on both architectures. */
struct signal_action {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

static inline int sys_failed(long result)
{
	return result < 0 && result >= -4095;
}

#endif
