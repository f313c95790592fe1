/* Writes the last page of a file as a mapping shows it, or what can be reached of it: page FILE. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **words)
{
	struct stat found;
	int fd = count == 2 ? open(words[1], O_RDONLY) : -1;
	const char *page;

	if (fd < 0 || fstat(fd, &found) || found.st_size == 0) {
		perror("page");
		return 1;
	}
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, (found.st_size - 1) & -4096);
	if (page == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	return fwrite(page, 1, 4096, stdout) == 4096 ? 0 : 1;
}
