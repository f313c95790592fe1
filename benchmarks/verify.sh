#!/usr/bin/env bash
# Measures `velo verify --contents` of a tree's store beside as many `openssl dgst -sha256` as there are processors:
# benchmarks/verify.sh TREE [SCRATCH]
#
# The tree is ingested into packs of 128 MiB, so that openssl can share them out. Both run in turn, RUNS times (default 7) after one
# warm-up, on warm packs, and the medians and the median of the pairs' ratios are printed: above 1, Velo is the faster. The store
# should have a gigabyte or more. Everything is written to SCRATCH, which is left.
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 TREE [SCRATCH]" >&2; exit 2; }
tree=$(realpath "$1")
scratch=${2:-/var/tmp/velo-verify-$$}
runs=${RUNS:-7}
velo=$(dirname "$(realpath "$0")")/../velo
mkdir -p "$scratch"
scratch=$(realpath "$scratch")
export VELO_STORE=$scratch/store

now() { echo "${EPOCHREALTIME/./}"; }

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

measure() {
	local before after
	before=$(now)
	"$@" >/dev/null
	after=$(now)
	awk -v d=$((after - before)) 'BEGIN { printf "%.3f\n", d / 1e6 }'
}

ours() { "$velo" verify --contents --max-age 0s -q; }

rival() { printf '%s\0' "$VELO_STORE"/packs/*.pack | xargs -0 -n 1 -P "$(nproc)" openssl dgst -sha256; }

"$velo" ingest "$tree" -o "$scratch/tree.velo" --pack-size 128 --sync none -q
cat "$VELO_STORE"/packs/*.pack >/dev/null
measure ours >/dev/null
measure rival >/dev/null
: >"$scratch/ours" >"$scratch/rival" >"$scratch/ratio"
for ((i = 0; i < runs; i++)); do
	a=$(measure ours)
	b=$(measure rival)
	echo "$a" >>"$scratch/ours"
	echo "$b" >>"$scratch/rival"
	awk -v a="$a" -v b="$b" 'BEGIN { printf "%.3f\n", b / a }' >>"$scratch/ratio"
done
du -cb "$VELO_STORE"/packs/*.pack | tail -n 1 | awk '{ printf "packs    %.2f GB\n", $1 / 1e9 }'
echo "velo     $(median <"$scratch/ours") s"
echo "openssl  $(median <"$scratch/rival") s, $(nproc) side by side"
echo "ratio    $(median <"$scratch/ratio")"
