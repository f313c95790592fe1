#!/usr/bin/env bash
# Measures cold starts: benchmarks/cold-start.sh TREE WARM COMMAND...
#
# COMMAND runs on the tree where it stands (the original), and with the tree shown by a mount there: as it was ingested, with
# --prefetch, and after velo run --record and velo pack --profile. Before each cold run the caches are dropped and everything but the
# tree is read again: the JDK and Velo by a run on another tree, the rest by the shell command WARM ('node -e 0', say), which must
# read whatever else the command loads, system libraries too: strace -f -e openat COMMAND tells. Medians of RUNS
# (default 5), in turn, beside the same runs warm; "cpu" is what the processors worked in that time. With IOPS=1000 the disk is
# throttled to as many read operations a second (cgroup v1 blkio). Takes root. SCRATCH names the folder for the store.
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: $0 TREE WARM COMMAND..." >&2; exit 2; }
tree=$(realpath "$1")
warm=$2
shift 2
runs=${RUNS:-5}
velo=$(realpath "$(dirname "$(realpath "$0")")/../velo")
scratch=${SCRATCH:-/var/tmp/velo-cold-$$}
mkdir -p "$scratch"
export VELO_STORE="$scratch/store"
cgroup=
if [ -n "${IOPS:-}" ]; then
	cgroup=/sys/fs/cgroup/blkio/velo-cold-$$
	mkdir "$cgroup"
	device=$(stat -c %d "$tree")
	device=$((device >> 8 & 0xfff)):$((device & 0xff))
	echo "$device $IOPS" >"$cgroup/blkio.throttle.read_iops_device"
fi
trap '"$velo" umount --idle; [ -z "$cgroup" ] || rmdir "$cgroup"' EXIT

mkdir -p "$scratch/other"
echo other >"$scratch/other/file"
"$velo" ingest -q "$scratch/other" -o "$scratch/other.velo"
"$velo" ingest -q "$tree" -o "$scratch/tree.velo"
# the launcher's archive of classes is made by the first run
"$velo" run "$scratch/other.velo" -- true

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

cool() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	"$velo" run "$scratch/other.velo" -- true
	"$velo" run --prefetch "$scratch/other.velo" -- true
	sh -c "$warm" >/dev/null 2>&1
	"$@" --version >/dev/null 2>&1 || true
}

throttled() {
	if [ -n "$cgroup" ]; then
		sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$@"
	else
		"$@"
	fi
}

# timed NAME COMMAND...: appends seconds and processor seconds
timed() {
	local name=$1
	shift
	TIMEFORMAT='%R %U %S'
	{ time throttled "$@" >/dev/null 2>>"$scratch/messages" 2>&1; } 2>"$scratch/time"
	awk '{ print $1 }' "$scratch/time" >>"$scratch/$name"
	awk '{ print $2 + $3 }' "$scratch/time" >>"$scratch/$name.cpu"
}

original() { timed "$@"; }
mounted() { local name=$1; shift; timed "$name" "$velo" run --mode mount "$scratch/tree.velo" -- "$@"; }
ahead() { local name=$1; shift; timed "$name" "$velo" run --mode mount --prefetch "$scratch/tree.velo" -- "$@"; }

# both LABEL WAY COMMAND...: one cold run, one warm
both() {
	local name=$1 way=$2
	shift 2
	cool true
	"$way" "$name.cold" "$@"
	"$way" "$name.warm" "$@"
}

rm -f "$scratch"/*.cold "$scratch"/*.warm "$scratch"/*.cpu
mounted first "$@"
original first "$@"
for ((i = 0; i < runs; i++)); do
	both original original "$@"
	both mount mounted "$@"
	both prefetch ahead "$@"
done
"$velo" run --record "$scratch/tree.velo" -- "$@" >/dev/null 2>&1
"$velo" pack --profile "$scratch/tree.velo"
mounted first "$@"
for ((i = 0; i < runs; i++)); do
	both profiled mounted "$@"
done
# the launcher's own cold start, apart
for ((i = 0; i < runs; i++)); do
	sync
	echo 3 >/proc/sys/vm/drop_caches
	timed launcher.cold "$velo" run "$scratch/other.velo" -- true
	timed launcher.warm "$velo" run "$scratch/other.velo" -- true
done

value() { median <"$scratch/$1"; }
echo "$* on $tree${IOPS:+, $IOPS reads a second}; medians of $runs"
base=$(value original.cold)
for name in original mount prefetch profiled launcher; do
	awk -v n="$name" -v c="$(value $name.cold)" -v w="$(value $name.warm)" -v u="$(value $name.cold.cpu)" -v o="$base" 'BEGIN {
		printf "%-10s cold %7.3f s (cpu %3.0f %%)  warm %7.3f s  cold/warm %5.2f", n, c, 100 * u / c, w, c / w
		if (n != "launcher") printf "  cold/original cold %5.2f", c / o
		printf "\n" }'
done
echo "left in $scratch; delete it when all measuring is done"
