#!/bin/bash
# SPDX-License-Identifier: MIT
# midge optimize: a network within a budget that it did not fit; what cannot be is told, and the model stays.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

mkdir bell
tones bell/recordings 16
cat >bell/midge.yaml <<YAML
name: bell
data: {sample_rate: 8000, clip_ms: 250, validation: 0.25, test: 0.25}
features: {kind: log_mel, window_ms: 32, hop_ms: 32, mels: 20}
augment: {shift_ms: 20, time_masks: 0, freq_masks: 0}
model: {width: 16, depth: 2}
train: {epochs: 20, batch: 8, learning_rate: 0.01}
YAML
"$MIDGE" train bell >/dev/null 2>&1 || fail "train"
expect 2 "what shall it fit into" "$MIDGE" optimize bell
expect 1 "as few channels as there can be" "$MIDGE" optimize bell --instructions 2k
before=$(cksum <bell/out/model_float.tflite)
expect 1 "are allowed; bell/out is as it was|still needs" "$MIDGE" optimize bell --flash 700 --max-drop 0 --epochs 1 || true
"$MIDGE" optimize bell --instructions 60k --max-drop 20 >table 2>messages || { cat table messages; fail "optimize"; }
awk '/^as trained/ { was = $NF } /^now/ { is = $NF } END { exit !(was > 70000 && is > 0 && is <= 60000) }' table || { cat table; fail "not within the budget"; }
[ "$before" != "$(cksum <bell/out/model_float.tflite)" ] || fail "the model is the same"
"$MIDGE" eval bell >/dev/null 2>&1 || fail "eval"
"$MIDGE" compile bell >/dev/null 2>&1 || fail "compile"
"$MIDGE" optimize bell --instructions 60k --max-drop 20 2>/dev/null | diff table - || fail "the second time is another"
no_temporaries bell
