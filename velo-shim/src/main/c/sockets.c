/* Sockets with names: none can be made in the tree, and none is there. */
#include "answers.h"
#include "wrap.h"

#include <dirent.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { PATH_OFFSET = offsetof(struct sockaddr_un, sun_path), PATH_ROOM = sizeof(((struct sockaddr_un *)0)->sun_path) };

/* The path of an address, terminated, in a buffer of one byte more than an address holds; 0 if it has none. */
static int path_of(const struct sockaddr *address, socklen_t length, char path[PATH_ROOM + 1])
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)(const void *)address;

	if (!address || length <= PATH_OFFSET || length > sizeof *name || name->sun_family != AF_UNIX || !name->sun_path[0])
		return 0;
	velo_copy(path, name->sun_path, length - PATH_OFFSET);
	path[length - PATH_OFFSET] = 0;
	return 1;
}

/* The address with the path that a place hands on: its length, or -ENAMETOOLONG. */
static long address_of(const struct velo_place *place, struct sockaddr_un *name)
{
	size_t length = velo_length(place->path);

	if (length > PATH_ROOM)
		return -ENAMETOOLONG;
	*name = (struct sockaddr_un){.sun_family = AF_UNIX};
	velo_copy(name->sun_path, place->path, length);
	return (long)(PATH_OFFSET + length + (length < PATH_ROOM));
}

static long refuse_bind(const struct velo_place *place, const char *path)
{
	long error = velo_create(place, path, 0);

	return error == -EEXIST ? -EADDRINUSE : error;
}

/* Whoever connects has to be allowed to write first. */
static long refuse_connect(const struct velo_place *place)
{
	unsigned char type = place->error ? DT_UNKNOWN : velo_type(place->slot);

	if (place->error)
		return -place->error;
	return type == DT_REG || type == DT_DIR ? -EROFS : -ECONNREFUSED;
}

/* A wrapper's work; the path of the place is handed on in an address of its own where it is spelled in another way. */
#define WITH_NAME(name, flags, ANSWER)                                                                                              \
	__typeof__(&velo_wrap_##name) behind = BEHIND(name);                                                                        \
	struct velo_place place;                                                                                                    \
	char path[PATH_ROOM + 1];                                                                                                   \
                                                                                                                                    \
	if (!behind)                                                                                                                \
		return velo_lacks();                                                                                                \
	if (!path_of(address, length, path))                                                                                        \
		return behind(fd, address, length);                                                                                 \
	if (!velo_locate(&place, AT_FDCWD, path, flags)) {                                                                          \
		int before = errno;                                                                                                 \
		int result;                                                                                                         \
		do {                                                                                                                \
			struct sockaddr_un other;                                                                                   \
			long size = place.path == path ? 0 : address_of(&place, &other);                                            \
			if (size < 0)                                                                                               \
				return (int)velo_result(size);                                                                      \
			result = size ? behind(fd, (const struct sockaddr *)&other, (socklen_t)size) : behind(fd, address, length); \
		} while (result == -1 && velo_redirected(&place, before));                                                          \
		if (place.kind != VELO_VIEW)                                                                                        \
			return result;                                                                                              \
	}                                                                                                                           \
	return (int)velo_result(ANSWER)

WRAP(int, bind, int fd, const struct sockaddr *address, socklen_t length)
{
	WITH_NAME(bind, VELO_NOFOLLOW | VELO_CREATE, refuse_bind(&place, path));
}

WRAP(int, connect, int fd, const struct sockaddr *address, socklen_t length)
{
	WITH_NAME(connect, VELO_FOLLOW, refuse_connect(&place));
}
