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

# Clustered weights: half the flash where it comes first, and the bytes of the desktop on the target
mkdir wide
mv bell/recordings wide
sed 's/^model: .*/model: {width: 48, depth: 2}/; s/epochs: 20,/epochs: 3,/' bell/midge.yaml >wide/midge.yaml
"$MIDGE" train wide >log 2>&1 || { tail -1 log; fail "train a wider one"; }
"$MIDGE" quantize wide >/dev/null 2>&1 || fail "quantize"
flash() { sed -n 's/^ *"weights_bytes": \([0-9]*\).*/\1/p' "$1" | head -1; }
"$MIDGE" bench wide --optimize size --json >int8 2>/dev/null || fail "bench"
"$MIDGE" quantize wide --weights cluster16 >/dev/null 2>&1 || fail "quantize to clusters"
"$MIDGE" bench wide --optimize size --json >clusters 2>/dev/null || fail "bench of clusters"
[ "$(flash clusters)" -lt "$(flash int8)" ] || fail "clusters take $(flash clusters) bytes, int8 $(flash int8)"
"$MIDGE" compile wide --optimize size >/dev/null 2>&1 || fail "compile"
grep -q _lut wide/out/*.c || fail "nothing is decoded"
"$MIDGE" verify wide --optimize size >/dev/null 2>verify || { cat verify; fail "verify"; }
no_temporaries bell
