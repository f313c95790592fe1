/* Sockets by name. Nothing is made where it could be: the tree is only asked for names that fail before. */
#include "facts.h"

#include <sys/socket.h>
#include <sys/un.h>

static socklen_t name(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
	return sizeof *address;
}

static int bind_to(const char *path)
{
	struct sockaddr_un address;
	socklen_t length = name(&address, path);

	return bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, length);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	socklen_t length = name(&address, path);

	return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, length);
}

CASE(bind)
{
	result("what exists", bind_to(at("file")));
	result("a directory", bind_to(at("dir")));
	result("no directory", bind_to(at("missing/socket")));
	result("in a file", bind_to(at("file/socket")));
	result("real, what exists", bind_to(out("real")));
	result("real link into the tree", bind_to(out("into/a")));
	chdir(at("dir"));
	result("relative", bind_to("a"));
	result("relative and real", bind_to("../links/out/real"));
}

CASE(connect)
{
	result("no socket", connect_to(at("fifo")));
	result("missing", connect_to(at("missing")));
	result("no directory", connect_to(at("missing/socket")));
	result("in a file", connect_to(at("file/socket")));
	result("real, no socket", connect_to(out("real")));
}

/* From a directory of the tree to a socket outside: its path is spelled anew for the kernel. */
CASE(outside)
{
	struct sockaddr_un address;
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), calling = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t length = name(&address, "../links/out/socket");

	chdir(at("dir"));
	unlink(out("socket"));
	result("bind", bind(listening, (struct sockaddr *)&address, length));
	result("listen", listen(listening, 1));
	result("connect", connect(calling, (struct sockaddr *)&address, length));
	result("it is outside", access(out("socket"), F_OK));
	unlink(out("socket"));
}
