/* A library in the tree, which has a dependency in the tree. */
#include <stdio.h>

int deep_number(void);

const char *greet(void)
{
	static char text[32];

	snprintf(text, sizeof text, "greetings %d", deep_number());
	return text;
}
