#!/usr/bin/env bash
# Disk that ten projects take in one store, beside pnpm and bun: benchmarks/ten-projects.sh [SCRATCH]
#
# Two families of projects, a web front end and a service, each five times with some versions changed: a lockfile is made of the
# family's package.json as the registry was at BEFORE, and changed by npm. npm installs all ten; Velo takes them into one store, shows
# them as farms of hard links, and lays them away. pnpm and bun install the same lockfiles, each with a store of its own. No scripts of
# packages are run. Takes npm, a registry, 7 GB and 3 million inodes in SCRATCH (by default below /var/tmp), which is left there.
#
# "On disk" is du over the store, or over store and projects together: whole blocks, a linked file once, directories too.
# SMALL=1 installs the service alone, five times: a look whether all works.
set -euo pipefail

scratch=${1:-/var/tmp/velo-ten-projects-$$}
velo=$(realpath "$(dirname "$(realpath "$0")")/../velo")
mkdir -p "$scratch"
scratch=$(realpath "$scratch")
before=${BEFORE:-2025-08-15}
pnpm_version=9.15.9
bun_version=1.2.20
variants="1 2 3 4 5"
families="front service"
[ -z "${SMALL:-}" ] || families=service
# npm installs that look at nothing of this user's
export npm_config_cache=$scratch/npm-cache npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false

front='"@emotion/react": "11.14.0", "@emotion/styled": "11.14.1", "@mui/icons-material": "5.18.0", "@mui/material": "5.18.0",
	"next": "14.2.31", "react": "18.3.1", "react-dom": "18.3.1", "@babel/core": "7.28.0", "@babel/preset-env": "7.28.0",
	"@babel/preset-react": "7.27.1", "@babel/preset-typescript": "7.27.1", "autoprefixer": "10.4.20", "babel-loader": "9.2.1",
	"eslint": "8.57.1", "jest": "29.7.0", "postcss": "8.5.6", "prettier": "3.6.2", "storybook": "7.6.20", "tailwindcss": "3.4.17",
	"typescript": "5.9.2", "webpack": "5.99.9"'
service='"axios": "1.11.0", "express": "4.21.2", "lodash": "4.17.21", "pino": "9.7.0", "zod": "3.25.76", "esbuild": "0.25.8",
	"mocha": "10.8.2", "typescript": "5.9.2", "webpack": "5.99.9"'

changes() { # FAMILY VARIANT: what it has in other versions than the first
	case $1-$2 in
	front-2) echo typescript@5.8.3 prettier@3.5.3 webpack@5.98.0 ;;
	front-3) echo next@14.2.30 eslint@8.57.0 postcss@8.5.3 ;;
	front-4) echo @mui/material@5.17.1 @mui/icons-material@5.17.1 tailwindcss@3.4.16 ;;
	front-5) echo @babel/core@7.27.4 @babel/preset-env@7.27.2 jest@29.6.4 storybook@7.6.19 ;;
	service-2) echo typescript@5.8.3 zod@3.25.67 ;;
	service-3) echo axios@1.10.0 pino@9.6.0 webpack@5.98.0 ;;
	service-4) echo esbuild@0.25.5 mocha@10.8.1 ;;
	service-5) echo express@4.21.1 typescript@5.7.3 axios@1.9.0 ;;
	esac
}

projects=()
for family in $families; do
	for variant in $variants; do projects+=("$family-$variant"); done
done

run() { # LABEL COMMAND...: says what it does, and what went wrong
	echo "$1" >&2
	"${@:2}" >"$scratch/log" 2>&1 || {
		tail -n 20 "$scratch/log" >&2
		exit 1
	}
}
lock() { npm install --package-lock-only --ignore-scripts --legacy-peer-deps --before="$before" "$@"; }
on_disk() { du -sc --block-size=1 "$@" | awk 'END { print $1 }'; }
of_all() { printf "$scratch/$1/%s/node_modules\n" "${projects[@]}"; }

for family in $families; do
	for variant in $variants; do
		project=$scratch/npm/$family-$variant
		mkdir -p "$project"
		cd "$project"
		if [ "$variant" = 1 ]; then
			printf '{ "name": "%s", "version": "1.0.0", "private": true,\n"dependencies": { %s } }\n' "$family" "${!family}" >package.json
			run "$family: lockfile" lock
		else
			cp ../"$family-1"/package.json ../"$family-1"/package-lock.json .
			# shellcheck disable=SC2046 # words
			run "$family-$variant: lockfile" lock --save-exact $(changes "$family" "$variant")
		fi
	done
done
for project in "${projects[@]}"; do
	cd "$scratch/npm/$project"
	run "$project: npm" npm ci --ignore-scripts --legacy-peer-deps
	for other in pnpm bun; do
		mkdir -p "$scratch/$other/$project"
		cp package.json package-lock.json "$scratch/$other/$project/"
	done
done
mapfile -t installed < <(of_all npm)

# what there is: every content once, told by digests that Velo has no part in
find "${installed[@]}" -type f ! -size 0 -print0 >"$scratch/files"
xargs -0 stat --printf='%s\n' <"$scratch/files" >"$scratch/sizes"
xargs -0 sha256sum <"$scratch/files" | sed 's/^\\//' | cut -c 1-64 >"$scratch/digests"
read -r apparent unique contents < <(paste "$scratch/sizes" "$scratch/digests" |
	awk '{ all += $1 } !seen[$2]++ { one += $1; n++ } END { printf "%.0f %.0f %.0f\n", all, one, n }')

table=$scratch/table
: >"$table"
row() { printf '%s\t%s\n' "$1" "$2" >>"$table"; }
row "apparent bytes of all projects" "$apparent"
row "unique bytes, $contents contents" "$unique"
row "npm: projects on disk" "$(on_disk "${installed[@]}")"

# npm gives files the time of the installation: one time for all lets equal packages share what is made of them
export VELO_STORE=$scratch/velo
for project in "${projects[@]}"; do
	run "$project: velo ingest" "$velo" ingest -q --mtime 1985-10-26T08:15:00Z -o "$scratch/$project.velo" "$scratch/npm/$project/node_modules"
done
row "velo: after ingest" "$(on_disk "$VELO_STORE")"
for project in "${projects[@]}"; do
	mkdir -p "$scratch/shown/$project"
	run "$project: velo farm" "$velo" run --mode link --at "$scratch/shown/$project/node_modules" "$scratch/$project.velo" -- true
done
row "velo: with farms of all" "$(on_disk "$VELO_STORE")"
objects=$(find "$VELO_STORE/objects" -type f -printf '%s %b\n' | awk '{ n++; size += $1; disk += $2 * 512 } END { printf "%.0f %.0f %.0f\n", n, size, disk }')
folders=$(find "$VELO_STORE/farms" -type d -printf '%b\n' | awk '{ n++; disk += $1 * 512 } END { printf "%.0f %.0f\n", n, disk }')
# a loose file is let be for a minute after its last change, since somebody may be about to link it: that of a farm goes with the
# collection after the one that takes the farm
for round in 1 2; do
	sleep 61
	run "velo gc --derived, $round" "$velo" gc -q --derived --delete --yes
done
row "velo: after gc --derived" "$(on_disk "$VELO_STORE")"
if "$velo" repack --help | grep -q -- --cold; then
	run "velo repack --cold" "$velo" repack -q --cold
	row "velo: after repack --cold" "$(on_disk "$VELO_STORE")"
else
	echo "this velo has no repack --cold; that line is left out" >&2
fi
run "velo verify" "$velo" verify --contents

run "pnpm and bun themselves" npm install --ignore-scripts --prefix "$scratch/tools" --no-save "pnpm@$pnpm_version" "bun@$bun_version"
# its package holds one for each libc and processor
for bun in "$scratch"/tools/node_modules/@oven/*/bin/bun; do
	! "$bun" --version >/dev/null 2>&1 || break
done
for project in "${projects[@]}"; do
	cd "$scratch/pnpm/$project"
	export XDG_CACHE_HOME=$scratch/pnpm-cache
	run "$project: pnpm import" "$scratch/tools/node_modules/.bin/pnpm" import
	rm package-lock.json
	run "$project: pnpm" "$scratch/tools/node_modules/.bin/pnpm" install --frozen-lockfile --ignore-scripts \
		--store-dir "$scratch/pnpm-store" --package-import-method hardlink --config.strict-peer-dependencies=false
	cd "$scratch/bun/$project"
	export BUN_INSTALL_CACHE_DIR=$scratch/bun-cache
	run "$project: bun" "$bun" install --ignore-scripts --backend hardlink
done
row "pnpm: store" "$(on_disk "$scratch/pnpm-store")"
mapfile -t theirs < <(of_all pnpm)
row "pnpm: store and projects" "$(on_disk "$scratch/pnpm-store" "${theirs[@]}")"
row "bun: cache" "$(on_disk "$scratch/bun-cache")"
mapfile -t theirs < <(of_all bun)
row "bun: cache and projects" "$(on_disk "$scratch/bun-cache" "${theirs[@]}")"

awk -F '\t' -v unique="$unique" '{ printf "%-36s %8.1f MB  %5.3f x unique\n", $1, $2 / 1e6, $2 / unique }' "$table"
read -r count size disk <<<"$objects"
echo "loose files of the farms: $count, $((size / 1000000)) MB, on disk $((disk / 1000000)) MB"
read -r count disk <<<"$folders"
echo "folders of the farms: $count, on disk $((disk / 1000000)) MB"
echo "left in $scratch; delete it when all measuring is done"
