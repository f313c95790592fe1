#!/bin/sh
# Times commands and mounts of a view that a program has open: benchmarks/in-process.sh TREE [FOLDER [ROUNDS]]; as root.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 TREE [FOLDER [ROUNDS]]" >&2; exit 2; }
tree=$(realpath "$1")
folder=$(realpath -m "${2:-/var/tmp/velo-benchmarks-$$}")
cd "$(dirname "$0")/.."
[ -e velo-api/target/velo-api.jar ] || mvn -q -B -DskipTests -Dspotless.check.skip -pl velo-api -am package
. benchmarks/java.sh
"$java_home/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp velo-api/target/velo-api.jar \
	benchmarks/src/programs/InProcess.java "$tree" "$folder" "${3:-100}"
./velo umount --idle --store "$folder/store"
rm -rf "$folder"
