#!/bin/bash
# SPDX-License-Identifier: MIT
# The command line on models made elsewhere: golden outputs byte for byte, here and on the emulated Cortex-M4.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

for model in mlperf_kws_ref_model mlperf_pretrainedResnet_quant mlperf_ad01_int8 mlperf_vww_96_int8; do
    "$MIDGE" run "$models/$model.tflite" --input "$models/$model.in" --output out --repeat 5
    cmp out "$models/$model.out" || fail "$model: not the golden outputs"
    "$MIDGE" inspect "$models/$model.tflite" | has 'memory plan' || fail "$model: inspect"
    "$MIDGE" dump "$models/$model.tflite" | has 'subgraph 0' || fail "$model: dump"
    "$MIDGE" dump "$models/$model.tflite" --program | has '^program: ' || fail "$model: dump --program"
done

model=mlperf_kws_ref_model
"$MIDGE" verify "$models/$model.tflite" --target cortex-m4 --input "$models/$model.in" --repeat 5 |
    has '^5 of 5 runs' || fail "verify"
"$MIDGE" bench "$models/$model.tflite" --target cortex-m4 --json >bench.json
for key in target instructions macs arena_bytes state_bytes stack_bytes code_bytes weights_bytes ops index op; do
    grep -q "\"$key\"" bench.json || fail "bench --json lacks $key"
done
"$MIDGE" bench "$models/$model.tflite" --target cortex-m4 --json | cmp - bench.json || fail "another run counts otherwise"
"$MIDGE" compile "$models/$model.tflite" -o src --name kws --target cortex-m4 >/dev/null
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror -c src/kws.c -o kws.o || fail "the generated C does not compile"
grep -q "midge compile $models/$model.tflite -o src --name kws" src/kws.c || fail "the head lacks the command line"
