/*
 * The preload shim from the inside: what its files offer each other.
 *
 * Three kinds of paths are told apart by velo_locate. VELO_VIEW: the path leads into the tree, and is answered from the mapped
 * image. VELO_REAL: it does not, and is handed on, perhaps written anew where it came out of the tree by a link or by "..".
 * VELO_MAYBE: handed on as well, but when the kernel then finds nothing there, a symbolic link on the way may have pointed into
 * the tree; velo_again decides.
 *
 * Rules for every function here: no allocation, no lock, no libc call, and no system call where the comment does not say so;
 * safe in a signal handler, after fork, between vfork and exec, and before libc's own constructors have run. Results are
 * 0 or more, or -errno; only the exported wrappers touch errno.
 */
#ifndef VELO_H
#define VELO_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "sys.h"

/* A libc has to be there, but nothing of it is asked for by the linker. */
#pragma weak __errno_location

extern char **environ __attribute__((weak));

#define VELO_EXPORT __attribute__((visibility("default")))
#define VELO_COLD __attribute__((cold, noinline))

enum { VELO_PATH_MAX = 4096, VELO_NAME_MAX = 255 };

/*
 * What stands at one path of the tree: the number of the path's slot in the image's table. Two names of one inode are two slots.
 * VELO_ROOT is the root of the tree. A directory that is only there because the tree appears below it, and does not exist for
 * real, is VELO_ABOVE plus the length of its path.
 */
typedef uint32_t velo_slot;

#define VELO_NO_SLOT UINT32_MAX
#define VELO_ROOT (UINT32_MAX - 1)
#define VELO_ABOVE 0x80000000u

/* What lies so deep that no path of the table leads to it: VELO_NODE plus the number of its inode. It has no path that is known. */
#define VELO_NODE 0x40000000u

static inline int velo_is_node(velo_slot slot)
{
	return (slot & ~(VELO_NODE - 1)) == VELO_NODE;
}

static inline int velo_is_above(velo_slot slot)
{
	return slot >= VELO_ABOVE && slot < VELO_ROOT;
}

/* ---- image.c: the mapped image ---- */

struct velo_inode {
	uint32_t nid;
	uint32_t mode; /* as st_mode */
	uint32_t nlink;
	uint32_t uid;
	uint32_t gid;
	uint32_t nsec;
	int64_t mtime;
	uint64_t size;    /* bytes; of a directory, of its list */
	uint32_t blob;    /* 1 + number of the blob, 0 without bytes */
	uint32_t u;       /* i_u: the first block of what is not inline; of a chunked file its form; of a device node its number */
	uint32_t layout;  /* 0 plain, 2 inline, 4 chunks */
	uint32_t xattrs;  /* bytes of the attributes behind the inode, their header included; 0 without */
	uint64_t body;    /* offset of the attributes in the image: the end of the inode itself */
};

struct velo_entry {
	const char *name; /* in the image; not terminated */
	uint32_t length;
	uint32_t nid;
	unsigned char type; /* DT_ of dirent.h */
};

/* Maps and checks an image; 0 or -errno. System calls. */
int velo_image_open(const char *path);
/* The same for an image in memory, which has to stay there. */
int velo_image_use(const unsigned char *base, uint64_t size);
/* The slot of a path that is written as the image writes it (no slash at either end, no empty names, no dots), or VELO_NO_SLOT. */
velo_slot velo_find(const char *path, size_t length);
/* 0, or -EIO for an image that is damaged. */
int velo_inode(velo_slot slot, struct velo_inode *inode);
/* The kind of the inode of a slot, DT_ of dirent.h, without reading the inode. */
unsigned char velo_type(velo_slot slot);
/* The path of a slot in the tree, in the image, not terminated; the root's is empty. Not for VELO_ABOVE and VELO_NODE. */
const char *velo_tree_path(velo_slot slot, size_t *length);
/* The target of a symbolic link, without terminator: its length, or -errno (ENAMETOOLONG if it does not fit). */
long velo_link(const struct velo_inode *inode, char *buffer, size_t size);
/*
 * The entry of a directory at a position, and the position behind it; a directory begins at 0. "." and ".." are listed as any
 * other name. 1, 0 at the end, or -errno. Any position is safe. For VELO_ABOVE, too.
 */
int velo_next_entry(velo_slot directory, uint32_t *position, struct velo_entry *entry);
/* What a directory lists under a name, as VELO_NODE; and the slot of that directory which has this inode. VELO_NO_SLOT if there is none. */
velo_slot velo_child_node(velo_slot directory, const char *name, size_t length);
velo_slot velo_directory_of(velo_slot node);
/*
 * The attribute at a cursor, which begins at 0: 1, 0 at the end, or -EIO. The prefix is a string; name and value stand in the
 * image.
 */
struct velo_attribute {
	const char *prefix;
	const char *name;
	const char *value;
	uint32_t name_length;
	uint32_t value_length;
};
int velo_next_attribute(const struct velo_inode *inode, uint32_t *cursor, struct velo_attribute *attribute);
/* Where bytes of a regular file stand, from an offset that begins at 0: 1, 0 at the end, or -EIO. */
struct velo_extent {
	const char *pack; /* the id of the pack, 64 hexadecimal digits, not terminated */
	uint64_t start;   /* offset in the pack */
	uint64_t offset;  /* offset in the file */
	uint64_t length;
	int hole;
};
int velo_next_extent(const struct velo_inode *inode, uint64_t *offset, struct velo_extent *extent);
/* The SHA-256 of a regular file's bytes, NULL for an empty one. */
const unsigned char *velo_digest(const struct velo_inode *inode);
/* Some directory may not be searched by everybody. */
int velo_has_closed_directories(void);
/* The number of an inode as programs see it; never 0. For VELO_ABOVE slots velo_inode gives it in nid. */
static inline uint64_t velo_ino(uint32_t nid)
{
	return (uint64_t)nid + 1;
}

/* ---- crc32c.c ---- */

/* CRC-32C as EROFS has it, without the final complement, continued from a value. */
uint32_t velo_crc32c(uint32_t crc, const unsigned char *bytes, size_t length);

/* ---- place.c: where a path leads ---- */

enum velo_kind { VELO_REAL, VELO_MAYBE, VELO_VIEW };

struct velo_place {
	enum velo_kind kind;
	/* VELO_VIEW: 0, or the errno (positive) in which the kernel's own walk would end. */
	int error;
	/* With ENOENT: only the last name is missing, in a directory of the view, so that creating it ends in EROFS. */
	int missing;
	/* VELO_VIEW without error. */
	velo_slot slot;
	/* Otherwise: what to hand on. For functions without a descriptor the path alone is enough: it is only changed to an absolute one. */
	int dirfd;
	const char *path;
	unsigned flags;
	char buffer[VELO_PATH_MAX];
};

enum {
	VELO_FOLLOW = 0,
	VELO_NOFOLLOW = 1,   /* a symbolic link as last name is meant itself */
	VELO_EMPTY = 2,      /* an empty path means the descriptor (AT_EMPTY_PATH) */
	VELO_CREATE = 4,     /* the last name may be missing: mkdir, rename, open with O_CREAT …; with VELO_NOFOLLOW it may end in slashes */
};

/*
 * Finds where a path leads that is looked up from a descriptor or AT_FDCWD: 1 if into the tree (VELO_VIEW), else 0. No system
 * call for paths below the tree's place without links; a few where real names have to be looked at.
 */
int velo_locate(struct velo_place *place, int dirfd, const char *path, unsigned flags);
/* After a call on a VELO_MAYBE place ended in this errno: 1 if the path leads into the tree after all. System calls. */
int velo_again(struct velo_place *place, int error);
/* The absolute path of what is at a slot, terminated: its length without the terminator, or -ENAMETOOLONG. */
long velo_full_path(velo_slot slot, char *buffer, size_t size);
/* The same for the working directory where it is in the tree; -ENOENT where it is not. */
long velo_cwd_path(char *buffer, size_t size);
/* The slot of the working directory, VELO_NO_SLOT where it is a real one. */
velo_slot velo_cwd(void);
/* Moves the working directory into the tree. System calls. */
int velo_chdir(velo_slot slot);
/* The same without the kernel's working directory: in the audit library, which learns of it afterwards. */
void velo_chdir_here(velo_slot slot);
/* The working directory was moved to a real one. System calls. */
void velo_cwd_is_real(void);
/* 1 if this process may search (execute) or read the inode as access(2) says it: mode is R_OK, X_OK or both; effective ids. */
int velo_may(const struct velo_inode *inode, int mode);
/* The same with the real ids, as access(2) itself wants it. */
int velo_may_really(const struct velo_inode *inode, int mode);
/*
 * The length of the path of the deepest real directory over the tree's place, if the place does not exist for real: listing that
 * directory must show one name more. 0 if it does. *name is that name.
 */
size_t velo_border(const char **name, size_t *length);

/* What of a path stands behind the tree's place, with its slash; NULL if it does not begin with the place. */
const char *velo_below(const char *path);
/* Looks at the place, which is written as velo_config has it, under another name or NULL, and at the working directory. System calls. */
void velo_place_start(char *at, const char *also);

/* ---- proc.c: the links of /proc ---- */

/* Reads a number that ends in a character; what is behind it, or NULL. */
const char *velo_number(const char *text, char end, int *value);
/* What is behind the folder of this process in /proc, or NULL. A system call if that is by its number. */
const char *velo_proc_own(const char *path);
/* What "cwd", "exe" and "fd/N" there stand for; VELO_NO_SLOT for other names and what is real. */
velo_slot velo_proc_slot(const char *name);

/* ---- process.c: children that run in their parent's memory ---- */

enum { VELO_CHILD_FDS = 32 };

struct velo_child_fd {
	int fd;
	velo_slot slot;
};

/* What a child of vfork has changed for itself. */
struct velo_child {
	_Atomic int pid;
	int moved; /* the working directory is not the parent's any more */
	velo_slot cwd;
	uintptr_t thread;
	int count;
	struct velo_child_fd fds[VELO_CHILD_FDS];
};

/* How many are noted: while it is 0 nobody has to look. */
extern _Atomic int velo_children;

void velo_process_start(void);
/* A system call each. 1 if this is a child in its parent's memory; its notes, NULL if it has none; its notes, made now. */
int velo_is_borrower(void);
struct velo_child *velo_child_find(void);
struct velo_child *velo_child_make(void);

/* ---- fds.c: descriptors that stand for files of the tree ---- */

enum { VELO_FD_LIMIT = 65536 }; /* no descriptor from here on is given out for a file of the tree */

/* What a descriptor stands for; VELO_NO_SLOT for a real one. */
velo_slot velo_fd(int fd);
/* Notes that a descriptor now stands for a slot, or (VELO_NO_SLOT) for something real. */
void velo_fd_set(int fd, velo_slot slot);
/* Where a descriptor of a directory stands in its list; 0 if it is not ours. */
uint32_t velo_fd_position(int fd);
void velo_fd_seek(int fd, uint32_t position);
/* The next descriptor from this one on that may stand for something; -1 if there is none. */
int velo_fd_from(int fd);
/* Closes a descriptor of the tree that was opened here. A system call. */
void velo_fd_close(int fd);
/* Both descriptors stand for the same: after dup. */
void velo_fd_copy(int from, int to);
/* No descriptor of this range stands for anything of the tree. */
void velo_fd_forget(unsigned first, unsigned last);

/* ---- open.c ---- */

/*
 * open(2) of a place in the tree: a descriptor or -errno. Regular files become descriptors of loose inodes of the store, made now
 * if they are missing, or of sealed memory where the store cannot be written; directories and O_PATH become placeholders.
 */
int velo_open(const struct velo_place *place, int flags);
int velo_open_slot(velo_slot slot, int flags);
/* A loose inode with the bytes of a regular file, for reading: a descriptor or -errno; flags are added to O_RDONLY. */
int velo_open_blob(const struct velo_inode *inode, int flags);
/* The path of that loose inode, made if it is missing, or "/proc/self/fd/N" of a new descriptor in memory: 0 or -errno. */
int velo_blob_path(const struct velo_inode *inode, char *buffer, size_t size);
/* The path of a file in a room of the store, which is written "/room/": 0 or -ENAMETOOLONG. */
int velo_store_path(char *buffer, size_t size, const char *room, const char *name, size_t length);
/* The path of a file of the shim's room: 0 or -ENAMETOOLONG. */
int velo_room_path(char *buffer, size_t size, const char *name);

/* ---- blob.c: the bytes of regular files. System calls, but for the first and the last ---- */

/* The digest of a regular file, also of an empty one; NULL for an image that is damaged. */
const unsigned char *velo_blob_digest(const struct velo_inode *inode);
/* Copies the bytes of a regular file into an empty one: 0 or -errno, EBADMSG where they are not those of the digest. */
int velo_fill(long target, const struct velo_inode *inode);
/* Holds the bytes of an open file against the digest: the same. */
int velo_require_right(long file, const struct velo_inode *inode);
/* Whether this value of VELO_VERIFY, NULL where it is not set, asks for that. */
int velo_asks_for_checks(const char *value);

/* ---- library.c ---- */

struct velo_library {
	/* Of the loose inode; as long as shown at least, which is to be written over it. */
	char path[2 * VELO_PATH_MAX];
	/* In the tree. */
	char shown[VELO_PATH_MAX];
};

/* How the loader is told of a library of the tree: 0 or -errno. */
int velo_library_of(velo_slot slot, struct velo_library *library);

/* ---- stat.c ---- */

void velo_fill_stat(const struct velo_inode *inode, struct stat *stat);
/* stat(2) of a place in the tree, and of a slot: 0 or -errno. */
int velo_stat(const struct velo_place *place, struct stat *stat);
int velo_stat_slot(velo_slot slot, struct stat *stat);
/* The device number that everything in the tree has. */
uint64_t velo_device(void);

/* ---- start.c: configuration, and the functions that stand behind ours ---- */

struct velo_config {
	/* 0 until the shim is set up, and for ever where it was started without a tree. */
	int ready;
	/* Absolute, without symbolic links, without slash at the end, terminated. */
	const char *at;
	size_t at_length;
	const char *store;
	size_t store_length;
	/* The folder of "empty" and "lock": the store's own, or one of this user's where that cannot be written. */
	const char *room;
	size_t room_length;
	/*
	 * VELO_VERIFY: the image is held against its checksum, and loose inodes that are there already against their digests, whenever
	 * one is opened.
	 */
	int checks;
	/* The tree's place exists for real, and is shadowed. */
	int shadows;
	/* Length of the deepest part of at that exists for real (0 means "/"). */
	size_t above;
};

extern struct velo_config velo_config;

/* Sets the shim up if that has not happened yet; 1 if there is a tree to show. */
int velo_ready_slow(void);
static inline int velo_ready(void)
{
	return __builtin_expect(velo_config.ready, 1) > 0 || velo_ready_slow();
}

/* The next function of a name behind this library, of libc as a rule; NULL if there is none. The number is VELO_NEXT_name. */
void *velo_next(int number);
#define NEXT(function) ((__typeof__(&function))velo_next(VELO_NEXT_##function))

/* A message of one line on standard error, "velo: …", from parts; the last one is NULL. */
void velo_say(const char *first, ...);

/* ---- environment.c ---- */

/* The value of "NAME=value", NULL if it has another name. */
const char *velo_value_of(const char *variable, const char *name);
/* The value of a variable of an environment, NULL if it is not set. */
const char *velo_variable(char *const *environment, const char *name);
/* Copies a variable of this process to VELO_PATH_MAX bytes: its length, 0 if it is missing or does not fit. */
size_t velo_copy_variable(const char *name, char *to);
/* What only the process itself was to know is not left for those that it starts. */
void velo_forget_variable(const char *name);
/* Takes what the process that started this program has handed on: working directory, descriptors, program; and what to hand on. */
void velo_environment_start(char **environment);
/* The program that runs here, if it is from the tree. */
velo_slot velo_exe(void);
/*
 * Writes the environment of a new program: strings has room for those of this one and VELO_MORE_VARIABLES, state for
 * VELO_STATE_BYTES. exe is the slot of a program in the tree, cwd where it starts.
 */
enum { VELO_MORE_VARIABLES = 12, VELO_STATE_BYTES = 3 * VELO_PATH_MAX };
void velo_make_environment(const char **strings, char *const *environment, char *state, velo_slot exe, velo_slot cwd);
/* Whether a new program could load the shim. A system call. */
int velo_can_be_loaded(void);

/* ---- exec.c ---- */

/*
 * execveat(2), and execvpe(3), whose last argument says if a file that is no program is one of the shell: -errno, or -VELO_REFUSED
 * for a program that the shim cannot go along with, which has then been said; velo_exec_error makes that an errno.
 */
enum { VELO_REFUSED = 4095 };
long velo_exec_error(long result);
long velo_exec(int dirfd, const char *path, char *const *arguments, char *const *environment, int flags);
long velo_exec_search(const char *name, char *const *arguments, char *const *environment, int by_shell);

/* ---- text.c: bytes without libc ---- */

size_t velo_length(const char *text);
void velo_copy(void *to, const void *from, size_t length);
void velo_zero(void *to, size_t length);
int velo_equal(const void *one, const void *other, size_t length);
/* What of a text stands behind a beginning; NULL if it begins otherwise. */
const char *velo_behind(const char *text, const char *beginning);
int velo_same(const char *one, const char *other);
/* Of the first name of a path. */
size_t velo_name_length(const char *path);
/* Both return the end of what was written. */
char *velo_decimal(char *to, uint64_t number);
char *velo_hexadecimal(char *to, uint64_t number);
/* The name of a descriptor in /proc, terminated. */
enum { VELO_FD_PATH = 32 };
void velo_fd_path(char *to, int fd);
/* Memory of this process alone, for munmap; NULL if there is none. A system call. */
void *velo_memory(size_t bytes);

/* For the wrappers: a result of the functions above as libc's functions give it. */
long velo_result(long result);

#endif
