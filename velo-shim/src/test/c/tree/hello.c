/* A program in the tree with a library in the tree: hello [FILE]. Says who it is and shows the file. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *greet(void);

int main(int count, char **words)
{
	char buffer[PATH_MAX] = "";
	const char *own = getenv("OWN");
	int fd;

	printf("%s: %s, %d words, OWN=%s\n", strrchr(words[0], '/') ? strrchr(words[0], '/') + 1 : words[0], greet(), count, own ? own : "none");
	if (readlink("/proc/self/exe", buffer, sizeof buffer - 1) < 0)
		perror("exe");
	printf("I am %s\n", strlen(buffer) > 9 ? buffer + strlen(buffer) - 9 : buffer);
	if (count > 1) {
		memset(buffer, 0, sizeof buffer);
		fd = open(words[1], O_RDONLY);
		if (fd < 0 || read(fd, buffer, sizeof buffer - 1) < 0)
			perror("file");
		fputs(buffer, stdout);
	}
	return 7;
}
