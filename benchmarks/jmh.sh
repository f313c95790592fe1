#!/bin/sh
# Measures the inside with JMH: benchmarks/jmh.sh TREE [JMH OPTIONS...], for instance benchmarks/jmh.sh ./node_modules Ingest
set -eu
[ $# -ge 1 ] || { echo "usage: $0 TREE [JMH OPTIONS...]" >&2; exit 2; }
tree=$1
shift
cd "$(dirname "$0")/.."
case $tree in /*) ;; *) tree=$OLDPWD/$tree ;; esac
scratch=${VELO_SCRATCH:-/var/tmp/velo-benchmarks-$$}
mvn -q -B -DskipTests -Dspotless.check.skip -pl benchmarks -am package \
	dependency:build-classpath -Dmdep.outputFile=target/classpath
. benchmarks/java.sh
"$java_home/bin/java" -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath)" org.openjdk.jmh.Main \
	-jvmArgs "--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms1g -Xmx1g -Dvelo.tree=$tree -Dvelo.scratch=$scratch" "$@"
rm -rf "$scratch"
