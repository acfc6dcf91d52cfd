#!/bin/bash
# SPDX-License-Identifier: MIT
# What stands before a model on the device besides sound: pictures that it crops, scales and turns to grey, and a
# filter before the axes of a sensor. `verify` compares every byte with this machine's.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# Pictures of 20 x 30: the class is the side that is bright; a bright rim that the crop takes off
for i in $(seq 1 24); do
    for side in left right; do
        mkdir -p "eye/recordings/$side"
        awk -v side="$side" -v seed="$i" 'BEGIN {
            srand(seed); printf "P3\n30 20\n255\n"
            for (y = 0; y < 20; y++) for (x = 0; x < 30; x++) for (c = 0; c < 3; c++) {
                bright = ((side == "left") == (x < 15))
                print ((x < 5 || x >= 25) ? 255 : int((bright ? 120 : 30) + 80 * rand()))
            }}' >"eye/recordings/$side/$i.ppm"
    done
done
cat >eye/midge.yaml <<'YAML'
data: {kind: images, validation: 0.2, test: 0.25}
features: {crop: 20, resize: 8x7, grey: yes}
model:
  layers:
    - {kind: conv2d, filters: 4, kernel: 3x3, stride: 2, activation: relu}
    - {kind: flatten}
train: {epochs: 12, batch: 8, learning_rate: 0.02}
YAML
{ "$MIDGE" train eye && "$MIDGE" quantize eye && "$MIDGE" eval eye --json; } >log 2>&1 || { cat log; fail "eye"; }
"$MIDGE" eval eye --json 2>/dev/null | has '"accuracy": 1.0' || fail "left and right are not told apart"
"$MIDGE" verify eye >log 2>&1 || { cat log; fail "the device sees another picture"; }
grep -q 'define EYE_HEIGHT 20' eye/out/eye.h && grep -q 'define EYE_WIDTH 30' eye/out/eye.h || fail "size of the camera"
grep -q 'define EYE_CHANNELS 3' eye/out/eye.h || fail "colours of the camera"
grep -q 'uint8_t state\[EYE_STATE_BYTES\]' eye/out/eye.h || fail "the state is not told of"
sed -i 's/grey: yes/scaling: bilinear/; s/8x7/24x31/' eye/midge.yaml
{ "$MIDGE" train eye && "$MIDGE" quantize eye && "$MIDGE" verify eye; } >log 2>&1 || { cat log; fail "larger, in colours"; }

"$MIDGE" features eye/recordings/left/1.ppm --crop 20 --resize 8x7 --grey yes --csv f.csv --png f.png >log || fail "features"
grep -q 'cropped and scaled (area) to 8 x 7 x 1' log || { cat log; fail "features of a picture"; }
[ "$(wc -l <f.csv)" -eq 57 ] || fail "features.csv"
expect 1 'crop of 21 x 20 is larger than the pictures, 20 x 30' "$MIDGE" features eye/recordings/left/1.ppm --crop 21x20

# Axes that shake at 5 or 40 Hz on a slope that the filter takes off
for i in $(seq 1 16); do
    for hz in 5 40; do
        mkdir -p "shake/recordings/hz$hz"
        awk -v hz="$hz" -v seed="$i" 'BEGIN {
            srand(seed); print "x,y"
            for (t = 0; t < 400; t++)
                printf "%.4f,%.4f\n", 3 * seed + t / 40 + sin(t / 200 * hz * 6.2832) + rand(), rand()
            }' >"shake/recordings/hz$hz/$i.csv"
    done
done
cat >shake/midge.yaml <<'YAML'
data: {kind: series, sample_rate: 200, clip_ms: 1000, validation: 0.2, test: 0.25}
features: {kind: spectral, window_ms: 250, hop_ms: 125, mels: 8, filter: band_pass, filter_low_hz: 2, filter_high_hz: 20}
model: {layers: [{kind: flatten}, {kind: dense, filters: 8, activation: relu}]}
train: {epochs: 6, batch: 8}
YAML
{ "$MIDGE" train shake && "$MIDGE" quantize shake && "$MIDGE" verify shake; } >log 2>&1 || { cat log; fail "filter"; }
grep -q 'mdg_filter' shake/out/shake.c || fail "no filter in the generated code"
sed -i 's/target:.*//; 1i target: cortex-m0plus' shake/midge.yaml
"$MIDGE" verify shake >log 2>&1 || { cat log; fail "filter on the Cortex-M0+"; }
"$MIDGE" features shake shake/recordings/hz5/1.csv >log || fail "features of a project with a filter"
grep -q 'band pass of order 4 at 2 and 20 Hz' log || { cat log; fail "the filter is not told of"; }
expect 1 'filter_high_hz: 0 Hz; at 200 Hz 0.01 to 98' "$MIDGE" features shake/recordings/hz5/1.csv --rate 200 --filter low_pass
expect 1 'pictures cannot be filtered' "$MIDGE" features eye/recordings/left/1.ppm --filter low_pass --filter-high-hz 10
no_temporaries .
