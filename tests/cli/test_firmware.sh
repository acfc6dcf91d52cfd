#!/bin/bash
# SPDX-License-Identifier: MIT
# Firmware on every emulated board: the events that come over its serial port are those of `midge eval --stream`. One that is
# too slow says so, and one that is too large is not linked.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
firmware() { make -s -f "$MIDGE_SOURCE/ports/boards/firmware.mk" PROJECT=bell SAMPLES=samples.bin "$@"; }

project bell
others=$(ls bell/recordings | tail -n +2 | paste -sd, | sed 's/,/, /g')
printf 'decide: {every_ms: 64, smoothing: 2, refractory_ms: 300, background: [%s]}\n' "$others" >>bell/midge.yaml
"$MIDGE" train bell >/dev/null 2>&1 && "$MIDGE" quantize bell >/dev/null 2>&1 || fail "train, quantize"
"$MIDGE" data compose bell -o long.wav --hours 0.02 --clips-per-hour 1200 --snr-min 20 --snr-max 30 >/dev/null 2>&1 || fail "compose"
tail -c +45 long.wav >samples.bin
"$MIDGE" eval bell --stream long.wav --truth long.csv --json >report.json 2>/dev/null || fail "eval"
sed -n '/"detections"/,/\]/p' report.json | tr -d ' ",' |
    awk -F: '/^label/ { label = $2 } /^time_s/ { time = $2 } /^}/ { printf "%.0f %s\n", 1000 * time, label }' >wanted
[ "$(wc -l <wanted)" -ge 10 ] || fail "hardly any tone is found"

for board in stm32l4r5 nrf52840 stm32u585 corstone300 microbit; do
    firmware BOARD=$board check size >log 2>&1 || { cat log; fail "$board"; }
    cmp "bell/out/firmware/$board/events.txt" wanted || fail "$board hears other events than midge eval --stream"
    has "^$board: [1-9][0-9]* events, the same as on this machine$" <log || fail "$board: $(cat log)"
    has "^$board: [1-9][0-9]* bytes of flash, [1-9][0-9]* of RAM" <log || fail "$board: $(cat log)"
    has "^$board: [1-9][0-9]* bytes of stack used$" <log || fail "$board: $(cat log)"
done

# At a microsecond for each instruction
firmware BOARD=microbit shift=10 run >log 2>&1 && fail "too slow, and does not say so"
has '^[0-9]* overrun: samples are lost$' <log || fail "overrun: $(cat log)"
has '^microbit: too slow for these samples' <log || fail "overrun: $(cat log)"

firmware BOARD=microbit STACK=15K OUT=tight >log 2>&1 && fail "more RAM than the board has"
has "region \`ram' overflowed" <log || fail "RAM: $(cat log)"
firmware BOARD=arduino >log 2>&1 && fail "a board that nobody knows"
has 'BOARD=arduino is not known; known are stm32l4r5' <log || fail "board: $(cat log)"
make -s -f "$MIDGE_SOURCE/ports/boards/firmware.mk" PROJECT=bell run >log 2>&1 && fail "no samples"
has 'SAMPLES=FILE is missing' <log || fail "samples: $(cat log)"
