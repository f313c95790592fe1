#!/usr/bin/env bash
# Installing a known dependency tree beside bun, pnpm and npm, and worktrees that share one: benchmarks/projects.sh PROJECT [SCRATCH]
#
# PROJECT is a folder with a package.json and a package-lock.json. Each tool puts its tree into an empty place, from a warm cache, in
# rounds; medians in seconds. Then one package is changed (CHANGE, prettier@3.6.1 unless set): npm over the earlier node_modules, and
# Velo. Then ten worktrees. Takes npm, git, a registry, and for mounts root; 6 GB in SCRATCH, which is left there.
set -euo pipefail

project=$(realpath "${1:?name a folder with a package.json and a package-lock.json}")
scratch=${2:-/var/tmp/velo-projects-$$}
velo=$(realpath "$(dirname "$(realpath "$0")")/../velo")
rounds=${ROUNDS:-5}
change=${CHANGE:-prettier@3.6.1}
mkdir -p "$scratch/old"
scratch=$(realpath "$scratch")
export VELO_STORE=$scratch/store PATH=$scratch/tools/node_modules/.bin:$PATH
export npm_config_cache=$scratch/npm-cache npm_config_update_notifier=false npm_config_ignore_scripts=true
npm install --silent --no-audit --no-fund --ignore-scripts=false --prefix "$scratch/tools" pnpm@9.15.9 bun@1.2.20 >/dev/null

seconds() { # COMMAND...: how long it takes
	local begin end
	begin=$(date +%s.%N)
	"$@" >"$scratch/output" 2>&1 || { cat "$scratch/output" >&2; return 1; }
	end=$(date +%s.%N)
	awk -v a="$begin" -v b="$end" 'BEGIN {printf "%.3f\n", b - a}'
}

median() { sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'; }

number=0
empty() { # moves the tree away: deleting one would make the next slower
	number=$((number + 1))
	if mountpoint -q node_modules; then umount node_modules; elif [ -d node_modules ]; then mv node_modules "$scratch/old/$number"; fi
}

folder() { # NAME: a copy of the project
	mkdir -p "$scratch/$1"
	cp "$project/package.json" "$project/package-lock.json" "$scratch/$1"
	chmod u+w "$scratch/$1"/*
	cd "$scratch/$1"
}

folder velo && "$velo" init -q && "$velo" install -q --link && empty
folder bun && bun install --ignore-scripts >/dev/null 2>&1 && empty
folder pnpm && pnpm import >/dev/null 2>&1 && pnpm install --frozen-lockfile --ignore-scripts >/dev/null 2>&1 && empty
sleep 5

declare -A times
for ((round = 0; round < rounds; round++)); do
	cd "$scratch/velo"
	times[link]+=$(seconds "$velo" install --link)$'\n' && empty
	[ "$(id -u)" != 0 ] || { times[mount]+=$(seconds "$velo" install --mount)$'\n' && empty; }
	times[run]+=$(seconds "$velo" run -q true)$'\n'
	cd "$scratch/bun"
	times[bun]+=$(seconds bun install --frozen-lockfile --ignore-scripts)$'\n' && empty
	cd "$scratch/pnpm"
	times[pnpm]+=$(seconds pnpm install --frozen-lockfile --ignore-scripts --offline)$'\n' && empty
done
folder npm
times[npm]=$(seconds npm ci --no-audit --no-fund --prefer-offline)
for each in mount link run bun pnpm npm; do
	[ -z "${times[$each]:-}" ] || printf '%-6s %s\n' "$each" "$(printf '%s' "${times[$each]}" | sed '/^$/d' | median)"
done

echo "after a change to $change:"
folder changed && npm install --silent --package-lock-only --no-audit --no-fund "$change" >/dev/null && npm cache add "$change"
cp package.json package-lock.json "$scratch/npm"
cp package.json package-lock.json "$scratch/velo"
cd "$scratch/npm" && printf '%-6s %s\n' npm "$(seconds npm install)"
cd "$scratch/velo" && printf '%-6s %s\n' velo "$(seconds "$velo" install)" && empty

[ "$(id -u)" = 0 ] || exit 0
echo "ten worktrees:"
cp "$project/package.json" "$project/package-lock.json" "$scratch/velo"
cd "$scratch/velo"
printf 'node_modules\n' >>.gitignore
git init -q -b main . && git add . && git -c user.name=x -c user.email=x@example.org commit -qm one
before=$(df --output=used -B1 "$scratch" | tail -1)
for each in 1 2 3 4 5 6 7 8 9 10; do seconds "$velo" worktree add -q "../tree$each"; done | median
sync
echo "$((($(df --output=used -B1 "$scratch" | tail -1) - before) / 10)) bytes each"
for each in 1 2 3 4 5 6 7 8 9 10; do "$velo" worktree remove --force "../tree$each"; done
"$velo" umount --idle >/dev/null
