#!/bin/bash
# SPDX-License-Identifier: MIT
# From recordings to the emulated Cortex-M4 and back, on tones; each verb alone from the files of the one before; the
# same bytes every time; the budget.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project bell
"$MIDGE" build bell >log 2>progress || { cat progress; fail "build"; }
grep -q 'accuracy, emulated cortex-m4' log || { cat log; fail "no accuracy on the target"; }
accuracy=$(sed -n 's/^ *accuracy, int8 *\([0-9]*\)\..*/\1/p' log)
[ "$accuracy" -ge 90 ] || { cat log; fail "tones are told apart in only $accuracy % of cases"; }
for f in clips.txt checkpoint.bin history.json training.csv training.jsonl frontend.json model_float.tflite quantize.json model.tflite eval.json scores.tsv tones.c tones.h \
    verify.json bench.json report.html; do
    [ -s "bell/out/$f" ] || fail "bell/out/$f is missing"
done
no_temporaries bell
grep -q '"differing": 0' bell/out/verify.json || fail "host and target differ"
grep -q '</html>' bell/out/report.html || fail "the report is not complete"
for key in target instructions feature_instructions macs arena_bytes state_bytes stack_bytes code_bytes weights_bytes ops; do
    grep -q "\"$key\"" bell/out/bench.json || fail "bench.json lacks $key"
done

cp -r bell again && rm -rf again/out
"$MIDGE" train again >/dev/null 2>&1 && "$MIDGE" quantize again >/dev/null 2>&1 || fail "train, quantize"
for f in model_float.tflite model.tflite frontend.json clips.txt; do
    sed 's/again/bell/g' "again/out/$f" | cmp -s - <(sed 's/again/bell/g' "bell/out/$f") || fail "$f is not the same the second time"
done
"$MIDGE" eval again --json 2>/dev/null | has '"accuracy"' || fail "eval --json"
for key in interval auc macro_auc calibration_error groups worst; do
    [ "$(grep -c "\"$key\"" again/out/eval.json)" = 2 ] || fail "eval.json lacks $key of float and int8"
done
right=$(awk -F'\t' 'NR == 1 { split($0, class); next }
    { best = 3; for (c = 4; c <= NF; c++) if ($c > $best) best = c; n += $2 == class[best] } END { print n }' again/out/scores.tsv)
sed -n '/"int8"/,$p' again/out/eval.json | has "\"correct\": $right," || fail "by scores.tsv $right clips are right"
"$MIDGE" eval again 2>/dev/null | has 'accuracy lies between' || fail "eval tells no interval"
cp again/out/eval.json as_it_is.json
"$MIDGE" eval again --varied 1 >/dev/null 2>&1 || fail "eval --varied"
cmp -s as_it_is.json again/out/eval.json || fail "eval --varied changes eval.json"
cmp -s as_it_is.json again/out/eval_varied.json && fail "eval --varied judges clips as they are"
cp again/out/eval_varied.json first.json
"$MIDGE" eval again --varied 1 >/dev/null 2>&1 && cmp -s first.json again/out/eval_varied.json || fail "eval --varied: another result the second time"
"$MIDGE" compile again 2>/dev/null | has 'again/out/tones.c' || fail "compile"
"$MIDGE" verify again --json 2>/dev/null | has '"differing": 0' || fail "verify --json"
"$MIDGE" bench again --json 2>/dev/null | has '"instructions"' || fail "bench --json"
"$MIDGE" inspect again/out/model.tflite | has 'memory plan for generic: arena' || fail "inspect"
"$MIDGE" dump again/out/model.tflite | has -i 'CONV_2D' || fail "dump"

arena() { "$MIDGE" bench again --json "$@" 2>/dev/null | sed -n 's/^ *"arena_bytes": \([0-9]*\),/\1/p'; }
[ "$(arena --optimize ram)" -le "$(arena)" ] || fail "--optimize ram has the larger arena"
expect 2 "optimize 'fast' is not known" "$MIDGE" compile again --optimize fast
expect 2 "a project has its target, budget and model.trees_as in midge.yaml" "$MIDGE" bench again --ram 4k
printf 'budget: {ram: 1 KB}\n' >>again/midge.yaml
expect 1 'budget.ram: the model needs .* allowed; .*op [0-9]+ [A-Z_0-9]+.*would help' "$MIDGE" build again
sed -i 's/^budget.*/budget: {flash: 200 B}/' again/midge.yaml
expect 1 'budget.flash: the model needs .*op [0-9]+ [A-Z_0-9]+ with [0-9]+ bytes of weights' "$MIDGE" quantize again
sed -i 's/^budget.*/budget: {flash: 2 KB}/' again/midge.yaml # weights alone fit, the code does not
expect 0 '' "$MIDGE" quantize again
expect 1 'budget.flash: the model needs' "$MIDGE" bench again
