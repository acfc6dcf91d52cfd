#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/machine on the board with 16 KB of RAM: the faults of the simulated motor are found when they begin.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
MIDGE="$MIDGE" OUT=$work/out "$MIDGE_SOURCE/examples/machine/run" microbit >said 2>&1 || { cat said; fail "run"; }
[ "$(grep -c 'the same as on this machine' said)" -eq 2 ] || fail "events differ: $(cat said)"
events() { cut -d' ' -f2- "out/$1/firmware/microbit/events.txt"; }
began() { awk -v kind="$2" -v from="$3" '$2 == kind && $1 > from && $1 < from + 2000' "out/$1/firmware/microbit/events.txt" | has .; }
[ "$(events anomaly | sort | uniq -c | tr -s ' ')" = " 3 anomaly" ] || fail "anomalies: $(events anomaly)"
for fault in 12000:outer_race 24000:inner_race 36000:ball; do
    began anomaly anomaly "${fault%:*}" || fail "anomaly: nothing at ${fault%:*} ms"
    began fault_kind "${fault#*:}" "${fault%:*}" || fail "fault_kind: no ${fault#*:} at ${fault%:*} ms"
done
