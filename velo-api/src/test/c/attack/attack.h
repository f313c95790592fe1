/*
 * Attacks on a sandbox, one a name, for a program that stands in a tree of a stranger's. An attack says whether it succeeded; anything
 * that keeps it from being tried says that the test is broken.
 */
#ifndef ATTACK_H
#define ATTACK_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum result {
	SUCCEEDED = 0,
	REFUSED = 1,
	BROKEN = 2,
};

struct attack {
	const char *name;
	enum result (*run)(char **words); /* what stands after the name, up to a null */
};

extern const struct attack file_attacks[], process_attacks[], kernel_attacks[], load_attacks[], store_attacks[];

static inline enum result succeeded_if(int yes)
{
	return yes ? SUCCEEDED : REFUSED;
}

/* Of a system call. */
static inline enum result outcome(long result)
{
	return succeeded_if(result >= 0);
}

static inline enum result broken(const char *what)
{
	fprintf(stderr, "attack: %s: %s\n", what, strerror(errno));
	return BROKEN;
}

/* The status of a child that runs this attack, so that what it does to itself does not count for the next. */
enum result apart(enum result (*run)(char **words), char **words);

#endif
