#!/usr/bin/env bash
# Measures whole processes side by side with their rivals: benchmarks/whole-process.sh TREE [SCRATCH]
#
# Each pair runs in turn, A B A B, RUNS times (default 7) after one warm-up, and the medians and the median of the pairs' ratios are
# printed. Files are warm. Everything is written to fresh folders in SCRATCH, which is left to be deleted later, because ext4 creates
# files many times slower for minutes after big trees were deleted. On a virtual machine whose memory was never touched, page cache
# comes at the speed of the host's page faults: fill and free the memory once before (TOUCH=20000 does so with as many MiB).
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 TREE [SCRATCH]" >&2; exit 2; }
tree=$(realpath "$1")
scratch=${2:-/var/tmp/velo-whole-process-$$}
runs=${RUNS:-7}
velo=$(dirname "$(realpath "$0")")/../velo
mkdir -p "$scratch"
scratch=$(realpath "$scratch")
parent=$(dirname "$tree")
name=$(basename "$tree")

fresh() { mktemp -u "$scratch/XXXXXXXX"; }

now() { echo "${EPOCHREALTIME/./}"; }

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# measure FUNCTION: seconds of one call
measure() {
	local before after
	before=$(now)
	"$@" >/dev/null 2>&1 || echo "failed: $*" >&2
	after=$(now)
	awk -v d=$((after - before)) 'BEGIN { printf "%.3f\n", d / 1e6 }'
}

# pair LABEL OURS RIVAL: both functions take a fresh path
pair() {
	local label=$1 ours=$2 rival=$3 a b
	: >"$scratch/ours" >"$scratch/rival" >"$scratch/ratio"
	measure "$ours" "$(fresh)" >/dev/null
	measure "$rival" "$(fresh)" >/dev/null
	for ((i = 0; i < runs; i++)); do
		a=$(measure "$ours" "$(fresh)")
		b=$(measure "$rival" "$(fresh)")
		echo "$a" >>"$scratch/ours"
		echo "$b" >>"$scratch/rival"
		awk -v a="$a" -v b="$b" 'BEGIN { printf "%.3f\n", a / b }' >>"$scratch/ratio"
	done
	printf '%-44s %7.3f s  rival %7.3f s  ratio %5.2f\n' "$label" \
		"$(median <"$scratch/ours")" "$(median <"$scratch/rival")" "$(median <"$scratch/ratio")"
}

single() {
	local label=$1
	shift
	: >"$scratch/ours"
	measure "$@" >/dev/null
	for ((i = 0; i < runs; i++)); do
		measure "$@" >>"$scratch/ours"
	done
	printf '%-44s %7.3f s\n' "$label" "$(median <"$scratch/ours")"
}

archive() { tar cf - -C "$parent" "$name" | cat >/dev/null; }
ingest() { "$velo" ingest -q --sync none --store "$1" "$tree" -o "$1.velo"; }
ingest_durably() { "$velo" ingest -q --store "$1" "$tree" -o "$1.velo"; }
ingest_again() { "$velo" ingest -q --sync none --store "$kept" "$tree" -o "$kept.velo"; }
write_durably() { dd if=/dev/zero of="$1" bs=1M count="$mebibytes" conv=fsync; }
checkout() { "$velo" checkout -q --store "$kept" "$kept.velo" "$1"; }
checkout_alone() { "$velo" checkout -q --threads 1 --store "$kept" "$kept.velo" "$1"; }
copy_links() { cp -al "$tree" "$1"; }
run_true() { "$velo" run --store "$kept" "$kept.velo" -- true; }

if [ -n "${TOUCH:-}" ]; then
	dd if=/dev/zero of="/dev/shm/velo-touch" bs=1M count="$TOUCH" 2>/dev/null || true
	rm -f /dev/shm/velo-touch
fi

"$velo" --version >/dev/null
archive
kept=$(fresh)
ingest "$kept"
sleep 0.1
ingest "$kept"
bytes=$(stat -c %s "$kept"/packs/*.pack | awk '{ sum += $1 } END { print sum }')
mebibytes=$(((bytes + 1048575) / 1048576))
echo "tree $tree: $(find "$tree" | wc -l) entries, $mebibytes MiB in packs; medians of $runs runs"
pair "ingest --sync none / tar to a pipe" ingest archive
pair "ingest again, unchanged / tar to a pipe" ingest_again archive
pair "checkout --link / cp -al" checkout copy_links
pair "checkout --link --threads 1 / cp -al" checkout_alone copy_links
run_true
single "run -- true, farm there" run_true
single "velo --version" "$velo" --version
pair "ingest, durable / dd conv=fsync" ingest_durably write_durably
echo "left in $scratch; delete it when all measuring is done"
