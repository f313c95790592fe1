/* SHA-256 (FIPS 180-4), by the processor's own instructions where it has them. */
#include "velo.h"

#include "sha256.h"

enum { BLOCK = 64, LENGTH_BYTES = 8 };

static const uint32_t ROUNDS[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

/* 1 if the processor has the instructions that blocks_by_processor consists of. Asked once: under a hypervisor the question is dear. */
static int has_instructions(void)
{
	static _Atomic int known; /* 0: not yet; else 1 more than the answer */
	unsigned a;
	unsigned b = 0;
	unsigned c = 0;
	unsigned d;

	if (known == 0) {
		int has = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) != 0 && (c & bit_SSE4_1) != 0 && __get_cpuid_count(7, 0, &a, &b, &c, &d)
		          && (b & 1u << 29 /* SHA */) != 0;

		known = 1 + has;
	}
	return known - 1;
}

/* Four rounds; from the fifth on the words of the message are made of earlier ones. */
#define FOUR_ROUNDS(i)                                                                                                          \
	do {                                                                                                                    \
		if ((i) >= 4) {                                                                                                 \
			sum = _mm_alignr_epi8(word[((i) + 3) & 3], word[((i) + 2) & 3], 4);                                     \
			sum = _mm_add_epi32(_mm_sha256msg1_epu32(word[(i) & 3], word[((i) + 1) & 3]), sum);                     \
			word[(i) & 3] = _mm_sha256msg2_epu32(sum, word[((i) + 3) & 3]);                                         \
		}                                                                                                               \
		sum = _mm_add_epi32(word[(i) & 3], _mm_loadu_si128((const __m128i *)(const void *)(ROUNDS + 4 * (i))));          \
		cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);                                                                  \
		abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));                                         \
	} while (0)

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_by_processor(uint32_t *state, const unsigned char *at, size_t count)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i sum = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xb1);
	__m128i cdgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(sum, cdgh, 8);

	cdgh = _mm_blend_epi16(cdgh, sum, 0xf0);
	for (; count > 0; count--, at += BLOCK) {
		__m128i word[4];
		__m128i abef_before = abef;
		__m128i cdgh_before = cdgh;

		for (int i = 0; i < 4; i++)
			word[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i)), big_endian);
		FOUR_ROUNDS(0);
		FOUR_ROUNDS(1);
		FOUR_ROUNDS(2);
		FOUR_ROUNDS(3);
		FOUR_ROUNDS(4);
		FOUR_ROUNDS(5);
		FOUR_ROUNDS(6);
		FOUR_ROUNDS(7);
		FOUR_ROUNDS(8);
		FOUR_ROUNDS(9);
		FOUR_ROUNDS(10);
		FOUR_ROUNDS(11);
		FOUR_ROUNDS(12);
		FOUR_ROUNDS(13);
		FOUR_ROUNDS(14);
		FOUR_ROUNDS(15);
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	sum = _mm_shuffle_epi32(abef, 0x1b);
	cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(sum, cdgh, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(cdgh, sum, 8));
}

#else

static int has_instructions(void)
{
	return 0;
}

static void blocks_by_processor(uint32_t *state, const unsigned char *at, size_t count)
{
	(void)state;
	(void)at;
	(void)count;
}

#endif

static inline uint32_t rotated(uint32_t word, int bits)
{
	return word >> bits | word << (32 - bits);
}

static inline uint32_t big_endian(const unsigned char *at)
{
	uint32_t word;

	__builtin_memcpy(&word, at, 4);
	return __builtin_bswap32(word);
}

/* One round; instead of moving the eight words on, each round calls them by other names. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                                        \
	do {                                                                                                                    \
		uint32_t sum = (h) + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((((f) ^ (g)) & (e)) ^ (g)) + ROUNDS[i] + w[i]; \
                                                                                                                                \
		(d) += sum;                                                                                                     \
		(h) = sum + (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + (((a) & (b)) | (((a) | (b)) & (c)));            \
	} while (0)

static void block(uint32_t *state, const unsigned char *at)
{
	uint32_t w[64];
	uint32_t s[8];

	for (int i = 0; i < 16; i++)
		w[i] = big_endian(at + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t early = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t late = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + early + w[i - 7] + late;
	}
	for (int i = 0; i < 8; i++)
		s[i] = state[i];
	for (int i = 0; i < 64; i += 8) {
		ROUND(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], i);
		ROUND(s[7], s[0], s[1], s[2], s[3], s[4], s[5], s[6], i + 1);
		ROUND(s[6], s[7], s[0], s[1], s[2], s[3], s[4], s[5], i + 2);
		ROUND(s[5], s[6], s[7], s[0], s[1], s[2], s[3], s[4], i + 3);
		ROUND(s[4], s[5], s[6], s[7], s[0], s[1], s[2], s[3], i + 4);
		ROUND(s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2], i + 5);
		ROUND(s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1], i + 6);
		ROUND(s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0], i + 7);
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

static void blocks(uint32_t *state, const unsigned char *at, size_t count)
{
	if (has_instructions()) {
		blocks_by_processor(state, at, count);
		return;
	}
	for (; count > 0; count--, at += BLOCK)
		block(state, at);
}

void velo_sha256_begin(struct velo_sha256 *sum)
{
	static const uint32_t START[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	velo_copy(sum->state, START, sizeof START);
	sum->length = 0;
}

void velo_sha256_add(struct velo_sha256 *sum, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	size_t filled = (size_t)(sum->length % BLOCK);

	sum->length += length;
	if (filled > 0) {
		size_t part = length < BLOCK - filled ? length : BLOCK - filled;

		velo_copy(sum->rest + filled, at, part);
		if (filled + part < BLOCK)
			return;
		blocks(sum->state, sum->rest, 1);
		at += part;
		length -= part;
	}
	blocks(sum->state, at, length / BLOCK);
	velo_copy(sum->rest, at + length / BLOCK * BLOCK, length % BLOCK);
}

void velo_sha256_end(struct velo_sha256 *sum, unsigned char *digest)
{
	uint64_t bits = sum->length * 8;
	size_t filled = (size_t)(sum->length % BLOCK);

	sum->rest[filled++] = 0x80;
	if (filled > BLOCK - LENGTH_BYTES) {
		velo_zero(sum->rest + filled, BLOCK - filled);
		blocks(sum->state, sum->rest, 1);
		filled = 0;
	}
	velo_zero(sum->rest + filled, BLOCK - LENGTH_BYTES - filled);
	for (int i = 0; i < LENGTH_BYTES; i++)
		sum->rest[BLOCK - 1 - i] = (unsigned char)(bits >> 8 * i);
	blocks(sum->state, sum->rest, 1);
	for (int i = 0; i < VELO_SHA256_BYTES; i++)
		digest[i] = (unsigned char)(sum->state[i / 4] >> (24 - i % 4 * 8));
}
