#!/bin/sh
# Times calls and programs under velo run --mode preload beside the same on the real tree: benchmarks/preload-calls.sh [FOLDER [ROUNDS]]
#
# FOLDER, on the file system to compare with, gets a small tree of its own (default: below /var/tmp). With NODE_MODULES, a folder with
# webpack in it, a small application is built; with PANDAS, a Python environment, pandas is imported. All warm, in turns, medians of
# ROUNDS (default 5). Needs gcc.
set -eu
folder=$(realpath -m "${1:-/var/tmp/velo-preload-calls-$$}")
rounds=${2:-5}
velo=$(realpath "$(dirname "$0")/../velo")
source=$(realpath "$(dirname "$0")/src/programs/preload-calls.c")
mkdir -p "$folder"
cd "$folder"
export VELO_STORE="$folder/store"
trap 'rm -rf "$folder"' EXIT
gcc -O2 -o calls "$source"

mkdir -p real/a/b/c/d/e real/names
head -c 4096 /dev/zero | tr '\0' x >real/a/b/c/d/e/file
i=0
while [ $i -lt 1000 ]; do
	: >"real/names/name-of-a-file-$i"
	i=$((i + 1))
done
"$velo" ingest -q real -o tree.velo

seconds() { # TREE PLACE COMMAND...: a run under the shim that measures itself
	tree=$1 place=$2
	shift 2
	"$velo" run --mode preload --at "$place" "$tree" -- "$@"
}
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
row() { # NAME LIMIT REAL SHIM UNIT DIVISOR
	awk -v name="$1" -v limit="$2" -v real="$3" -v shim="$4" -v unit="$5" -v divisor="$6" 'BEGIN {
		printf "%-28s real %10.2f %s   preload %10.2f %s   %5.2f x   (at most %s)\n", name, real / divisor, unit, shim / divisor, unit, shim / real, limit }'
}

seconds tree.velo "$folder/shown" true # prepares image and libraries
i=0
while [ $i -lt "$rounds" ]; do
	./calls "$folder/real" >>calls.real
	seconds tree.velo "$folder/shown" "$folder/calls" "$folder/shown" >>calls.shim
	./calls start 100 true | sed 's/start/true/' >>calls.real
	seconds tree.velo "$folder/shown" "$folder/calls" start 100 true | sed 's/start/true/' >>calls.shim
	i=$((i + 1))
done
figure() { awk -v name="$2" '$1 == name { print $2 }' "calls.$1" | median; }
row "stat, 6 deep" "0.3 x" "$(figure real stat)" "$(figure shim stat)" us 1000
row "access, missing" "0.3 x" "$(figure real access)" "$(figure shim access)" us 1000
row "readdir, 1,000 names" "0.5 x" "$(figure real readdir)" "$(figure shim readdir)" us 1000
row "open, read, close, 4 KiB" "1.2 x" "$(figure real read)" "$(figure shim read)" us 1000
row "true" "2 ms more" "$(figure real true)" "$(figure shim true)" ms 1000000

compare() { # NAME TREE PLACE REAL-COMMAND SHIM-COMMAND; the commands are for sh
	"$velo" ingest -q "$2" -o other.velo
	seconds other.velo "$3" sh -c "$5" >/dev/null
	rm -f start.real start.shim
	i=0
	while [ $i -lt "$rounds" ]; do
		./calls start 3 sh -c "$4" | cut -d' ' -f2 >>start.real
		seconds other.velo "$3" "$folder/calls" start 3 sh -c "$5" | cut -d' ' -f2 >>start.shim
		i=$((i + 1))
	done
	row "$1" "1.05 x" "$(median <start.real)" "$(median <start.shim)" ms 1000000
}
if [ -n "${PANDAS:-}" ]; then
	packages=$(cd "$PANDAS" && echo lib/python3*/site-packages)
	python=$(realpath "$PANDAS/bin/python3")
	compare "import pandas" "$PANDAS" "$folder/env" "PYTHONPATH='$PANDAS/$packages' '$python' -c 'import pandas'" \
		"PYTHONPATH='$folder/env/$packages' '$python' -c 'import pandas'"
fi
if [ -n "${NODE_MODULES:-}" ]; then
	# the same program beside either tree; the link makes the real one look like the other
	mkdir -p app/src shown-app/src
	echo "import { add } from './add.js'; console.log('sum', add(1, 2));" >app/src/index.js
	echo "export const add = (a, b) => a + b;" >app/src/add.js
	cp app/src/* shown-app/src/
	ln -s "$(realpath "$NODE_MODULES")" app/node_modules
	build='require("webpack")({ mode: "production", context: process.cwd(), entry: "./src/index.js" },
		(error, stats) => { if (error || stats.hasErrors()) { console.error(error || stats.toString()); process.exit(1); } })'
	compare "webpack" "$NODE_MODULES" "$folder/shown-app/node_modules" "cd '$folder/app' && node -e '$build'" \
		"cd '$folder/shown-app' && node -e '$build'"
fi
