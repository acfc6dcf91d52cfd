#!/bin/bash
# SPDX-License-Identifier: MIT
# A project whose model takes a hop of new rows at a time: the scores and the events of the whole window.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# A window of 13 rows, no multiple of the hop of 2 rows
project bell
label=$(ls bell/recordings | head -1)
others=$(ls bell/recordings | tail -n +2 | paste -sd, | sed 's/,/, /g')
sed -i 's/clip_ms: 250/clip_ms: 234/; /layers:/,/max_pool/d' bell/midge.yaml
sed -i '/^model:/r /dev/stdin' bell/midge.yaml <<'YAML'
  stream: yes
  layers:
    - {kind: conv2d, filters: 8, kernel: 3x20, stride: 2x1, padding: valid, batch_norm: yes, activation: relu}
    - {kind: conv2d, filters: 8, kernel: 3x1, padding: valid, batch_norm: yes, activation: relu}
    - {kind: flatten}
YAML
printf 'decide: {every_ms: 64, smoothing: 2, refractory_ms: 300, background: [%s]}\n' "$others" >>bell/midge.yaml
{ "$MIDGE" train bell && "$MIDGE" quantize bell && "$MIDGE" verify bell; } >log 2>&1 || { cat log; fail "verify"; }
has '^18 of 18 clips: the emulated' <log || { cat log; fail "verify says no number"; }
"$MIDGE" bench bell --json >json 2>/dev/null || fail "bench"
value() { sed -n "s/^ *\"$1\": \([0-9]*\),*\$/\1/p" json | head -1; }
[ "$(value macs)" -eq 768 ] || fail "$(value macs) MACs a hop"
[ "$(value instructions)" -le 5000 ] || fail "$(value instructions) instructions a hop"

# What is within the budget while it streams: the whole window would take 544 bytes.
cp bell/midge.yaml as_it_was.yaml
echo 'budget: {ram: 300}' >>bell/midge.yaml
"$MIDGE" quantize bell >log 2>&1 || { cat log; fail "the budget counts the whole window"; }
sed -i 's/ram: 300/ram: 100/' bell/midge.yaml
expect 1 'budget.ram: the model needs [0-9]* bytes' "$MIDGE" quantize bell
mv as_it_was.yaml bell/midge.yaml

# Events: the generated code, this machine, and the model without streaming, at the same moments
"$MIDGE" data compose bell -o long.wav --hours 0.05 --clips-per-hour 1200 --snr-min 20 --snr-max 30 >/dev/null 2>&1 || fail "compose"
"$MIDGE" eval bell --stream long.wav --truth long.csv --json >report.json 2>/dev/null || fail "eval"
heard_by_code bell long.wav >device
[ "$(wc -l <device)" -ge 10 ] || fail "the generated code hears hardly anything"
heard_by_eval report.json | diff device - || fail "this machine hears other events"
sed -i 's/stream: yes/stream: no/' bell/midge.yaml
"$MIDGE" compile bell >/dev/null 2>&1 || fail "compile without streaming"
grep -q 'HOP_ROWS' bell/out/tones.h && fail "stream: no streams"
heard_by_code bell long.wav | diff device - || fail "the whole window hears other events"

# --stream for once; a time between decisions that is no multiple of the hop
sed -i 's/every_ms: 64/every_ms: 48/' bell/midge.yaml
"$MIDGE" compile bell --stream >/dev/null 2>&1 || fail "compile --stream"
grep -q 'define TONES_DECIDE_ROWS 4 ' bell/out/tones.h || fail "decisions between hops"

# What cannot be streamed says so.
sed -i 's/padding: valid/padding: same/' bell/midge.yaml
{ "$MIDGE" train bell && "$MIDGE" quantize bell; } >log 2>&1 || { cat log; fail "train"; }
expect 1 'op 0 CONV_2D: .*pad' "$MIDGE" compile bell --stream
expect 2 '--hop .* for a model file' "$MIDGE" compile bell --stream --hop 2
no_temporaries .
