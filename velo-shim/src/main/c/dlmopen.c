/*
 * dlmopen(3) into a new namespace: the loader asks no auditor where its first library is, so it is told here, and the audit library
 * of what it is told. Everything else goes through the auditor; a wrapper of dlopen would change whose RUNPATH counts.
 */
#include "wrap.h"

#include <dirent.h>
#include <stdatomic.h>

enum { NEW_NAMESPACE = -1 };

/* Known by this name to the audit library. */
__attribute__((visibility("protected"))) struct velo_library velo_shim_opening;

static _Atomic int taken;

WRAP(void *, dlmopen, long namespace, const char *file, int mode)
{
	struct velo_place place;
	int in_tree = namespace == NEW_NAMESPACE && file && velo_locate(&place, AT_FDCWD, file, VELO_FOLLOW) && !place.error
	              && velo_type(place.slot) == DT_REG;
	void *library;

	for (const char *letter = file; in_tree && *letter != '/'; letter++)
		in_tree = *letter != 0;
	if (!BEHIND(dlmopen)) {
		velo_lacks();
		return NULL;
	}
	if (!in_tree)
		return BEHIND(dlmopen)(namespace, file, mode);
	while (atomic_exchange(&taken, 1))
		velo_sys(__NR_sched_yield, 0, 0, 0, 0);
	if (velo_library_of(place.slot, &velo_shim_opening) == 0)
		file = velo_shim_opening.path;
	library = BEHIND(dlmopen)(namespace, file, mode);
	velo_shim_opening.path[0] = 0;
	atomic_store(&taken, 0);
	return library;
}
