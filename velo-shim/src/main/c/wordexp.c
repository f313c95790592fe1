/*
 * wordexp(3). All of it but the globbing is libc's: what is special to a glob, and not quoted, is replaced by bytes that nothing
 * else uses; libc expands everything but that; the words that come out are globbed here.
 *
 * Patterns that only come out of a variable or a command are left to libc, which does not see the tree, for it cannot be told
 * afterwards whether they were quoted. musl has a shell do it all, which sees the tree, but does not know of a working directory
 * in it.
 */
#include "globbing.h"
#include "interposed.h"

#include <wordexp.h>

#pragma weak wordfree

enum { ASTERISK = 1, QUESTION_MARK = 2, BRACKET = 3 };

static char marker(char character)
{
	return character == '*' ? ASTERISK : character == '?' ? QUESTION_MARK : character == '[' ? BRACKET : 0;
}

static char marked(char character)
{
	return character == ASTERISK ? '*' : character == QUESTION_MARK ? '?' : character == BRACKET ? '[' : 0;
}

static const char *skip_nested(const char *text, char end);

/* Behind the quoted part, expansion or command that begins here; the next character otherwise. */
static const char *skip_one(const char *text)
{
	switch (*text) {
	case '\\':
		return text[1] ? text + 2 : text + 1;
	case '\'':
		for (text++; *text && *text != '\''; text++)
			;
		return *text ? text + 1 : text;
	case '"':
	case '`':
		return skip_nested(text + 1, *text);
	case '$':
		if (text[1] == '(' || text[1] == '{' || text[1] == '[')
			return skip_nested(text + 2, text[1] == '(' ? ')' : text[1] == '{' ? '}' : ']');
		return text + 1;
	default:
		return text + 1;
	}
}

static const char *skip_nested(const char *text, char end)
{
	while (*text && *text != end) {
		if (*text == '(' && end == ')')
			text = skip_nested(text + 1, end);
		else if (*text == '\'' && end == '"')
			text++;
		else
			text = skip_one(text);
	}
	return *text ? text + 1 : text;
}

/* Marks what is special; how much that was, or -1 if the markers are in use. */
static int mark(char *to, const char *words)
{
	int count = 0;

	while (*words) {
		const char *next = skip_one(words);
		int quoted = next > words + 1;

		for (; words < next; words++, to++) {
			if (marked(*words))
				return -1;
			*to = !quoted && marker(*words) ? marker(*words) : *words;
			count += *to != *words;
		}
	}
	*to = 0;
	return count;
}

/* Puts back what was marked; 1 if anything was. */
static int unmark(char *word)
{
	int special = 0;

	for (; *word; word++) {
		special |= marked(*word);
		*word = marked(*word) ? marked(*word) : *word;
	}
	return special != 0;
}

/* The pattern of a word. Where one character is special glibc takes those that were quoted for special as well; a shell does not. */
static void pattern_of(char *pattern, const char *word)
{
	for (; *word; word++) {
		if (!velo_on_glibc() && (marker(*word) || *word == '\\'))
			*pattern++ = '\\';
		*pattern++ = marked(*word) ? marked(*word) : *word;
	}
	*pattern = 0;
}

struct words {
	char **list;
	size_t count;
	size_t room;
};

static int add(struct words *words, const char *word)
{
	size_t length = velo_length(word);
	char *copy;

	if (velo_grow((void **)&words->list, &words->room, words->count + 1, sizeof(char *)) < 0)
		return WRDE_NOSPACE;
	copy = malloc(length + 1);
	if (!copy)
		return WRDE_NOSPACE;
	velo_copy(copy, word, length + 1);
	words->list[words->count++] = copy;
	return 0;
}

static int add_globbed(struct words *words, char *word)
{
	char *pattern = malloc(2 * velo_length(word) + 1);
	glob_t found;
	int result;

	if (!pattern)
		return WRDE_NOSPACE;
	pattern_of(pattern, word);
	if (!unmark(word)) {
		result = add(words, word);
	} else {
		velo_zero(&found, sizeof(found));
		result = velo_glob(pattern, 0, NULL, &found) == GLOB_NOSPACE ? WRDE_NOSPACE : 0;
		for (size_t i = 0; i < found.gl_pathc && !result; i++)
			result = add(words, found.gl_pathv[i]);
		if (!found.gl_pathc && !result)
			result = add(words, word);
		globfree(&found);
	}
	free(pattern);
	return result;
}

static int give(const struct words *words, wordexp_t *result, int flags)
{
	size_t offset = flags & WRDE_DOOFFS ? result->we_offs : 0;
	size_t before = flags & WRDE_APPEND ? result->we_wordc : 0;
	char **list = realloc(flags & WRDE_APPEND ? result->we_wordv : NULL,
	                      (offset + before + words->count + 1) * sizeof(char *));

	if (!list)
		return WRDE_NOSPACE;
	if (!(flags & WRDE_APPEND))
		for (size_t i = 0; i < offset; i++)
			list[i] = NULL;
	for (size_t i = 0; i < words->count; i++)
		list[offset + before + i] = words->list[i];
	list[offset + before + words->count] = NULL;
	result->we_offs = offset;
	result->we_wordv = list;
	result->we_wordc = before + words->count;
	return 0;
}

static int expand(const char *text, wordexp_t *result, int flags)
{
	wordexp_t expanded;
	struct words words = {NULL, 0, 0};
	int error = NEXT(wordexp)(text, &expanded, flags & (WRDE_NOCMD | WRDE_SHOWERR | WRDE_UNDEF));

	if (error) {
		if (error == WRDE_NOSPACE)
			wordfree(&expanded);
		return error;
	}
	for (size_t i = 0; i < expanded.we_wordc && !error; i++)
		error = add_globbed(&words, expanded.we_wordv[i]);
	wordfree(&expanded);
	if (!error)
		error = give(&words, result, flags);
	if (error)
		while (words.count)
			free(words.list[--words.count]);
	free(words.list);
	return error;
}

VELO_EXPORT int wordexp(const char *restrict text, wordexp_t *restrict result, int flags)
{
	char *copy;
	int special;
	int error;

	if (!velo_ready())
		return NEXT(wordexp)(text, result, flags);
	copy = malloc(velo_length(text) + 1);
	if (!copy)
		return WRDE_NOSPACE;
	special = mark(copy, text);
	if (special > 0 && flags & WRDE_REUSE) {
		wordfree(result);
		flags &= ~WRDE_REUSE;
		result->we_wordv = NULL;
		result->we_wordc = 0;
	}
	error = special > 0 ? expand(copy, result, flags) : NEXT(wordexp)(text, result, flags);
	free(copy);
	return error;
}
