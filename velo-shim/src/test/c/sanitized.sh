#!/bin/sh
# Builds the shim with one of clang's sanitizers: sanitized.sh undefined|address DIRECTORY.
#
# undefined: both libraries; what is undefined ends the program by a trap, since no library may be needed to tell of it.
# address: the preloaded library, which then needs clang's own.
set -eu
kind=$1
out=$2
cd "$(dirname "$0")/../../main/c"
eval "$(grep '^audit=' build.sh)"
flags="-std=c11 -O1 -g -fPIC -fno-builtin -fvisibility=hidden -fno-stack-protector -Wall -Wextra -Werror"
link="-shared -nostdlib -Wl,--hash-style=both"
case $kind in
undefined) flags="$flags -ffreestanding -fsanitize=undefined -fsanitize-trap=all" ;;
address) flags="$flags -fsanitize=address -shared-libasan" ;;
esac
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in *.c; do
	# shellcheck disable=SC2086 # the flags are words
	clang $flags -c "$source" -o "$work/${source%.c}.o"
done
cd "$work"
if [ "$kind" = undefined ]; then
	# shellcheck disable=SC2046,SC2086
	clang $link -o "$out/libvelo-audit.so" $(printf '%s\n' $audit | sed 's/c$/o/')
fi
rm audit.o
if [ "$kind" = address ]; then
	runtime=$(clang -print-file-name="libclang_rt.asan-$(uname -m).so")
	link="$link -Wl,--no-as-needed $runtime -Wl,-rpath,$(dirname "$runtime")"
fi
# shellcheck disable=SC2086
clang $link -o "$out/libvelo.so" ./*.o
