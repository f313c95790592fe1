/* SHA-256, by which the bytes of a file are held against their name. */
#ifndef VELO_SHA256_H
#define VELO_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { VELO_SHA256_BYTES = 32 };

struct velo_sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char rest[64];
};

void velo_sha256_begin(struct velo_sha256 *sum);
void velo_sha256_add(struct velo_sha256 *sum, const void *bytes, size_t length);
/* Writes the digest, of VELO_SHA256_BYTES; the sum is used up. */
void velo_sha256_end(struct velo_sha256 *sum, unsigned char *digest);

#endif
