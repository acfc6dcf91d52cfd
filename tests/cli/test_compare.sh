#!/bin/bash
# SPDX-License-Identifier: MIT
# midge compare: a float model and its int8 form, a model and itself.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
project p 3
"$MIDGE" train p >/dev/null 2>&1 && "$MIDGE" quantize p >/dev/null 2>&1 || fail "train, quantize"
bytes=$("$MIDGE" inspect p/out/model.tflite --json | tr -d ' \n' | sed 's/"outputs".*//; s/.*"inputs":\[{[^]]*"shape":\[\([0-9,]*\)\].*/\1/' | tr ',' '*')
bytes=$((bytes))
head -c $((3 * bytes)) /dev/urandom >int8.bin

"$MIDGE" compare p/out/model.tflite p/out/model.tflite --input int8.bin --repeat 3 --exact >text || fail "a model and itself"
grep -q '^no layer differs' text || { cat text; fail "no layer differs"; }
"$MIDGE" compare p/out/model.tflite p/out/model_float.tflite --input int8.bin --repeat 3 >text || fail "the exit code without --exact"
grep -Eq '^ +- +input .*int8 float32 .* (equal|within rounding)$' text || { cat text; fail "the input is converted"; }
grep -Eq '^ +0 +CONV_2D .*int8 float32 +[0-9.e-]+ +[0-9.e-]+ +[0-9.]+ ' text || { cat text; fail "op 0"; }
grep -q '^the first to differ: op ' text || { cat text; fail "the first to differ"; }
expect 1 "differ first at op [0-9]+ [A-Z_0-9]+ " "$MIDGE" compare p/out/model.tflite p/out/model_float.tflite --input int8.bin --repeat 3 --exact
"$MIDGE" compare p/out/model.tflite p/out/model_float.tflite --input int8.bin --repeat 3 --json >json
for key in first_difference layers max mean sqnr_db unequal only_a op_name; do grep -q "\"$key\"" json || fail "--json lacks $key"; done
expect 1 "int8.bin: has $((3 * bytes)) bytes" "$MIDGE" compare p/out/model.tflite p/out/model.tflite --input int8.bin
expect 2 "--input is needed" "$MIDGE" compare p/out/model.tflite p/out/model.tflite
expect 2 "argument is missing" "$MIDGE" compare p/out/model.tflite --input int8.bin
