#!/bin/sh
# Puts a program and the libraries that it needs into a tree: binaries.sh COMPILER ROOT.
#
#   bin/hello -> needs libgreet.so, which it finds by $ORIGIN/../lib       bin/text -> ../file, not to be run
#   lib/libgreet.so -> needs libdeep.so beside it                          lib/libdeep.so
set -eu
sources=$(cd "$(dirname "$0")" && pwd)/tree
compiler=$1
mkdir -p "$2/bin" "$2/lib"
cd "$2"
$compiler -O1 -shared -fPIC -Wl,-soname,libdeep.so -o lib/libdeep.so "$sources/deep.c"
# shellcheck disable=SC2016 # the loader reads $ORIGIN
$compiler -O1 -shared -fPIC -Wl,-soname,libgreet.so -Wl,-rpath,'$ORIGIN' -o lib/libgreet.so "$sources/greet.c" -Llib -ldeep
# shellcheck disable=SC2016
$compiler -O1 -Wl,-rpath,'$ORIGIN/../lib' -Wl,-rpath-link,lib -o bin/hello "$sources/hello.c" -Llib -lgreet
ln -s ../file bin/text
