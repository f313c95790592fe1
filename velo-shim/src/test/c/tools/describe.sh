#!/bin/sh
# Everything that programs tell of a tree, but the sizes of directories and in an order that does not depend on them: describe.sh ROOT.
# One entry a line: zero bytes end the parts of an entry. Sockets are left out, for they are not taken in.
set -u
cd "$1" || exit 1
export LC_ALL=C
find . ! -type s \( -type d -printf '%p\1%y %m %U %G %T@\0' -o -printf '%p\1%y %m %U %G %T@ %s %l\0' \) | sort -z | tr '\0' '\n'
echo "== links"
find . ! -type d ! -type s -links +1 -printf '%i %p\0' | sort -z -t ' ' -k 2 | tr '\n\0' '\1\n' |
	awk '{ inode = $1; sub(/^[^ ]+ /, ""); names[inode] = names[inode] "|" $0; count[inode]++ }
		END { for (inode in names) if (count[inode] > 1) print names[inode] }' | sort
echo "== devices"
find . \( -type c -o -type b \) -print0 | sort -z | xargs -0r stat -c '%n %t:%T'
echo "== contents"
find . -type f -print0 | sort -z | xargs -0r sha256sum 2>/dev/null
echo "== attributes"
find . ! -type s -print0 | sort -z | xargs -0r getfattr -hd -m - 2>/dev/null
exit 0
