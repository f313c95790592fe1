# shellcheck shell=sh
# Sourced by benchmarks: java_home becomes that of a JDK of version 22 or later, VELO_JAVA_HOME and JAVA_HOME first.
java_home=${VELO_JAVA_HOME:-}
for candidate in "$java_home" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
	if [ -x "$candidate/bin/java" ] && grep -Eq '^JAVA_VERSION="(2[2-9]|[3-9][0-9])' "$candidate/release" 2>/dev/null; then
		java_home=$candidate
		break
	fi
done
