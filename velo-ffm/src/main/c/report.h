/* The runner's messages: one line on descriptor 2, "<prefix><what>: <call> <path>: <errno text>", cut at 4 KiB. */
#ifndef VELO_REPORT_H
#define VELO_REPORT_H

#include "plan.h"

enum { LINE_SIZE = 4096, STDERR_ = 2 };

struct line {
	uint32_t length;
	char text[LINE_SIZE];
};

static void line_add(struct line *line, const char *text)
{
	for (; *text != 0 && line->length < LINE_SIZE - 1; text++)
		line->text[line->length++] = *text;
}

static void line_add_number(struct line *line, long number)
{
	char digit[2] = {(char)('0' + number % 10), 0};

	if (number >= 10)
		line_add_number(line, number / 10);
	line_add(line, digit);
}

/* A text of the plan, "" if it has none. */
static const char *plan_text(struct plan *plan, uint32_t offset)
{
	return offset == 0 ? "" : (const char *)plan + offset;
}

static void line_add_errno(struct line *line, struct plan *plan, long number)
{
	const uint32_t *texts = (const uint32_t *)((const char *)plan + plan->errno_texts);

	if (plan->errno_texts != 0 && number < (long)texts[0] && texts[1 + number] != 0) {
		line_add(line, plan_text(plan, texts[1 + number]));
	} else {
		line_add(line, "error ");
		line_add_number(line, number);
	}
}

static void line_write(struct line *line)
{
	line->text[line->length++] = '\n';
	sys(__NR_write, STDERR_, line->text, line->length, 0, 0, 0);
}

static void report_text(const char *text)
{
	long length = 0;

	while (text[length] != 0)
		length++;
	sys(__NR_write, STDERR_, text, length, 0, 0, 0);
}

static void report_entry(struct plan *plan)
{
	const struct plan_entry *entry = &plan_entries(plan)[plan->failed_entry];
	struct line line;

	line.length = 0;
	line_add(&line, plan_text(plan, plan->prefix));
	if (entry->what != 0) {
		line_add(&line, plan_text(plan, entry->what));
		line_add(&line, ": ");
	}
	line_add(&line, plan_text(plan, entry->name));
	if (entry->path != 0) {
		line_add(&line, " ");
		line_add(&line, plan_text(plan, entry->path));
	}
	line_add(&line, ": ");
	line_add_errno(&line, plan, plan->failed_errno);
	line_write(&line);
}

/* A sentence of the plan, as one line. */
static void report_sentence(struct plan *plan, uint32_t sentence)
{
	struct line line;

	line.length = 0;
	line_add(&line, plan_text(plan, plan->prefix));
	line_add(&line, plan_text(plan, sentence));
	line_write(&line);
}

static void report_keeper(struct plan *plan, long number)
{
	struct line line;

	line.length = 0;
	line_add(&line, plan_text(plan, plan->prefix));
	line_add(&line, "cannot start the process that cleans up after the run: ");
	line_add_errno(&line, plan, number);
	line_write(&line);
}

/* The sentence of the child's first entry tells what the process, and the namespaces it was to have, were needed for. */
static void report_spawn(struct plan *plan, long number)
{
	uint32_t what = plan->child_count == 0 ? 0 : plan_entries(plan)[plan->setup_count].what;
	struct line line;

	line.length = 0;
	line_add(&line, plan_text(plan, plan->prefix));
	line_add(&line, what == 0 ? "cannot start a process" : plan_text(plan, what));
	line_add(&line, ": clone: ");
	line_add_errno(&line, plan, number);
	line_write(&line);
}

#endif
