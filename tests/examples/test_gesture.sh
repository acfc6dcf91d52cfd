#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/gesture on the board with 16 KB of RAM: each simulated movement is told as it ends.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
MIDGE="$MIDGE" OUT=$work/out "$MIDGE_SOURCE/examples/gesture/run" microbit >said 2>&1 || { cat said; fail "run"; }
has '^microbit: 10 events, the same as on this machine$' <said || fail "events differ: $(cat said)"
for _ in 1 2; do printf '%s\n' AlohomoraCharm ArrestoMomentumCharm AvadaKedavra LocomotorCharm Revelio; done |
    awk '{ print 1000 * NR, $1 }' | cmp - out/charms/firmware/microbit/events.txt || fail "other movements: $(cat said)"
code=0
"$MIDGE_SOURCE/examples/gesture/run" --data nowhere >said 2>&1 || code=$?
[ $code -eq 2 ] && has "'nowhere' is no folder" <said || fail "a folder that is not there: $(cat said)"
