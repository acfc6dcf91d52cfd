#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/update: the emulated device takes the new model in spite of a cut of power, goes on where it was, refuses what is old,
# damaged or not signed, and answers as the desktop does.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
command -v arm-none-eabi-gcc qemu-system-arm >/dev/null || { echo "skipped: no arm-none-eabi-gcc or qemu-system-arm"; exit 77; }
unset MAKEFLAGS MAKELEVEL
OUT=$work/out "$MIDGE_SOURCE/examples/update/run" >log 2>&1 || { cat log; fail "run"; }

# answer MODEL: what the desktop answers to the ramp of bytes
answer() {
    printf "$(for ((i = 0; i < 256; i++)); do printf '\\x%02x' $((i * 37 % 256)); done)%.0s" {1..16} >ramp
    "$MIDGE" inspect "$1" | sed -n 's/^input .* int8 \([0-9x]*\) .*/\1/p' | tr x '*' >shape
    head -c "$(($(cat shape)))" ramp >input.bin
    "$MIDGE" run "$1" --input input.bin --output output.bin >/dev/null
    od -An -v -td1 -w1 output.bin | awk 'NR == 1 || $1 > most { most = $1; best = NR - 1 } END { print best }'
}
first=$(answer "$MIDGE_SOURCE/models/gesture/charms/model.tflite")
second=$(answer "$MIDGE_SOURCE/models/machine/fault_kind/model.tflite")
[ "$first" != "$second" ] || fail "both models give the same answer, so this test shows nothing"

bytes=$(stat -c %s out/third.update)
diff out/heard.txt - <<END || fail "the device says something else"
1 is the version that runs
$first is its answer
64 is awaited
1 is the version that runs
$first is its answer
2048 is awaited
2048 not the byte that is awaited
2 is received
2 is the version that runs
$second is its answer
64 not newer than what runs, or below the least version allowed
64 is awaited
$bytes damaged on its way
64 is awaited
$bytes not signed by the key of this device
64 is awaited
3 is received
3 is the version that runs
$first is its answer
END
