#!/bin/sh
# Times collections of a store with a million blobs in a hundred trees, half of it dead: benchmarks/collect.sh [FOLDER [PAIRS [FILES]]]
# beside cp of as many bytes. 9 GB in FOLDER.
set -eu
folder=$(realpath -m "${1:-/var/tmp/velo-benchmarks-$$}")
pairs=${2:-50}
files=${3:-20000}
cd "$(dirname "$0")/.."
[ -e velo-api/target/velo-api.jar ] || mvn -q -B -DskipTests -Dspotless.check.skip -pl velo-api -am package
. benchmarks/java.sh
mkdir -p "$folder/copy"
export VELO_STORE="$folder/store"
"$java_home/bin/java" --enable-native-access=ALL-UNNAMED -cp velo-api/target/velo-api.jar \
	benchmarks/src/programs/ManyBlobs.java "$VELO_STORE" "$folder" "$pairs" "$files"
rm "$folder"/all-*.velo
seconds() {
	start=$(date +%s%N)
	"$@" >/dev/null
	end=$(date +%s%N)
	echo "$start $end" | awk '{printf "%.2f s", ($2 - $1) / 1e9}'
}
./velo --version >/dev/null
cat "$VELO_STORE"/packs/* >/dev/null
sync
for round in 1 2 3; do
	echo "gc, 64 MB of heap: $(VELO_JAVA_OPTS=-Xmx64m seconds ./velo gc --prune-stale)"
done
living() {
	cp $(ls -d "$VELO_STORE"/packs/* | head -n $((pairs / 2))) "$folder/copy/"
	sync -f "$folder/copy"
}
echo "cp and sync of half of the packs: $(seconds living)"
echo "gc --delete of half of the blobs: $(seconds ./velo gc --prune-stale --delete --yes)"
./velo gc >/dev/null
for round in 1 2 3; do
	echo "gc again: $(seconds ./velo gc)"
done
du -sm "$VELO_STORE/packs" "$folder/copy"
./velo verify
rm -rf "$folder"
