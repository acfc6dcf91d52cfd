#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/sound on the board with the slower clock: simulated sounds are told, and what is none of them is unknown.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
MIDGE="$MIDGE" OUT=$work/out "$MIDGE_SOURCE/examples/sound/run" nrf52840 >said 2>&1 || { cat said; fail "run"; }
has '^nrf52840: [1-9][0-9]* events, the same as on this machine$' <said || fail "events differ: $(cat said)"
# heard FROM TO: the sounds told between these times, ms
heard() { awk -v from="$1" -v to="$2" '$1 > from && $1 <= to { print $2 }' out/sound/firmware/nrf52840/events.txt; }
heard 0 10000 | has '^clock_tick$' || fail "no clock: $(cat said)"
heard 10000 20000 | has '^unknown$' || fail "the siren is known: $(cat said)"
# What `answers` makes of scores: a threshold is half way down to the next score below the lowest that pays.
head='clip\tlabel\train\tunknown\n'
printf "$head"'1\train\t0.8\t0.2\n2\tunknown\t0.6\t0.4\n' >choice.tsv
printf "$head"'1\train\t0.75\t0.25\n2\train\t0.65\t0.35\n3\tunknown\t0.6\t0.4\n4\tunknown\t0.1\t0.9\n' >scores.tsv
"$MIDGE_SOURCE/examples/sound/answers" choice.tsv -- scores.tsv >answers
has '^thresholds: \[rain=0.70\]$' <answers || fail "threshold: $(cat answers)"
has '^known sounds: 2; told rightly 1 (50.0 %), unknown 1 (50.0 %), wrongly 0 (0.0 %); without thresholds 100.0 %' <answers || fail "$(cat answers)"
has '^other sounds: 2; unknown 2 (100.0 %); without thresholds 50.0 %$' <answers || fail "$(cat answers)"
