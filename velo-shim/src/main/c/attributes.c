/* Extended attributes of files of the tree. */
#include "answers.h"

#include <unistd.h>

enum { NAME_MAX_LENGTH = 255 };

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
	if (velo_same(name, "user.") || velo_same(name, "trusted.") || velo_same(name, "security."))
		return -EINVAL;
	if (velo_behind(name, "user.")) {
		if (!S_ISREG(inode->mode) && !S_ISDIR(inode->mode))
			return -ENODATA;
		return velo_may(inode, R_OK) ? 0 : -EACCES;
	}
	if (velo_behind(name, "trusted."))
		return rules() ? 0 : -ENODATA;
	if (velo_same(name, "system.posix_acl_access") || velo_same(name, "system.posix_acl_default"))
		return S_ISLNK(inode->mode) ? -EOPNOTSUPP : 0;
	return velo_behind(name, "security.") ? 0 : -EOPNOTSUPP;
}

static int named(const struct velo_attribute *attribute, const char *name)
{
	size_t prefix = velo_length(attribute->prefix);

	return velo_behind(name, attribute->prefix) && velo_length(name) == prefix + attribute->name_length
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

		if (velo_same(attribute.prefix, "trusted.") && !rules())
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
