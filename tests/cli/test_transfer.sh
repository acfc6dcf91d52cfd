#!/bin/bash
# SPDX-License-Identifier: MIT
# A network that begins with another one's weights, and one that learns from another one.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project big 12
"$MIDGE" train big >/dev/null 2>&1 || fail "train"

# heir FOLDER LINE...: the same recordings, with more lines for midge.yaml's train section
heir() {
    mkdir "$1"
    cp -r big/recordings "$1/"
    sed '/^train:/d' big/midge.yaml >"$1/midge.yaml"
    printf 'train:\n  epochs: 3\n  batch: 8\n' >>"$1/midge.yaml"
    printf '  %s\n' "${@:2}" >>"$1/midge.yaml"
}
accuracy() { sed -n 's/.*: \([0-9]*\)\.[0-9] % of the validation clips right/\1/p'; }

heir tuned 'start_from: ../big' 'new_head: yes' 'freeze: 3'
"$MIDGE" train tuned >stdout 2>stderr || { cat stderr; fail "start_from"; }
has "3 of the network's 4 layers with weights begin with those of tuned/../big" <stderr || { cat stderr; fail "message"; }
[ "$(accuracy <stdout)" -ge 80 ] || { cat stdout; fail "a new head on good features learns in three epochs"; }

heir both 'start_from: ../big/out/model_float.tflite' 'teacher: ../big/out/model_float.tflite'
"$MIDGE" train both >stdout 2>stderr || { cat stderr; fail "start_from with a teacher"; }
has "4 of the network's 4 layers" <stderr || { cat stderr; fail "message"; }
[ "$(accuracy <stdout)" -ge 80 ] || { cat stdout; fail "what begins with a good model is good"; }

heir pupil 'teacher: ../big' 'teacher_share: 1' 'learning_rate: 0.01'
"$MIDGE" train pupil >/dev/null 2>stderr || { cat stderr; fail "teacher"; }

heir other 'teacher: ../big'
sed -i 's/mels: 20/mels: 24/' other/midge.yaml
expect 1 "its features are others than this project's" "$MIDGE" train other
heir lost 'teacher: nowhere.tflite'
expect 1 "nowhere.tflite" "$MIDGE" train lost
heir wrong 'start_from: ../big'
sed -i 's/filters: 8/filters: 12/; s/kernel: 3,/kernel: 5,/; s/kernel: 1,/kernel: 3,/' wrong/midge.yaml
expect 1 "no convolution or dense layer of it, but perhaps the last, has the shape" "$MIDGE" train wrong
