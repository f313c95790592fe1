#!/bin/sh
# Runs real programs on a tree and under velo run --mode preload, and compares what they print and make:
# benchmarks/preload-programs.sh FOLDER [NAME...]
#
# Each tree is a copy in FOLDER, which is moved away before the second run: what is seen then, at the same path, is the shim's doing.
# Not compared are inode numbers, the sizes of directories and the order of their entries, and times that programs take. A line for
# each program says equal, different, or why it was skipped; what was printed stays in FOLDER/results. NAMEs choose some of them.
#
# NODE_MODULES  a folder with webpack, eslint, typescript and jest      PYTHON_ENV  an environment with pandas, scipy and sympy
# JDK           a JDK (default: that of javac)                          PYTHON_LIB  PREFIX/lib/python3.N with test (default: /usr's)
# LIMIT         seconds for one program (default 600)                   CARGO=1     fetches tokio, serde and clap for cargo build
# MODE          another mode of velo run than preload                   VELO_RUN    words instead of velo run and its options
set -eu
[ $# -ge 1 ] || { sed -n '3,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
velo=$(realpath "$(dirname "$0")/../velo")
mkdir -p "$1"
folder=$(realpath "$1")
shift
chosen=" $* "
export VELO_STORE="$folder/store" LC_ALL=C.UTF-8 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
mkdir -p "$folder/at" "$folder/aside" "$folder/results" "$folder/home"
export HOME="$folder/home" # so that programs leave their caches here
failures=0
"$velo" --version >/dev/null 2>&1 # prepares its fast starts, once, and says so

say() { printf '%-20s %s\n' "$1" "$2"; }
has() { command -v "$1" >/dev/null 2>&1; }
wanted() { [ "$chosen" = "  " ] || case $chosen in *" $1 "*) ;; *) return 1 ;; esac; }

# What a run has made, in an order that does not depend on directories.
made() { (cd "$folder/out" && find . -type f ! -name "*.log" -print0 | sort -z | xargs -0r sha256sum); }

# once RESULT WORDS...: runs the command in an empty folder; T is the tree, OUT that folder.
once() {
	result=$folder/results/$1
	shift
	rm -rf "$folder/out"
	mkdir "$folder/out"
	status=0
	(cd "$folder/out" && OUT="$folder/out" timeout "${LIMIT:-600}" "$@") >"$result.raw" 2>&1 </dev/null || status=$?
	{
		sh -c "${filter:-cat}" <"$result.raw"
		echo "status $status"
		made
	} >"$result"
}

# compare NAME TREE COMMAND [FILTER]: the same command for sh with the tree, and without it under the shim.
compare() {
	name=$1 tree=$2 command=$3 filter=${4:-}
	wanted "$name" || return 0
	if [ ! -d "$folder/aside/$tree" ] && [ ! -d "$folder/at/$tree" ]; then
		say "$name" "skipped: there is no tree for it"
		return 0
	fi
	export T="$folder/at/$tree"
	[ -d "$folder/at/$tree" ] || mv "$folder/aside/$tree" "$folder/at/$tree"
	[ -e "$folder/$tree.velo" ] || "$velo" ingest -q --trust "$folder/at/$tree" -o "$folder/$tree.velo"
	once "$name.real" sh -c "$command"
	mv "$folder/at/$tree" "$folder/aside/$tree"
	chmod -R a+rX "$VELO_STORE" 2>/dev/null || true # for programs that become another user
	shown preload "$name.preload"
	lines=$(wc -l <"$folder/results/$name.real")
	if cmp -s "$folder/results/$name.real" "$folder/results/$name.preload"; then
		say "$name" "equal ($lines lines, $(tail -n 1 "$folder/results/$name.real" | cut -c 1-40))"
		return 0
	fi
	# a real tree can be written to; whoever tries to sees the difference on any read-only one
	if [ -z "${VELO_RUN:-}${MODE:-}" ] && [ "$(id -u)" = 0 ]; then
		shown mount "$name.mount"
		if cmp -s "$folder/results/$name.mount" "$folder/results/$name.preload"; then
			say "$name" "equal to the tree mounted read-only ($lines lines); the real one can be written to"
			return 0
		fi
	fi
	say "$name" "different: $(diff "$folder/results/$name.real" "$folder/results/$name.preload" | sed -n '2,3p' | cut -c 1-160 | tr '\n' ' ')"
	failures=$((failures + 1))
}

# shown MODE RESULT: the command with the tree shown to it.
shown() {
	# shellcheck disable=SC2086 # words
	once "$2" ${VELO_RUN:-"$velo" run --mode "${MODE:-$1}" --at "$T" --chdir "$folder/out" "$folder/$tree.velo" --} sh -c "$command"
}

# prepare TREE NAMES: whether the tree has to be made because one of these is wanted.
prepare() {
	tree=$1
	shift
	for name; do
		if wanted "$name"; then
			[ ! -d "$folder/aside/$tree" ] && [ ! -d "$folder/at/$tree" ] && return 0
			return 1
		fi
	done
	return 1
}

# ---- files: a tree of headers with links ----
if prepare files ls find tar rsync grep bash perl vim cp diff; then
	cp -a /usr/include "$folder/at/files"
	(cd "$folder/at/files" && mkdir links && ln stdio.h links/hard && ln -s ../stdio.h links/soft && ln -s nowhere links/dangling &&
		mkdir 'odd names' && : >'odd names/with space' && : >"$(printf 'odd names/\377\376')")
fi
compare ls files 'ls -lR --time-style=full-iso "$T"' \
	"awk '/^total /{ next } /^d/ { \$2 = \"\"; \$5 = \"\" } { print }'"
compare find files 'find "$T" \( -type d -printf "%p %y %m %U %G %T@\n" \) -o -printf "%p %y %m %n %U %G %T@ %s %l\n" | sort'
compare tar files 'tar c --sort=name -C "$T" . | sha256sum'
compare cp files 'cp -a "$T" copy && diff -r --no-dereference "$T" copy && (cd copy && find . ! -type d -printf "%p %m %n %T@ %s\n" | sort)'
compare diff files 'diff -rq --no-dereference "$T" /usr/include | sort'
if has rsync; then compare rsync files 'rsync -aH --stats "$T/" copy | grep -E "^(Number of files|Total file size)" && (cd copy && find . -printf "%p %m %T@\n" | sort)'; fi
compare grep files 'grep -rn "define.*MAX" "$T" | sort'
compare bash files 'bash -c '\''cd "$T" && pwd && for f in std*.h */*.h; do [ -f "$f" ] && echo "$f $(head -n 1 "$f" | cut -c 1-20)"; done; cd links && pwd -P; shopt -s globstar; echo **/hard'\'
if has perl; then
	compare perl files 'perl -MFile::Find -MDigest::SHA -e '\''
		find({ no_chdir => 1, wanted => sub { push @all, $File::Find::name if -f } }, $ENV{T});
		print "$_ ", Digest::SHA->new(256)->addfile($_)->hexdigest, " ", -s $_, "\n" for sort @all; print map { "$_\n" } sort glob("$ENV{T}/std*.h")'\'
fi
if has vim; then
	compare vim files 'vim -es -u NONE -i NONE -n -c "e $T/stdio.h" -c "%s/define/DEFINE/ge" -c "w $OUT/changed" -c "qa!"; ls'
fi

# ---- a repository ----
if has git; then
	if prepare repository git; then
		mkdir "$folder/at/repository"
		(
			cd "$folder/at/repository"
			git init -q -b main . && git config user.name velo && git config user.email velo@example.org
			cp -r /usr/include/linux/*.h . 2>/dev/null || cp /usr/include/*.h .
			git add . && git commit -q -m "first"
			for file in $(ls | head -n 20); do echo "/* changed */" >>"$file"; done
			git commit -q -a -m "second" && git gc -q
			echo "/* not committed */" >>"$(ls | head -n 1)" && : >untracked
		)
	fi
	compare git repository 'cd "$T" && git status --porcelain && git log -p --stat && git diff && git fsck 2>/dev/null && git grep -c define | head -n 50'
fi

# ---- a project in C ----
if prepare project make gcc; then
	mkdir -p "$folder/at/project/include" "$folder/at/project/src"
	(
		cd "$folder/at/project"
		i=0
		while [ $i -lt 40 ]; do
			echo "int part_$i(int x);" >"include/part_$i.h"
			printf '#include <stdio.h>\n#include "part_%d.h"\nint part_%d(int x) { return x * %d + (int)sizeof(FILE *); }\n' $i $i $i >"src/part_$i.c"
			i=$((i + 1))
		done
		{
			echo '#include <stdio.h>'
			i=0
			while [ $i -lt 40 ]; do
				echo "#include \"part_$i.h\""
				i=$((i + 1))
			done
			echo 'int main(void) { printf("%d", part_3(4) + part_39(1)); puts(""); return 0; }'
		} >src/main.c
		cat >Makefile <<'MAKEFILE'
VPATH := $(dir $(lastword $(MAKEFILE_LIST)))src
SOURCES := $(notdir $(wildcard $(VPATH)/*.c))
program: $(SOURCES:.c=.o) ; gcc -o $@ $(sort $^)
%.o: %.c ; gcc -O1 -g -MMD -I$(VPATH)/../include -c -o $@ $<
-include $(SOURCES:.c=.d)
MAKEFILE
	)
fi
if has make; then compare make project 'make -s -j4 -f "$T/Makefile" && ./program && make -f "$T/Makefile"'; fi
compare gcc project 'gcc -g -O2 -I"$T/include" "$T"/src/*.c -o program && ./program && gcc -M -I"$T/include" "$T/src/main.c" && cat > x.c < "$T/src/main.c" && gcc -E -I"$T/include" x.c | sha256sum'

# ---- sqlite ----
if has sqlite3; then
	if prepare database sqlite3; then
		mkdir "$folder/at/database"
		sqlite3 "$folder/at/database/db" "create table t(a integer primary key, b text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into t select i, hex(i) from n;"
	fi
	compare sqlite3 database 'sqlite3 -readonly "$T/db" "select count(*), sum(a), max(b) from t; pragma integrity_check"'
fi

# ---- node_modules, beside a small application ----
app='mkdir -p src && ln -s "$T" node_modules 2>/dev/null
	echo "import { add } from \"./add.js\"; console.log(\"sum\", add(1, 2));" >src/index.js
	echo "export const add = (a, b) => a + b" >src/add.js
	echo "const n: number = \"x\"; export default n;" >src/wrong.ts
	echo "test(\"adds\", () => { expect(1 + 2).toBe(3); });" >src/add.test.js
	echo "{}" >package.json;'
if [ -n "${NODE_MODULES:-}" ] && prepare node_modules node webpack eslint typescript jest; then
	cp -a "$NODE_MODULES" "$folder/at/node_modules"
fi
if has node; then
	compare node node_modules 'node -e "
		const fs = require(\"fs\"), path = require(\"path\"); let n = 0, size = 0;
		for (const e of fs.readdirSync(process.env.T, { recursive: true, withFileTypes: true })) { n++; if (e.isFile()) size += fs.statSync(path.join(e.parentPath ?? e.path, e.name)).size; }
		console.log(n, size, fs.realpathSync(process.env.T), fs.existsSync(process.env.T + \"/none\"));
		fs.promises.readdir(process.env.T).then(l => console.log(l.sort().join()));"'
	compare webpack node_modules "$app"' node -e "require(process.env.T + \"/webpack\")({ mode: \"production\", context: process.cwd(), entry: \"./src/index.js\", devtool: \"source-map\" },
		(error, stats) => { console.log(error || stats.toString({ timings: false, builtAt: false, hash: true })); })"; node dist/main.js; rm -f node_modules'
	compare eslint node_modules "$app"' node "$T/eslint/bin/eslint.js" --no-eslintrc --parser-options=sourceType:module,ecmaVersion:2020 --rule "semi: 2" --rule "no-undef: 2" src/*.js; rm -f node_modules'
	compare typescript node_modules "$app"' node "$T/typescript/bin/tsc" --listFiles --outDir out src/wrong.ts; rm -f node_modules'
	compare jest node_modules "$app"' node "$T/jest/bin/jest.js" --no-cache --rootDir "$OUT" --cacheDirectory "$HOME/jest" -w 2 --ci 2>&1; rm -f node_modules' \
		"sed -E 's/\\([0-9.]+ m?s\\)//; s/^Time:.*//; s/ +\$//'"
fi

# ---- a Python environment ----
if [ -n "${PYTHON_ENV:-}" ] && prepare env python pandas scipy sympy pip compileall; then
	cp -a "$PYTHON_ENV" "$folder/at/env"
fi
compare python env '"$T/bin/python3" -c "import sys, os, zlib, ssl, sqlite3, ctypes; print(sys.prefix, sys.executable, sys.path, os.path.realpath(sys.prefix))"'
compare pandas env '"$T/bin/python3" -c "import pandas, numpy; print(pandas.__file__, numpy.__file__); print(pandas.DataFrame({\"a\": range(100)}).describe())"'
compare scipy env '"$T/bin/python3" -c "import scipy.stats, scipy.linalg, scipy; print(scipy.__file__, scipy.stats.norm.cdf(1.5), scipy.linalg.det([[1, 2], [3, 4]]))"'
compare sympy env '"$T/bin/python3" -c "import sympy; x = sympy.symbols(\"x\"); print(sympy.__file__, sympy.integrate(sympy.sin(x) ** 2, x))"'
compare pip env '"$T/bin/python3" -m pip --no-cache-dir --disable-pip-version-check list'
compare compileall env 'PYTHONPYCACHEPREFIX="$OUT/cache" "$T/bin/python3" -m compileall -q -j 2 "$T"/lib/python3*/site-packages/pandas "$T"/lib/python3*/site-packages/sympy'

# ---- a JDK ----
jdk=${JDK:-}
[ -n "$jdk" ] || ! has javac || jdk=$(dirname "$(dirname "$(realpath "$(command -v javac)")")")
if [ -n "$jdk" ] && prepare jdk javac java jshell; then
	cp -aL "$jdk" "$folder/at/jdk" 2>/dev/null || true # links to what is not installed
fi
hello='echo "public class Hello { public static void main(String[] a) throws Exception { System.out.println(System.getProperty(\"java.home\") + \" \" + java.nio.file.Files.size(java.nio.file.Path.of(System.getProperty(\"java.home\"), \"release\"))); } }" >Hello.java;'
compare javac jdk "$hello"' "$T/bin/javac" -Xlint:all Hello.java && "$T/bin/java" -cp . Hello'
compare java jdk "$hello"' "$T/bin/javac" Hello.java && "$T/bin/jar" --date 2020-01-01T00:00:00Z -c -f app.jar -e Hello Hello.class && "$T/bin/java" -jar app.jar; "$T/bin/java" --list-modules'

# ---- cargo with what it depends on in the tree ----
if has cargo && [ "${CARGO:-}" = 1 ]; then
	real_home=$(getent passwd "$(id -u)" | cut -d: -f6)
	export CARGO_HOME="${CARGO_HOME:-$real_home/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$real_home/.rustup}"
	if prepare crate cargo; then
		mkdir -p "$folder/at/crate/src"
		(
			cd "$folder/at/crate"
			printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ntokio = { version = "1", features = ["full"] }\nserde = { version = "1", features = ["derive"] }\nclap = { version = "4", features = ["derive"] }\n' >Cargo.toml
			printf '#[derive(serde::Serialize)]\nstruct S { n: u32 }\n#[derive(clap::Parser)]\nstruct A { #[arg(long, default_value_t = 3)] n: u32 }\n#[tokio::main]\nasync fn main() { let a = <A as clap::Parser>::parse(); let s = S { n: a.n }; tokio::task::yield_now().await; println!("{}", s.n); }\n' >src/main.rs
			mkdir .cargo && cargo vendor -q >.cargo/config.toml
		)
	fi
	compare cargo crate 'cd "$T" && CARGO_TARGET_DIR="$OUT/target" cargo build --offline --frozen -q && "$OUT/target/debug/app" --n 5; rm -rf "$OUT/target"'
fi

# ---- go is a static program: refused, with advice ----
if has go && wanted go && [ -z "${VELO_RUN:-}" ] && [ -e "$folder/files.velo" ]; then
	status=0
	"$velo" run --mode "${MODE:-preload}" --at "$folder/at/files" "$folder/files.velo" -- go version >"$folder/results/go" 2>&1 || status=$?
	if [ $status -ge 125 ] && grep -q -e --mode "$folder/results/go"; then
		say go "refused: $(head -n 1 "$folder/results/go" | cut -c 1-120)"
	else
		say go "different: not refused with advice: $(head -n 1 "$folder/results/go")"
		failures=$((failures + 1))
	fi
fi

# ---- CPython's own tests, with its library in the tree ----
python_lib=${PYTHON_LIB:-/usr/lib/python3.11}
python=${python_lib%/lib/*}/bin/$(basename "$python_lib")
if [ -d "$python_lib/test" ] && prepare python test_os; then
	mkdir -p "$folder/at/python/lib"
	cp -aL "$python_lib" "$folder/at/python/lib/" 2>/dev/null || true
fi
for suite in test_os test_posix test_posixpath test_pathlib test_glob test_shutil test_import test_zipimport test_tempfile test_subprocess test_mmap; do
	prepare python $suite && mkdir -p "$folder/at/python/lib" && cp -aL "$python_lib" "$folder/at/python/lib/" 2>/dev/null || true
	compare $suite python "PYTHONHOME=\"\$T\" PYTHONDONTWRITEBYTECODE=1 TMPDIR=\"\$OUT\" $python -c 'import os; print(os.__file__)' && PYTHONHOME=\"\$T\" PYTHONDONTWRITEBYTECODE=1 TMPDIR=\"\$OUT\" $python -m unittest -v test.$suite; rm -rf \"\$OUT\"/*" \
		"grep -E '^test.* \\.\\.\\. |^(FAIL|ERROR|OK|FAILED|Ran)|^/' | sed -E 's/ in [0-9.]+s\$//; s/0x[0-9a-f]+//g' | sort"
done
"$velo" umount --idle 2>/dev/null || true
echo "$failures different; results in $folder/results"
[ "$failures" = 0 ]
