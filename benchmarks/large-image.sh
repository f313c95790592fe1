#!/bin/sh
# Measures what an image costs by the size of its tree: benchmarks/large-image.sh TREE [SCRATCH]
#
# Binding, opening and mounting, each in a JVM of its own whose classes are loaded, of TREE and of a tree of one file beside it: what
# opening and mounting cost must not tell them apart. benchmarks/million-files.sh makes a tree that is large. Mounting takes root.
# SCRATCH is left to be deleted later.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 TREE [SCRATCH]" >&2; exit 2; }
tree=$(realpath "$1")
scratch=${2:-/var/tmp/velo-large-image-$$}
mkdir -p "$scratch/small"
scratch=$(realpath "$scratch")
echo text >"$scratch/small/file"
cd "$(dirname "$0")/.."
mvn -q -B -DskipTests -Dspotless.check.skip -pl benchmarks -am package \
	dependency:build-classpath -Dmdep.outputFile=target/classpath
. benchmarks/java.sh
# measure STEP STORE, then a tree to ingest, or the store and manifest for which classes are loaded
measure() {
	"$java_home/bin/java" -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath)" \
		--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx2g dev.velo.benchmarks.LargeImage \
		"$1" "$2" "$2.velo" "$3" ${4:+"$4"}
}
measure ingest "$scratch/loading" "$scratch/small"
measure ingest "$scratch/store-small" "$scratch/small"
measure ingest "$scratch/store-large" "$tree"
for size in small large; do
	echo "$size:"
	for step in bind open mount; do
		[ $step != mount ] || [ "$(id -u)" = 0 ] || continue
		measure $step "$scratch/store-$size" "$scratch/loading" "$scratch/loading.velo"
	done
done
[ "$(id -u)" != 0 ] || umount "$scratch"/*/mounts 2>/dev/null || true
echo "left in $scratch"
