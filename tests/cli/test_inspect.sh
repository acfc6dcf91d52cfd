#!/bin/bash
# SPDX-License-Identifier: MIT
# midge inspect: operators, kernels, targets, several subgraphs, operators that are not supported, the picture.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
samples=$MIDGE_SOURCE/fuzz/corpus/tflite

"$MIDGE" inspect "$samples/conv.tflite" --svg plan.svg >text
grep -Eq '^ +0 +CONV_2D +1x4x4x1 > 1x2x2x3 +int8 +0.2, 4; weights 3 ch +48 +24 +conv2d_s8 ' text || { cat text; fail "CONV_2D"; }
grep -Eq '^ +1 +RESHAPE .* -  *-$' text || { cat text; fail "RESHAPE becomes nothing"; }
grep -q '^memory plan for generic: arena 32 bytes (no plan can do with less than 32), state 0 bytes' text || fail "plan"
head -c 4 plan.svg | grep -q '<svg' || fail "no picture"
! command -v xmllint >/dev/null || xmllint --noout plan.svg || fail "the picture is no XML"

# Subgraphs, and a custom operator
"$MIDGE" inspect "$samples/control.tflite" --json >json
for line in '"maximum_f32"' '"subgraph": 2' '"arena_bytes": ' '"MyOp of the application"'; do
    grep -q "$line" json || fail "--json lacks $line"
done
"$MIDGE" inspect "$samples/control.tflite" >text || fail "subgraphs"
for line in 'subgraph 1 "then"' 'subgraph 2 "else"' '^ +4 +MyOp .* MyOp of the application' \
    '^ +2 +IF .*control flow, copy x2' '^ +0 +MAXIMUM .*maximum_f32'; do
    grep -Eq "$line" text || { cat text; fail "'$line' is missing"; }
done

# What is not supported is told, for each operator; the rest is shown all the same.
"$MIDGE" inspect "$samples/odd_tensors.tflite" >text || fail "a model with an operator that is not supported"
for line in '^ +0 +FULLY_CONNECTED .* not supported' '^  .*odd_tensors.tflite: op 0 FULLY_CONNECTED: ' '^ +1 +ADD .* add_f32'; do
    grep -Eq "$line" text || { cat text; fail "'$line' is missing"; }
done
"$MIDGE" inspect "$samples/odd_tensors.tflite" --json >json
for line in '"supported": false' '"refusal": ".*op 0 FULLY_CONNECTED' '"arena_bytes": '; do
    grep -q "$line" json || fail "--json lacks '$line'"
done
expect 2 "'m99' is no target" "$MIDGE" inspect "$samples/conv.tflite" --target m99
expect 1 "no/such/folder" "$MIDGE" inspect "$samples/conv.tflite" --svg no/such/folder/plan.svg
