/* CRC-32C (Castagnoli), as EROFS and the trailer of an image have it. */
#include "velo.h"

/* Below this a question to the processor what it can do takes longer than the sum. */
enum { MUCH_BYTES = 64 << 10 };

#if defined(__x86_64__)

#include <cpuid.h>

static int has_instruction(void)
{
	unsigned a;
	unsigned b;
	unsigned c = 0;
	unsigned d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0;
}

__attribute__((target("sse4.2"))) static uint32_t by_processor(uint32_t crc, const unsigned char *at, size_t length)
{
	uint64_t sum = crc;

	for (; length >= 8; at += 8, length -= 8) {
		uint64_t word;

		__builtin_memcpy(&word, at, 8);
		sum = __builtin_ia32_crc32di(sum, word);
	}
	for (; length > 0; at++, length--)
		sum = __builtin_ia32_crc32qi((uint32_t)sum, *at);
	return (uint32_t)sum;
}

#else

static int has_instruction(void)
{
	return 0;
}

static uint32_t by_processor(uint32_t crc, const unsigned char *at, size_t length)
{
	(void)at;
	(void)length;
	return crc;
}

#endif

uint32_t velo_crc32c(uint32_t crc, const unsigned char *at, size_t length)
{
	uint32_t table[16];

	if (length >= MUCH_BYTES && has_instruction())
		return by_processor(crc, at, length);
	for (uint32_t i = 0; i < 16; i++) {
		table[i] = i;
		for (int bit = 0; bit < 4; bit++)
			table[i] = table[i] >> 1 ^ (0x82f63b78u & -(table[i] & 1));
	}
	for (; length > 0; at++, length--) {
		crc ^= *at;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return crc;
}
