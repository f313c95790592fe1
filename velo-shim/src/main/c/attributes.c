/* Extended attributes of files of the tree. */
#include "answers.h"

#include <unistd.h>

enum { NAME_MAX_LENGTH = 255 };

static int begins(const char *text, const char *beginning)
{
	while (*beginning)
		if (*text++ != *beginning++)
			return 0;
	return 1;
}

static int is(const char *text, const char *other)
{
	return begins(text, other) && !text[velo_length(other)];
}

/* Attributes of "trusted" are only there for who rules the machine. */
static int rules(void)
{
	return velo_sys(__NR_geteuid, 0, 0, 0, 0) == 0;
}

/* The kernel's checks before an attribute is looked for. */
static int permitted(const struct velo_inode *inode, const char *name)
{
	size_t length = velo_length(name);

	if (length == 0 || length > NAME_MAX_LENGTH)
		return -ERANGE;
	if (is(name, "user.") || is(name, "trusted.") || is(name, "security."))
		return -EINVAL;
	if (begins(name, "user.")) {
		if (!S_ISREG(inode->mode) && !S_ISDIR(inode->mode))
			return -ENODATA;
		return velo_may(inode, R_OK) ? 0 : -EACCES;
	}
	if (begins(name, "trusted."))
		return rules() ? 0 : -ENODATA;
	if (is(name, "system.posix_acl_access") || is(name, "system.posix_acl_default"))
		return S_ISLNK(inode->mode) ? -EOPNOTSUPP : 0;
	return begins(name, "security.") ? 0 : -EOPNOTSUPP;
}

static int named(const struct velo_attribute *attribute, const char *name)
{
	size_t prefix = velo_length(attribute->prefix);

	return begins(name, attribute->prefix) && velo_length(name) == prefix + attribute->name_length
	       && velo_equal(name + prefix, attribute->name, attribute->name_length);
}

static long get(velo_slot slot, const char *name, void *value, size_t size)
{
	struct velo_attribute attribute;
	struct velo_inode inode;
	uint32_t cursor = 0;
	int found = velo_inode(slot, &inode);

	if (!found)
		found = permitted(&inode, name);
	if (found)
		return found;
	while ((found = velo_next_attribute(&inode, &cursor, &attribute)) > 0) {
		if (!named(&attribute, name))
			continue;
		if (size == 0)
			return attribute.value_length;
		if (attribute.value_length > size)
			return -ERANGE;
		velo_copy(value, attribute.value, attribute.value_length);
		return attribute.value_length;
	}
	return found ? found : -ENODATA;
}

static long list(velo_slot slot, char *buffer, size_t size)
{
	struct velo_attribute attribute;
	struct velo_inode inode;
	uint32_t cursor = 0;
	size_t written = 0;
	int found = velo_inode(slot, &inode);

	if (found)
		return found;
	while ((found = velo_next_attribute(&inode, &cursor, &attribute)) > 0) {
		size_t prefix = velo_length(attribute.prefix);
		size_t length = prefix + attribute.name_length + 1;

		if (is(attribute.prefix, "trusted.") && !rules())
			continue;
		if (size && length > size - written)
			return -ERANGE;
		if (size) {
			velo_copy(buffer + written, attribute.prefix, prefix);
			velo_copy(buffer + written + prefix, attribute.name, attribute.name_length);
			buffer[written + length - 1] = 0;
		}
		written += length;
	}
	return found ? found : (long)written;
}

long velo_get_attribute(const struct velo_place *place, const char *name, void *value, size_t size)
{
	return place->error ? -place->error : get(place->slot, name, value, size);
}

long velo_list_attributes(const struct velo_place *place, char *buffer, size_t size)
{
	return place->error ? -place->error : list(place->slot, buffer, size);
}

long velo_get_attribute_fd(int fd, velo_slot slot, const char *name, void *value, size_t size)
{
	return velo_only_path(fd) ? -EBADF : get(slot, name, value, size);
}

long velo_list_attributes_fd(int fd, velo_slot slot, char *buffer, size_t size)
{
	return velo_only_path(fd) ? -EBADF : list(slot, buffer, size);
}
