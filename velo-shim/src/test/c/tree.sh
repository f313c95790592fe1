#!/bin/sh
# Makes the tree that the test programs know: tree.sh DIRECTORY [PLACE], PLACE being where it will be seen.
#
#   file  empty  script(+x)  closed(mode 0)  hard = hard2   16 and 10000 bytes: small big
#   link -> file   to-dir -> dir   dangling -> nowhere   loop -> loop   loop1 <-> loop2   chain -> link
#   absolute -> PLACE/dir   outside -> /etc   out -> ..   dir/root -> ..   dir/up -> ../file   slash -> dir/
#   dir/: a b c .hidden "with space" "[odd]*name" grün sub/deep/leaf empty/ sub/back -> ../..
#   many/: 000 … 499     locked/ (mode 0): inside     fifo     a name of 255 bytes in names/
set -eu
umask 022
root=$1
place=${2:-$1}
mkdir -p "$root"
cd "$root"
printf 'text of a file\n' >file
: >empty
printf '#!/bin/sh\necho "script $*"\n' >script
chmod 755 script
printf 'nobody reads this\n' >closed
printf 'two names\n' >hard
ln hard hard2
printf '0123456789abcdef' >small
i=0
while [ $i -lt 1000 ]; do
	printf '%09d\n' $i
	i=$((i + 1))
done >big
ln -s file link
ln -s dir to-dir
ln -s dir/ slash
ln -s nowhere dangling
ln -s loop loop
ln -s loop2 loop1
ln -s loop1 loop2
ln -s link chain
ln -s "$place/dir" absolute
ln -s /etc outside
ln -s .. out
mkdir -p dir/sub/deep dir/empty many locked names
for name in a b c .hidden "with space" "[odd]*name" grün sub/deep/leaf; do
	printf '%s\n' "$name" >"dir/$name"
done
ln -s .. dir/root
ln -s ../file dir/up
ln -s ../.. dir/sub/back
i=0
while [ $i -lt 500 ]; do
	: >"many/$(printf %03d $i)"
	i=$((i + 1))
done
: >"names/$(printf %0255d 1)"
printf 'inside\n' >locked/inside
mkfifo fifo
find . ! -type l -exec touch -d '2020-01-02 03:04:05.678901234Z' {} +
touch -h -d '2020-01-02 03:04:05.678901234Z' link to-dir slash dangling loop loop1 loop2 chain absolute outside out \
	dir/root dir/up dir/sub/back
chmod 0 closed locked
