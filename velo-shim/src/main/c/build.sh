#!/bin/sh
# Builds the shim's two libraries for each architecture that has a compiler here: build.sh [directory], by default into this
# module's classes. They use the headers of a libc and nothing of the libc itself, so that one file serves all of them.
set -eu
cd "$(dirname "$0")"
out=${1:-../../../target/classes/dev/velo/shim}

# what the audit library consists of; the other one is all but audit.c
audit="audit.c dynamic.c image.c crc32c.c text.c place.c proc.c process.c fds.c open.c blob.c sha256.c library.c"

# aarch64: outlined atomics live in libgcc. Loops stay loops: memcpy made of them would call itself.
flags="-std=c11 -O2 -fPIC -ffreestanding -fvisibility=hidden -fno-stack-protector -fno-plt
  -fno-tree-loop-distribute-patterns -fno-ident -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror"
link="-shared -nostdlib -Wl,--hash-style=both -Wl,-z,relro -Wl,-z,noexecstack -Wl,--build-id=none"

prefix() { # the cross tools of an architecture, nothing for this machine's own
    if [ "$1" != "$(uname -m)" ]; then echo "$1-linux-gnu-"; fi
}

compiles() { # <compiler>: it is there, and so are the headers of a libc
    echo '#include <sys/stat.h>' | "$1" -E -x c - > /dev/null 2>&1
}

fresh() { # <file>: newer than everything that it is made of
    [ -e "$1" ] && [ -z "$(find . -newer "$1" -type f)" ]
}

refuse() {
    echo "$*" >&2
    exit 1
}

check() { # <readelf> <library> <pattern of undefined symbols that are permitted>
    if "$1" -dW "$2" | grep -q '(NEEDED)'; then refuse "${2##*/} needs another library"; fi
    if "$1" -SW "$2" | grep -q '\.gnu\.version_r'; then refuse "${2##*/} asks for versions of symbols"; fi
    if "$1" -dW "$2" | grep -q '(TEXTREL)'; then refuse "${2##*/} changes its code when it is loaded"; fi
    undefined=$("$1" --dyn-syms -W "$2" | awk '$7 == "UND" && $8 != ""' | grep -v "$3" || true)
    if [ -n "$undefined" ]; then refuse "${2##*/} refers to something outside:" "$undefined"; fi
}

build() { # <architecture> <tool prefix>
    case $1 in
    x86_64) own="-fcf-protection=none" ;;
    aarch64) own="-mno-outline-atomics" ;;
    esac
    sources=$(ls ./*.c | grep -vx ./audit.c)
    # shellcheck disable=SC2086 # flags and files are words
    "$2gcc" $flags $own $link -o "$work/libvelo" $sources
    # shellcheck disable=SC2086
    "$2gcc" $flags $own $link -o "$work/libvelo-audit" $audit
    # a function that this libc does not have must be a null pointer, not an end of the program
    check "$2readelf" "$work/libvelo" ' WEAK '
    check "$2readelf" "$work/libvelo-audit" 'nothing is permitted'
    for library in libvelo libvelo-audit; do
        mv "$work/$library" "$out/$library-$1.so"
    done
}

compiles "$(prefix "$(uname -m)")gcc" ||
    refuse "The preload shim is written in C: install a compiler and the headers of libc (apt install gcc libc6-dev)."
mkdir -p "$out"
work=$(mktemp -d "$out/.build-XXXXXX")
trap 'rm -rf "$work"' EXIT
for architecture in x86_64 aarch64; do
    if fresh "$out/libvelo-$architecture.so" && fresh "$out/libvelo-audit-$architecture.so"; then continue; fi
    if ! compiles "$(prefix "$architecture")gcc"; then continue; fi
    build "$architecture" "$(prefix "$architecture")"
done
