#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/machine on the board with 16 KB of RAM: the faults of the simulated motor are found when they begin.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
OUT=$work/out "$MIDGE_SOURCE/examples/machine/run" microbit >said 2>&1 || { cat said; fail "run"; }
[ "$(grep -c 'the same as on this machine' said)" -eq 2 ] || fail "events differ: $(cat said)"
events() { cut -d' ' -f2- "out/$1/firmware/microbit/events.txt"; }
began() { awk -v kind="$2" -v from="$3" '$2 == kind && $1 > from && $1 < from + 2000' "out/$1/firmware/microbit/events.txt" | has .; }
[ "$(events anomaly | sort | uniq -c | tr -s ' ')" = " 3 anomaly" ] || fail "anomalies: $(events anomaly)"
for fault in 12000:outer_race 24000:inner_race 36000:ball; do
    began anomaly anomaly "${fault%:*}" || fail "anomaly: nothing at ${fault%:*} ms"
    began fault_kind "${fault#*:}" "${fault%:*}" || fail "fault_kind: no ${fault#*:} at ${fault%:*} ms"
done

recordings=${MIDGE_SHARED:-}/data/vibration
[ -d "$recordings" ] || exit 0
OUT=$work/data "$MIDGE_SOURCE/examples/machine/run" --data "$recordings" microbit >said 2>&1 || { cat said; fail "run --data"; }
sed -n 's|^recorded: from [0-9]* s \([^/]*\)/.*|\1|p' said >faults
[ "$(wc -l <faults)" -eq 15 ] || fail "recordings: $(cat said)"
cut -d' ' -f2- data/fault_kind/firmware/microbit/events.txt | cmp - faults || fail "faults: $(cat said)"
sed 's/.*/anomaly/' faults | cmp - <(cut -d' ' -f2- data/anomaly/firmware/microbit/events.txt) || fail "anomalies: $(cat said)"
