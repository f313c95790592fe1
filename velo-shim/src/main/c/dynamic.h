/* The dynamic section of an object that is loaded. */
#ifndef VELO_DYNAMIC_H
#define VELO_DYNAMIC_H

#include "velo.h"

#include <link.h>

/* What an object does not have is NULL. */
struct velo_dynamic {
	uintptr_t base;
	const ElfW(Sym) *symbols;
	const char *strings;
	const uint32_t *gnu_hash;
	const uint32_t *hash;
	const uint16_t *versions;
	const char *rpath;
	const char *runpath;
};

void velo_read_dynamic(const struct link_map *map, struct velo_dynamic *dynamic);

#endif
