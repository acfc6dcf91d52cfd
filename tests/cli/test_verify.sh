#!/bin/bash
# SPDX-License-Identifier: MIT
# midge verify on a float model: the target's mathematical library rounds its own way, which is told and allowed.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

ops="${MIDGE_SHARED:-}/conformance/ops"
[ -d "$ops" ] || { echo "skipped: $ops is not there"; exit 77; }
lstm="$ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm_f32_0"

"$MIDGE" verify "$lstm.tflite" --input "$lstm.in" --repeat 12 >said || fail "a float model"
has '^12 of 12 runs: the emulated cortex-m4 gives the numbers of this machine$' <said || fail "says: $(cat said)"
has '^largest difference of two floats .*, allowed 1e-06 + 1e-05 of the value; integers' <said || fail "says: $(cat said)"
"$MIDGE" verify "$lstm.tflite" --input "$lstm.in" --repeat 12 --json | has '"largest_float_difference": ' || fail "--json"
