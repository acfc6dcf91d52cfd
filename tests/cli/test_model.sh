#!/bin/bash
# SPDX-License-Identifier: MIT
# midge model: layers and costs of a network that has not been trained.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

echo 'model: {architecture: resnet8}' >resnet.yaml
"$MIDGE" model resnet.yaml --input 32x32x3 --classes 10 >text || fail "resnet8"
grep -Eq '^ +total +77946 +12501632$' text || { cat text; fail "MLPerf's sizes"; }
grep -Eq '^ +5 +conv2d +4 +16x16x32 +4640|^ +6 +conv2d .* 16x16x32' text || { cat text; fail "a layer"; }
grep -q '^  RAM ' text && grep -q '^  flash ' text && grep -q 'about [1-9][0-9]* instructions' text || fail "costs"
"$MIDGE" model resnet.yaml --input 32x32x3 --classes 10 --json >json
for line in '"parameters": 77946' '"macs": 12501632' '"arena_bytes": ' '"estimated_instructions": [1-9]' '"kind": "add"'; do
    grep -q "$line" json || fail "--json lacks $line"
done

# Counted on the emulated target, exactly: twice the same
echo 'model: {architecture: conv1d}' >motion.yaml
"$MIDGE" model motion.yaml --input 119x1x6 --classes 5 --count --json >counted || fail "--count"
"$MIDGE" model motion.yaml --input 119x1x6 --classes 5 --count --json | cmp - counted || fail "another count"
grep -q '"code_bytes": [1-9]' counted || fail "nothing was counted"

# By the recordings' names and first lines: classes, columns
mkdir -p moves/recordings/{up,down}
for label in up down; do
    for i in 1 2 3; do
        { echo 'x,y,z'; for n in $(seq 60); do echo "$((n + i)),$((n % 7)),1"; done; } >moves/recordings/$label/$i.csv
    done
done
cat >moves/midge.yaml <<'YAML'
data: {kind: series, sample_rate: 50, clip_ms: 1000}
model:
  layers:
    - {kind: conv2d, filters: 8, kernel: 5x1, stride: 2x1, name: body}
    - {kind: conv2d, from: input, filters: 8, kernel: 1x1, stride: 2x1}
    - {kind: add, with: body}
YAML
"$MIDGE" model moves >text || fail "a project"
grep -Eq '^ +3 +add +2, 1 +25x1x8' text || { cat text; fail "a branch"; }
grep -Eq '^ +4 +dense +3 +1x1x2 ' text || { cat text; fail "two classes"; }

# What cannot be
sed 's/padding//; s/kernel: 5x1/kernel: 64x1, padding: valid/' moves/midge.yaml >large.yaml
cp -r moves/recordings .
expect 1 "layer 1 conv2d: the output shrinks to nothing: a 64x1 kernel does not fit into 50x1x3; pad it" "$MIDGE" model large.yaml
expect 2 "go together" "$MIDGE" model resnet.yaml --input 32x32x3
expect 2 "is no shape" "$MIDGE" model resnet.yaml --input 32x32 --classes 2
expect 1 "ram" "$MIDGE" model resnet.yaml --input 32x32x3 --classes 10 --ram 10k
expect 1 "there is no midge.yaml here" "$MIDGE" model nowhere
echo 'model: {architecture: resnet8, kernel: 3}' >odd.yaml
expect 1 "architecture resnet8: takes no kernel; it takes width, depth" "$MIDGE" model odd.yaml --input 8x8x1 --classes 2
