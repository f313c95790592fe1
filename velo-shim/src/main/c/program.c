/* What a program is that is about to be started, by its first bytes: what the shim can go along with, and what not. */
#include "velo.h"
#include "program.h"

#include <elf.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#else
#define MACHINE EM_AARCH64
#endif

static int reads_raw(const char *head, size_t length, const Elf64_Phdr *segment)
{
	/* Go's linker notes itself: its programs make system calls without libc, linked to libc or not */
	static const char GO[16] = "\4\0\0\0";
	const char *note;

	if (segment->p_type != PT_NOTE || segment->p_offset > length || length - segment->p_offset < 16)
		return 0;
	note = head + segment->p_offset;
	return velo_equal(note, GO, 4) && velo_equal(note + 8, "\4\0\0\0Go\0", 8);
}

enum velo_program velo_program_of(const char *head, size_t length)
{
	Elf64_Ehdr elf;
	int interpreter = 0;

	if (length >= 2 && head[0] == '#' && head[1] == '!')
		return VELO_SCRIPT;
	if (length < sizeof elf || !velo_equal(head, ELFMAG, SELFMAG))
		return VELO_OTHER;
	velo_copy(&elf, head, sizeof elf);
	if (elf.e_ident[EI_CLASS] != ELFCLASS64 || elf.e_machine != MACHINE)
		return VELO_FOREIGN;
	for (unsigned i = 0; i < elf.e_phnum; i++) {
		uint64_t at = elf.e_phoff + (uint64_t)i * sizeof(Elf64_Phdr);
		Elf64_Phdr segment;

		if (elf.e_phentsize != sizeof segment || elf.e_phoff > length || at > length - sizeof segment)
			break;
		velo_copy(&segment, head + at, sizeof segment);
		if (segment.p_type == PT_INTERP)
			interpreter = 1;
		if (reads_raw(head, length, &segment))
			return VELO_RAW;
	}
	return interpreter ? VELO_DYNAMIC : VELO_STATIC;
}

static int is_space(char letter)
{
	return letter == ' ' || letter == '\t';
}

int velo_script_of(const char *head, size_t length, struct velo_script *script)
{
	size_t at = 2;
	size_t end = 2;
	size_t bytes;

	while (end < length && end < VELO_SCRIPT_LINE && head[end] != '\n' && head[end] != 0)
		end++;
	while (end > 2 && is_space(head[end - 1]))
		end--;
	while (at < end && is_space(head[at]))
		at++;
	for (bytes = 0; at + bytes < end && !is_space(head[at + bytes]); bytes++)
		;
	if (bytes == 0)
		return -ENOEXEC;
	velo_copy(script->interpreter, head + at, bytes);
	script->interpreter[bytes] = 0;
	for (at += bytes; at < end && is_space(head[at]); at++)
		;
	velo_copy(script->argument, head + at, end - at);
	script->argument[end - at] = 0;
	script->has_argument = end > at;
	return 0;
}
