#!/bin/bash
# SPDX-License-Identifier: MIT
# Keys of midge.yaml reach the training, and none makes the result depend on threads.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project a 4
sed -i 's/^augment: {/augment: {between_class: 0.5, mixup: 0.5, /
    s/^train: {/train: {schedule: plateau, step_epochs: 1, gradient_clip: 0.5, ema: 0.9, balance: sampling, workers: 1, /' a/midge.yaml
mkdir b c
for p in b c; do cp -r a/recordings a/midge.yaml $p/; done
sed -i 's/^name: .*/name: tones/; s/workers: 1/workers: 2/' b/midge.yaml
sed -i 's/between_class: 0.5, //' c/midge.yaml
for p in a b c; do "$MIDGE" train $p >/dev/null 2>messages || { cat messages; fail "train $p"; }; done
cmp a/out/model_float.tflite b/out/model_float.tflite || fail "two workers learn something else"
! cmp -s a/out/model_float.tflite c/out/model_float.tflite || fail "between_class changes nothing"
[ "$(wc -l <a/out/training.csv)" -eq 5 ] && [ "$(wc -l <a/out/training.jsonl)" -eq 4 ] || fail "rows of the curves"
"$MIDGE" train a --resume --json 2>/dev/null | has '"gradient_norm"' || fail "--json"
