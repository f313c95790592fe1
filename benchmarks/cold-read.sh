#!/usr/bin/env bash
# Measures reading a whole tree from the disk: benchmarks/cold-read.sh TREE
#
# cat of every file, caches dropped before: of the tree where it stands, of its mount, and of its mount after a prefetch that is timed
# with it. Medians of RUNS (default 5), in turn. Takes root. SCRATCH names the folder for the store.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: $0 TREE" >&2; exit 2; }
tree=$(realpath "$1")
runs=${RUNS:-5}
velo=$(realpath "$(dirname "$(realpath "$0")")/../velo")
scratch=${SCRATCH:-/var/tmp/velo-cold-read-$$}
mkdir -p "$scratch/shown"
export VELO_STORE="$scratch/store"
trap '"$velo" umount "$scratch/shown" 2>/dev/null || true; "$velo" umount --idle' EXIT

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
now() { echo "${EPOCHREALTIME/./}"; }

"$velo" ingest -q "$tree" -o "$scratch/tree.velo"
"$velo" mount "$scratch/tree.velo" "$scratch/shown"
# the tools are warm, as is what tells the files' names: their order in the tree
(cd "$tree" && find . -type f -print0 | LC_ALL=C sort -z) >"$scratch/names"
echo "$tree: $(tr -dc '\0' <"$scratch/names" | wc -c) files; medians of $runs"

cool() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	xargs -0 cat </dev/null
	cat "$scratch/names" >/dev/null
	"$velo" --version >/dev/null
}

read_all() { (cd "$1" && xargs -0 cat <"$scratch/names" >/dev/null); }
original() { read_all "$tree"; }
mounted() { read_all "$scratch/shown"; }
# what a run with --prefetch does beside its command; the launcher is warm
ahead() { "$velo" run --mode mount --prefetch --at "$scratch/at" "$scratch/tree.velo" -- xargs -0 cat <"$scratch/names" >/dev/null; }

for way in original mounted ahead; do : >"$scratch/$way"; done
for ((i = 0; i < runs; i++)); do
	for way in original mounted ahead; do
		cool
		[ $way != ahead ] || "$velo" run --mode mount --at "$scratch/at" "$scratch/tree.velo" -- true
		start=$(now)
		$way
		echo $(($(now) - start)) >>"$scratch/$way"
	done
done
base=$(median <"$scratch/original")
for way in original mounted ahead; do
	awk -v n=$way -v t="$(median <"$scratch/$way")" -v b="$base" \
		'BEGIN { printf "%-10s %7.3f s  / original %5.2f\n", n, t / 1e6, t / b }'
done
echo "left in $scratch; delete it when all measuring is done"
