/*
 * attack NAME [WORD...] [, NAME [WORD...]]...: tries one attack after another, each in a process of its own, and prints its words and
 * "refused", "SUCCEEDED" or "BROKEN" for each. With one attack its result is the status: 0 succeeded, 1 refused, 2 could not be tried.
 */
#include "attack.h"
#include <signal.h>
#include <sys/wait.h>

static const struct attack *const families[] = {
	file_attacks, process_attacks, kernel_attacks, load_attacks, store_attacks,
};

static const struct attack *find(const char *name)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		for (const struct attack *attack = families[i]; attack->name != 0; attack++)
			if (strcmp(attack->name, name) == 0)
				return attack;
	return 0;
}

enum result apart(enum result (*run)(char **words), char **words)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		return broken("fork");
	if (child == 0)
		_exit(run(words));
	if (waitpid(child, &status, 0) != child)
		return broken("waitpid");
	/* who is killed for it did not succeed */
	return WIFEXITED(status) ? (enum result)WEXITSTATUS(status) : REFUSED;
}

/* Ends the words of the first attack with a null, and returns where the next ones begin. */
static char **cut(char **words)
{
	for (; *words != 0; words++)
		if (strcmp(*words, ",") == 0) {
			*words = 0;
			return words + 1;
		}
	return words;
}

int main(int argc, char **argv)
{
	char **next = argv + 1;
	enum result result = BROKEN;
	int count = 0;

	if (argc < 2)
		return BROKEN;
	/* the first process passes on what it is sent */
	for (int signal = 1; signal <= SIGRTMAX; signal++)
		if (signal != SIGCHLD && signal != SIGALRM)
			sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, 0);
	while (*next != 0) {
		char **words = next;
		const struct attack *attack = find(*words);

		next = cut(words);
		result = attack == 0 ? BROKEN : apart(attack->run, words + 1);
		for (; *words != 0; words++)
			printf("%s ", *words);
		puts(result == SUCCEEDED ? "SUCCEEDED" : result == REFUSED ? "refused" : "BROKEN");
		fflush(stdout);
		count++;
	}
	return count == 1 ? (int)result : 0;
}
