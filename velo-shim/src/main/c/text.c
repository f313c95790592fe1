/* Bytes without libc. The first four are what compilers call by themselves; hidden, so that they are nobody else's. */
#include "velo.h"

#include <stdarg.h>

#define OWN __attribute__((visibility("hidden"), used))

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *one, const void *other, size_t length);

OWN void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	while (length >= 8) {
		uint64_t word;

		__builtin_memcpy(&word, source, 8);
		__builtin_memcpy(target, &word, 8);
		target += 8;
		source += 8;
		length -= 8;
	}
	while (length-- > 0)
		*target++ = *source++;
	return to;
}

OWN void *memmove(void *to, const void *from, size_t length)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	if (target <= source) {
		while (length-- > 0)
			*target++ = *source++;
	} else {
		while (length-- > 0)
			target[length] = source[length];
	}
	return to;
}

OWN void *memset(void *to, int value, size_t length)
{
	unsigned char *target = to;

	while (length-- > 0)
		*target++ = (unsigned char)value;
	return to;
}

OWN int memcmp(const void *one, const void *other, size_t length)
{
	const unsigned char *a = one;
	const unsigned char *b = other;

	for (; length > 0; a++, b++, length--)
		if (*a != *b)
			return *a - *b;
	return 0;
}

/* Reads past the end, but within an aligned word, which never crosses into a page that is not there. */
__attribute__((no_sanitize_address)) size_t velo_length(const char *text)
{
	const char *end = text;

	while (((uintptr_t)end & 7) != 0) {
		if (*end == 0)
			return (size_t)(end - text);
		end++;
	}
	for (;;) {
		uint64_t word;

		__builtin_memcpy(&word, end, 8);
		if (((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0)
			break;
		end += 8;
	}
	while (*end != 0)
		end++;
	return (size_t)(end - text);
}

void velo_copy(void *to, const void *from, size_t length)
{
	memcpy(to, from, length);
}

void velo_zero(void *to, size_t length)
{
	memset(to, 0, length);
}

int velo_equal(const void *one, const void *other, size_t length)
{
	const unsigned char *a = one;
	const unsigned char *b = other;

	while (length >= 8) {
		uint64_t x;
		uint64_t y;

		__builtin_memcpy(&x, a, 8);
		__builtin_memcpy(&y, b, 8);
		if (x != y)
			return 0;
		a += 8;
		b += 8;
		length -= 8;
	}
	for (; length > 0; a++, b++, length--)
		if (*a != *b)
			return 0;
	return 1;
}

const char *velo_behind(const char *text, const char *beginning)
{
	while (*beginning != 0)
		if (*text++ != *beginning++)
			return NULL;
	return text;
}

int velo_same(const char *one, const char *other)
{
	const char *rest = velo_behind(one, other);

	return rest != NULL && *rest == 0;
}

size_t velo_name_length(const char *path)
{
	size_t length = 0;

	while (path[length] != 0 && path[length] != '/')
		length++;
	return length;
}

char *velo_hexadecimal(char *to, uint64_t number)
{
	int digits = number == 0 ? 1 : (67 - __builtin_clzll(number)) / 4;

	while (digits-- > 0)
		*to++ = "0123456789abcdef"[number >> digits * 4 & 15];
	return to;
}

char *velo_decimal(char *to, uint64_t number)
{
	char digits[20];
	int count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		*to++ = digits[--count];
	return to;
}

void velo_say(const char *first, ...)
{
	char line[1024] = "velo: ";
	size_t length = 6;
	va_list parts;

	va_start(parts, first);
	for (const char *part = first; part != NULL; part = va_arg(parts, const char *)) {
		size_t bytes = velo_length(part);

		if (bytes > sizeof line - 1 - length)
			bytes = sizeof line - 1 - length;
		velo_copy(line + length, part, bytes);
		length += bytes;
	}
	va_end(parts);
	line[length++] = '\n';
	velo_sys(__NR_write, 2, line, length, 0);
}

void velo_fd_path(char *to, int fd)
{
	velo_copy(to, "/proc/self/fd/", 14);
	*velo_decimal(to + 14, (unsigned)fd) = 0;
}

void *velo_memory(size_t bytes)
{
	long memory = velo_sys6(__NR_mmap, 0, (long)bytes, 3 /* read, write */, 0x22 /* private, anonymous */, -1, 0);

	return memory < 0 && memory > -4096 ? NULL : (void *)memory;
}
