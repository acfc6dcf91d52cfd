#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/keyword on the board with the slower clock: ten digits said by a computer voice, each heard once; and yes, no and other words.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
for tool in espeak-ng sox; do
    command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
MIDGE="$MIDGE" OUT=$work/out "$MIDGE_SOURCE/examples/keyword/run" nrf52840 >said 2>&1 || { cat said; fail "run"; }
[ "$(grep -c '^nrf52840: [0-9]* events, the same as on this machine$' said)" -eq 2 ] || fail "events differ: $(cat said)"
cut -d' ' -f2 out/digits/firmware/nrf52840/events.txt | cmp - <(seq 0 9) || fail "other digits: $(cat said)"
cut -d' ' -f2 out/yes_no/firmware/nrf52840/events.txt | cmp - <(printf '%s\n' yes no yes no yes no) || fail "other words: $(cat said)"
