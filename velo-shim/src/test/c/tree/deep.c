/* What libgreet.so depends on: found beside it, by its own run path. */
int deep_number(void)
{
	return 42;
}
