#!/bin/sh
# Makes 1,000,000 small files in SCRATCH and prints the peak memory of their ingest: benchmarks/million-files.sh [SCRATCH]
set -eu
scratch=${1:-/var/tmp/velo-million-$$}
velo=$(dirname "$(realpath "$0")")/../velo
command -v python3 >/dev/null || { echo "python3 is needed to make the files" >&2; exit 2; }
[ -x /usr/bin/time ] || { echo "/usr/bin/time is needed; install the package time" >&2; exit 2; }
mkdir -p "$scratch"
if [ ! -d "$scratch/tree" ]; then
	python3 - "$scratch/tree" <<'PYTHON'
import os
import sys

for folder in range(1000):
    path = os.path.join(sys.argv[1], "folder-%03d" % folder)
    os.makedirs(path)
    for number in range(1000):
        with open(os.path.join(path, "file-%03d.txt" % number), "w") as file:
            file.write("%d %d\n" % (folder, number) + "x" * 200)
PYTHON
fi
"$velo" --version >/dev/null
for round in new unchanged; do
	/usr/bin/time -f "$round: %e s, %M KiB resident at most" \
		"$velo" ingest -q --sync none --store "$scratch/store" "$scratch/tree" -o "$scratch/tree.velo"
done
echo "left in $scratch"
