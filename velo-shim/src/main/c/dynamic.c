#include "dynamic.h"

/* glibc has relocated most of these entries, but of objects that it has only just mapped; musl none. */
static const void *pointer(const struct link_map *map, ElfW(Addr) address)
{
	return (const void *)(address < map->l_addr ? map->l_addr + address : address);
}

void velo_read_dynamic(const struct link_map *map, struct velo_dynamic *dynamic)
{
	const ElfW(Dyn) *rpath = NULL;
	const ElfW(Dyn) *runpath = NULL;

	velo_zero(dynamic, sizeof *dynamic);
	dynamic->base = map->l_addr;
	for (const ElfW(Dyn) *entry = map->l_ld; entry != NULL && entry->d_tag != DT_NULL; entry++) {
		switch (entry->d_tag) {
		case DT_SYMTAB:
			dynamic->symbols = pointer(map, entry->d_un.d_ptr);
			break;
		case DT_STRTAB:
			dynamic->strings = pointer(map, entry->d_un.d_ptr);
			break;
		case DT_GNU_HASH:
			dynamic->gnu_hash = pointer(map, entry->d_un.d_ptr);
			break;
		case DT_HASH:
			dynamic->hash = pointer(map, entry->d_un.d_ptr);
			break;
		case DT_VERSYM:
			dynamic->versions = pointer(map, entry->d_un.d_ptr);
			break;
		case DT_RPATH:
			rpath = entry;
			break;
		case DT_RUNPATH:
			runpath = entry;
			break;
		default:
			break;
		}
	}
	if (dynamic->strings != NULL && rpath != NULL)
		dynamic->rpath = dynamic->strings + rpath->d_un.d_val;
	if (dynamic->strings != NULL && runpath != NULL)
		dynamic->runpath = dynamic->strings + runpath->d_un.d_val;
}
