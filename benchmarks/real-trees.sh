#!/usr/bin/env bash
# Shows real trees to real programs, and compares every tree with its original: benchmarks/real-trees.sh TREE [SCRATCH]
#
# TREE is any directory tree. Where it is a node_modules with webpack, a small application is built with it as a view; where it is a
# Python environment with pandas, that is imported from a view. Run as root it does everything a second time as user 1000.
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 TREE [SCRATCH]" >&2; exit 2; }
tree=$(realpath "$1")
scratch=${2:-/var/tmp/velo-real-trees-$$}
velo=$(dirname "$(realpath "$0")")/../velo
failures=0
mkdir -p "$scratch"
scratch=$(realpath "$scratch")

check() {
	local label=$1
	shift
	if "$@" >"$scratch/check.log" 2>&1; then
		echo "ok      $label"
	else
		echo "FAILED  $label"
		head -n 5 "$scratch/check.log"
		failures=$((failures + 1))
	fi
}

# Everything that stat tells of every entry but the sizes of directories; then groups of linked names; then extended attributes.
cat >"$scratch/describe" <<'DESCRIBE'
cd "$1"
find . \( -type d -printf '%p\0%y %m %T@\0' \) -o -printf '%p\0%y %m %T@ %s %l\0' | LC_ALL=C sort -z | tr '\0' '\n'
find . ! -type d -links +1 -printf '%i %p\n' | LC_ALL=C sort -k 2 |
	awk '{ i = $1; sub(/^[^ ]+ /, ""); names[i] = names[i] "|" $0; count[i]++ } END { for (i in names) if (count[i] > 1) print names[i] }' |
	LC_ALL=C sort
getfattr -Rhd -m - . 2>/dev/null || true
DESCRIBE
describe() { sh "$scratch/describe" "$1"; }

same() { diff -r --no-dereference "$1" "$2" && cmp <(describe "$1") <(describe "$2"); }
same_inside() { # MANIFEST: compares from within a run
	"${as[@]}" "$velo" run --store "$store" --at "$place" "$1" -- diff -r --no-dereference . "$tree"
	cmp <(describe "$tree") <("${as[@]}" "$velo" run --store "$store" --at "$place" "$1" -- sh "$scratch/describe" .)
}
refuses_writes() {
	! "${as[@]}" "$velo" run --store "$store" --at "$place" "$manifest" -- sh -c 'echo x > velo-was-here'
}
build_with_webpack() {
	local project=$store-project
	mkdir -p "$project/src"
	echo "import { add } from './add.js'; console.log('sum', add(1, 2));" >"$project/src/index.js"
	echo "export const add = (a, b) => a + b;" >"$project/src/add.js"
	chmod -R a+rwX "$project"
	(cd "$project" && "${as[@]}" "$velo" run --store "$store" --at "$project/node_modules" "$manifest" -- \
		node -e 'require("webpack")({ mode: "production", context: process.cwd(), entry: "./src/index.js" },
			(error, stats) => { if (error || stats.hasErrors()) { console.error(error || stats.toString()); process.exit(1); } })') &&
		node "$project/dist/main.js" | grep -q 'sum 3' && [ ! -e "$project/node_modules" ]
}
import_pandas() {
	"${as[@]}" "$velo" run --store "$store" --at "$place" "$manifest" -- \
		env PYTHONPATH="$place/lib/python3.11/site-packages" python3.11 -c \
		'import pandas; assert pandas.__file__.startswith("'"$place"'"), pandas.__file__; print(pandas.DataFrame({"a": [1, 2]}).sum())'
}
run_busybox() {
	"${as[@]}" "$velo" run --store "$store" --at "$place" "$manifest" -- busybox sh -c 'busybox find . | busybox wc -l'
}

everything() {
	manifest=$store.velo
	"${as[@]}" "$velo" ingest -q --store "$store" "$tree" -o "$manifest"
	check "$who: checkout --copy equals the original" checkout_and_compare
	check "$who: inside a run it equals the original" same_inside "$manifest"
	check "$who: a run refuses writes" refuses_writes
	[ ! -d "$tree/webpack" ] || check "$who: webpack builds with node_modules as a view" build_with_webpack
	[ ! -d "$tree/lib/python3.11/site-packages/pandas" ] || check "$who: pandas is imported from a view" import_pandas
	! command -v busybox >/dev/null || check "$who: a static program sees the view" run_busybox
	check "$who: the store verifies" "${as[@]}" "$velo" verify --contents --store "$store"
	check "$who: what is handed out equals the original but for write bits" handed_out
}
checkout_and_compare() {
	"${as[@]}" "$velo" checkout -q --copy --store "$store" "$manifest" "$store-copy" && same "$tree" "$store-copy"
}
handed_out() {
	"${as[@]}" "$velo" checkout -q --store "$store" "$manifest" "$store-links" && diff -r --no-dereference "$tree" "$store-links"
}

who=$(id -un) as=(env) store=$scratch/store place=$scratch/shown
everything
if [ "$(id -u)" = 0 ]; then
	mkdir -p "$scratch/user"
	chown 1000:1000 "$scratch/user"
	who="user 1000" as=(setpriv --reuid=1000 --regid=1000 --clear-groups env HOME="$scratch/user")
	store=$scratch/user/store place=$scratch/user/shown
	everything
fi
echo "$failures failed; left in $scratch"
[ "$failures" = 0 ]
