#!/bin/bash
# SPDX-License-Identifier: MIT
# tools/setup with stand-ins for dpkg-query and apt-get: silent when all is there; installs what is missing, and only that;
# says clearly what failed.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

setup() { env PATH="$work/bin:$PATH" FAKE="$work" "$MIDGE_SOURCE/tools/setup" "$@"; }
stand_in() { printf '#!/bin/bash\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"; }

mkdir bin
stand_in id 'echo 0'
stand_in dpkg-query 'sed "s/^/installed /" "$FAKE/packages"; echo "config-files removed-package"'
stand_in apt-get 'echo "$@" >>"$FAKE/calls"; [[ " $* " != *" $(cat "$FAKE/broken") "* ]] || { echo "E: broken"; exit 100; }'
echo none >broken
sed -n 's/^\([a-z0-9-]*\)|.*/\1/p' "$MIDGE_SOURCE/tools/setup" >all
[ "$(wc -l <all)" -gt 20 ] || fail "the list of packages cannot be read"

cp all packages
setup check >out 2>&1 || fail "setup with everything installed"
[ ! -s out ] && [ ! -e calls ] || fail "must be silent and install nothing: $(cat out)"

grep -vx -e flite -e libcyaml-dev all >packages
setup demo >out 2>&1 || { cat out; fail "setup demo"; }
has 'flite (' <out || fail "does not say what it installs"
has 'libcyaml-dev (' <out || fail "does not say what it installs"
[ "$(head -1 calls | grep -c update)" -eq 1 ] || fail "apt-get update comes first"
has ' install .*libcyaml-dev flite$' <<<"$(tail -1 calls)" || fail "installs something else: $(tail -1 calls)"

: >calls
setup build >out 2>&1 || fail "setup build"
has ' install .* libcyaml-dev$' <<<"$(tail -1 calls)" || fail "build needs no voices: $(tail -1 calls)"

echo update >broken
if setup build >out 2>&1; then fail "no network must be a failure"; fi
has 'apt-get update failed.*network' <out || { cat out; fail "message"; }
echo install >broken
if setup build >out 2>&1; then fail "a failed installation must be a failure"; fi
has 'could not install.*install them by hand: apt-get install libcyaml-dev' <out || { cat out; fail "message"; }
if setup nonsense >out 2>&1; then fail "an unknown set"; fi
