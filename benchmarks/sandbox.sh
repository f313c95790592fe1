#!/bin/sh
# Times sandboxes of a program, beside bubblewrap: benchmarks/sandbox.sh [FOLDER [ROUNDS]]; as root or anybody else.
set -eu
folder=$(realpath -m "${1:-/var/tmp/velo-benchmarks-$$}")
rounds=${2:-300}
cd "$(dirname "$0")/.."
[ -e velo-api/target/velo-api.jar ] || mvn -q -B -DskipTests -Dspotless.check.skip -pl velo-api -am package
. benchmarks/java.sh
mkdir -p "$folder"
./velo base busybox -q --store "$folder/store" -o "$folder/base.velo"
./velo checkout -q --store "$folder/store" "$folder/base.velo" "$folder/root"
echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, Linux $(uname -r), $(bwrap --version)"
"$java_home/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp velo-api/target/velo-api.jar \
	benchmarks/src/programs/Sandboxes.java "$folder/store" "$folder/base.velo" "$folder/root" "$rounds"
# the rival without a JVM around it
if command -v hyperfine >/dev/null; then
	hyperfine -N --style basic -w 20 -r "$rounds" --export-csv "$folder/bwrap.csv" \
		"bwrap --unshare-all --cap-drop ALL --clearenv --bind $folder/root / --tmpfs /tmp --dev /dev --proc /proc /bin/true" >/dev/null 2>&1
	awk -F, 'NR == 2 {printf "hyperfine of bwrap: min %.3f  median %.3f  max %.3f ms\n", $7 * 1000, $4 * 1000, $8 * 1000}' \
		"$folder/bwrap.csv"
fi
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
./velo umount --idle --store "$folder/store"
rm -rf "$folder"
