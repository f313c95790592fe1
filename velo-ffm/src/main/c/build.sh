#!/bin/sh
# Builds the stub and the runner for both architectures: build.sh [directory], by default into this module's resources.
# The same tools give the same bytes; compilers.txt says which ones gave those that are checked in (build.sh --tools: those here).
set -eu
cd "$(dirname "$0")"
wanted=${VELO_ARCHITECTURES:-x86_64 aarch64}

prefix() { # the cross tools of an architecture, nothing for this machine's own
    if [ "$1" != "$(uname -m)" ]; then echo "$1-linux-gnu-"; fi
}

tools() {
    for architecture in $wanted; do
        for tool in gcc ld; do
            echo "$architecture $tool $("$(prefix "$architecture")$tool" --version | head -n 1 | sed 's/^[^(]*//')"
        done
    done
}

if [ "${1:-}" = --tools ]; then
    tools
    exit
fi
[ $# -gt 0 ] || tools > compilers.txt
out=${1:-../resources/dev/velo/ffm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags="-std=c11 -Os -ffreestanding -fPIE -fomit-frame-pointer -fno-stack-protector -fno-asynchronous-unwind-tables
  -fno-unwind-tables -fno-jump-tables -fno-tree-loop-distribute-patterns -fvisibility=hidden -fno-ident
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror"
link="-nostdlib -static -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,max-page-size=65536"

build() { # <architecture> <tool prefix> <flags of the architecture>
    # shellcheck disable=SC2086 # the flags are words
    "$2gcc" $flags $3 $link -Wl,-T,stub.lds -o "$work/stub" stub.c
    # shellcheck disable=SC2086
    "$2gcc" $flags $3 $link -Wl,-T,runner.lds -o "$work/runner" runner.c
    for elf in stub runner; do
        "$2readelf" -rW "$work/$elf" | grep -q 'no relocations'
        if "$2readelf" -sW "$work/$elf" | grep -w UND | grep -qv ' 0: '; then
            echo "$elf-$1 refers to something outside" >&2
            exit 1
        fi
    done
    "$2objcopy" -O binary -j .text "$work/stub" "$out/stub-$1.bin"
    "$2objcopy" --strip-all "$work/runner" "$out/runner-$1"
    chmod 644 "$out/stub-$1.bin" "$out/runner-$1"
}

for architecture in $wanted; do
    case $architecture in
    x86_64) build x86_64 "$(prefix x86_64)" "-mno-red-zone -fcf-protection=none" ;;
    aarch64) build aarch64 "$(prefix aarch64)" "-mgeneral-regs-only -mbranch-protection=none -mno-outline-atomics" ;;
    esac
done
