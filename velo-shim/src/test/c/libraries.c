/* Libraries of the tree, with what they depend on. */
#include "facts.h"

#include <dlfcn.h>

static void greeted(const char *what, void *library)
{
	const char *(*greet)(void) = library ? dlsym(library, "greet") : NULL;

	show("%s: %s\n", what, greet ? greet() : "not there");
}

CASE(dlopen)
{
	greeted("absolute", dlopen(at("lib/libgreet.so"), RTLD_NOW));
	greeted("again", dlopen(at("lib/libgreet.so"), RTLD_LAZY | RTLD_NOLOAD));
	given("what it depends on", dlopen("libdeep.so", RTLD_NOW | RTLD_NOLOAD) ? "" : NULL);
	given("missing", dlopen(at("lib/missing.so"), RTLD_NOW) ? "" : NULL);
	given("no library", dlopen(at("file"), RTLD_NOW) ? "" : NULL);
	given("directory", dlopen(at("dir"), RTLD_NOW) ? "" : NULL);
}

CASE(dlopen_relative)
{
	chdir(at("lib"));
	greeted("dot", dlopen("./libgreet.so", RTLD_NOW));
}

CASE(dlopen_by_a_link)
{
	greeted("link", dlopen(at("links/home/lib/libgreet.so"), RTLD_NOW));
}

CASE(dlopen_dotted)
{
	greeted("dots", dlopen(at("dir/../lib/./libgreet.so"), RTLD_NOW));
}

CASE(dlopen_by_descriptor)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", open(at("lib/libdeep.so"), O_RDONLY));
	given("by descriptor", dlopen(path, RTLD_NOW) ? "" : NULL);
}

/* Where programs of the tree find theirs. */
CASE(search)
{
	setenv("ROOT", root, 1);
	result("run path", system("\"$ROOT/bin/hello\"") >> 8);
	result("LD_LIBRARY_PATH", system("LD_LIBRARY_PATH=\"$ROOT/lib\" \"$ROOT/bin/hello\"") >> 8);
	result("relative", system("cd \"$ROOT/bin\" && ./hello ../file") >> 8);
}

#ifdef LM_ID_NEWLM
CASE(dlmopen)
{
	greeted("a namespace of its own", dlmopen(LM_ID_NEWLM, at("lib/libgreet.so"), RTLD_NOW));
	given("missing", dlmopen(LM_ID_NEWLM, at("lib/missing.so"), RTLD_NOW) ? "" : NULL);
}
#endif
