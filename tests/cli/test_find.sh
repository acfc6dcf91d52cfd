#!/bin/bash
# SPDX-License-Identifier: MIT
# Pictures from end to end. A classifier of shapes, whose lines come one by one to the firmware of an emulated board; then
# scenes composed of the shapes: where and what is in them, found by the firmware where `midge eval` finds it.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
firmware() {
    make -s -f "$MIDGE_SOURCE/ports/boards/firmware.mk" PROJECT="$1" BOARD="$2" SAMPLES=pixels.bin check >log 2>&1 ||
        { cat log; fail "firmware of $1 on $2"; }
}
# learn FOLDER
learn() { "$MIDGE" train "$1" >log 2>&1 && "$MIDGE" quantize "$1" >log 2>&1 || { cat log; fail "$1"; }; }

mkdir -p shapes/recordings/{square,ring}
"${CC:-cc}" -O1 -o draw "$MIDGE_SOURCE/tests/cli/shapes.c" && ./draw shapes/recordings 40 || fail "shapes"
cat >shapes/midge.yaml <<'YAML'
name: shapes
data: {kind: images, grey: yes, validation: 0.2, test: 0.2}
model:
  layers:
    - {kind: conv2d, filters: 8, kernel: 3, stride: 2, batch_norm: yes, activation: relu}
    - {kind: global_average_pool}
train: {epochs: 8, batch: 8, learning_rate: 0.02}
YAML
learn shapes
for i in 1 2 3; do
    for kind in ring square; do tail -c 144 "shapes/recordings/$kind/$i.pgm"; done
done >pixels.bin
firmware shapes microbit
[ "$(cut -d' ' -f2 shapes/out/firmware/microbit/events.txt | paste -sd' ')" = "ring square ring square ring square" ] ||
    fail "shapes: $(cat shapes/out/firmware/microbit/events.txt)"

# The same seed gives the same scenes
"$MIDGE" data scenes shapes -o scenes --size 32x48 --train 200 --validation 16 --test 12 --objects 2 >said 2>/dev/null || fail "scenes"
has '^wrote 200 scenes for training, 16 for validation, 12 for the test' <said || fail "scenes: $(cat said)"
"$MIDGE" data scenes shapes -o again --size 32x48 --train 200 --validation 16 --test 12 --objects 2 >/dev/null 2>&1
diff -r scenes again || fail "scenes differ"

mkdir find
cat >find/midge.yaml <<'YAML'
name: find
data: {kind: images, grey: yes, path: ../scenes, objects: objects.csv, test_groups: [test], validation_groups: [validation]}
augment: {image_flip: 0.5, image_shift: 0.1}
model:
  objective: map
  layers:
    - {kind: conv2d, filters: 8, kernel: 3, stride: 2, batch_norm: yes, activation: relu}
    - {kind: conv2d, filters: 16, kernel: 3, stride: 2, batch_norm: yes, activation: relu}
    - {kind: conv2d, filters: 24, kernel: 3, batch_norm: yes, activation: relu}
    - {kind: conv2d, filters: 16, kernel: 3, batch_norm: yes, activation: relu}
train: {epochs: 16, batch: 8, learning_rate: 0.01}
YAML
learn find
"$MIDGE" eval find >said 2>/dev/null || fail "eval"
has '^F1 of kind and place' <said || fail "eval: $(cat said)"
"$MIDGE" eval find --json >report.json 2>/dev/null || fail "eval --json"
f1=$(grep -o '"f1": [0-9.]*, *"labels\|"f1": [0-9.]*' report.json | head -1 | grep -o '[0-9.]*$')
awk -v f1="$f1" 'BEGIN { exit !(f1 >= 0.6) }' || fail "F1 $f1: $(cat said)"
"$MIDGE" verify find >said 2>/dev/null || fail "verify"
has '^12 of 12 clips' <said || fail "verify: $(cat said)"

for i in scenes/test/*.pgm; do tail -c 1536 "$i"; done >pixels.bin
tail -n +2 find/out/found.csv | sed 's|.*/test/0*\([0-9][0-9]*\)\.pgm,\(.*\),\(.*\),\(.*\),.*|\1 \2 \3 \4|' >wanted
[ "$(wc -l <wanted)" -ge 6 ] || fail "hardly anything is found: $(cat wanted)"
for board in stm32l4r5 stm32u585; do
    firmware find $board
    cmp "find/out/firmware/$board/events.txt" wanted || fail "$board finds other objects than midge eval"
done
make -s -f "$MIDGE_SOURCE/ports/boards/firmware.mk" PROJECT=find BOARD=stm32l4r5 SAMPLES=pixels.bin OUT=slow PERIOD=1 shift=10 run >log 2>&1 &&
    fail "too slow, and does not say so"
has '^[0-9]* overrun: lines are lost$' <log || fail "overrun: $(cat log)"

# What is wrong
sed -i 's|^train/00003.pgm,ring.*||; 1a train/00001.pgm,ring,48.5,3,9,9\ntrain/none.pgm,ring,4,3,9,9' scenes/objects.csv
"$MIDGE" train find >said 2>log || fail "train with pictures left out"
has "skipped .*00001.pgm: 'ring' at 48.5, 3 lies outside of its 48 x 32 pixels" <log || fail "outside: $(cat log)"
has 'skipped .*none.pgm: No such file' <log || fail "missing: $(cat log)"
sed -i 's|^data: {|data: {labels: [ring], |' find/midge.yaml
expect 1 "scenes/objects.csv: line [0-9]*: label 'square' is none of data.labels" "$MIDGE" train find
sed 's|objects: objects.csv|objects: no.csv|' find/midge.yaml >shapes/midge.yaml
expect 1 'no.csv: No such file' "$MIDGE" train shapes
sed 's|objects: objects.csv, ||; s|labels: .ring., ||; s|test_groups.*}|test: 0.1}|' find/midge.yaml >shapes/midge.yaml
expect 1 'name a table of them in data.objects' "$MIDGE" train shapes
