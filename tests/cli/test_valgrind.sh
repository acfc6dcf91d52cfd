#!/bin/bash
# SPDX-License-Identifier: MIT
# Corrupted models under Valgrind: one of each kind of corruption is inspected, and each that is not refused is run. With
# an argument N, the first N of each kind are inspected.
bad=${MIDGE_SHARED:-}/conformance/bad
[ -d "$bad" ] || { echo "skipped: there is no $bad"; exit 77; }
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed (tools/setup check)"; exit 77; }
if grep -q __asan_init "$MIDGE"; then echo "skipped: the sanitizers of this build watch memory themselves"; exit 77; fi
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# watched NAME ARGUMENTS...: midge may refuse, with a message, but no signal ends it, and Valgrind finds nothing
watched() {
    local code=0 log="$1.log"
    shift
    timeout 120 valgrind -q --error-exitcode=99 "$MIDGE" "$@" >"$log" 2>&1 || code=$?
    [ "$code" -eq 0 ] || { [ "$code" -le 2 ] && has '^midge: ' <"$log"; } || { cat "$log"; fail "exit code $code: midge $*"; }
}
inspect() { watched "$1.inspect" inspect "$bad/$1"; }

# Runs on as many zeros as a run takes, which midge tells when it gets none.
run() {
    local bytes
    bytes=$({ "$MIDGE" run "$bad/$1" --input empty --output "$1.out" 2>&1 || true; } | sed -n 's/.* takes \([0-9]*\) .*/\1/p')
    [ -n "$bytes" ] || return 0
    head -c "$bytes" /dev/zero >"$1.in"
    watched "$1.run" run "$bad/$1" --input "$1.in" --output "$1.out" --max-rounds 100
}

# each FUNCTION <NAMES: two at a time
each() { xargs -P2 -I{} bash -euo pipefail -c "$1 {}" || fail "see above"; }

export bad
export -f inspect run watched has fail
: >empty
sed 1d "$bad/index.tsv" | cut -f1 | each run
awk -F'\t' -v n="${1:-1}" 'NR > 1 && seen[$3]++ < n { print $1 }' "$bad/index.tsv" | each inspect
echo "$(ls *.inspect.log | wc -l) models inspected, $(ls *.run.log | wc -l) run, without an error of memory"
