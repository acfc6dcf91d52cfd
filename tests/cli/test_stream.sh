#!/bin/bash
# SPDX-License-Identifier: MIT
# Streaming a model over a sliding window: hop by hop the bytes of the whole window, here, on the emulated processor and
# in the generated code's own words; models that cannot be streamed exactly are refused by name.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
model=$models/mlperf_str_ww_ref_model.tflite

"$MIDGE" verify "$model" --stream >said || fail "verify --stream"
grep -q '^61 of 61 hops: streaming gives the bytes of the whole window (30 frames, 1 a hop)$' said || fail "windows"
grep -q '^90 of 90 hops: the emulated cortex-m4 gives the bytes of this machine$' said || fail "target"
"$MIDGE" verify "$model" --stream --hop 3 --target cortex-m0plus | has '^30 of 30 hops: the emulated' || fail "--hop 3"
head -c 2400 "$models/mlperf_str_ww_ref_model.in" >frames # two windows
"$MIDGE" verify "$model" --stream --input frames --repeat 60 | has '^31 of 31 hops: streaming' || fail "--input"

# What streaming is for: figures that are exact
value() { sed -n "s/^ *\"$1\": \([0-9]*\),*\$/\1/p" cost.json | head -1; }
while read -r target most; do
    "$MIDGE" bench "$model" --stream --target "$target" --json >cost.json
    [ "$(value macs)" -eq 46040 ] || fail "$target: $(value macs) MACs a hop"
    [ "$(value instructions)" -le "$most" ] || fail "$target: $(value instructions) instructions a hop"
    [ $(($(value arena_bytes) + $(value state_bytes))) -le 5000 ] || fail "$target: too much memory"
    [ "$(value code_bytes)" -le 8192 ] || fail "$target: too much code"
done <<'END'
cortex-m4 120000
cortex-m55 40000
cortex-m0plus 400000
END

# The header's own numbers drive the code; at the end of a golden window it gives the golden output.
"$MIDGE" compile "$model" -o src --name ww --target generic --stream >/dev/null
cat >main.c <<'C'
#include <stdio.h>
#include <string.h>
#include "ww.h"
static uint8_t arena[WW_ARENA_BYTES] WW_ALIGNED, state[WW_STATE_BYTES] WW_ALIGNED;
int main(void)
{
    ww_model m;
    static uint8_t window[WW_WINDOW_FRAMES * WW_INPUT_0_BYTES / WW_HOP_FRAMES];
    ww_init(&m, arena, state);
    while (fread(window, sizeof window, 1, stdin) == 1) {
        ww_reset(&m);
        for (int call = 0; call <= WW_WARM_UP_CALLS; call++) {
            memcpy(ww_input(&m, 0), window + call * WW_INPUT_0_BYTES, WW_INPUT_0_BYTES);
            ww_invoke(&m);
        }
        fwrite(ww_output(&m, 0), WW_OUTPUT_0_BYTES, 1, stdout);
    }
    return 0;
}
C
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror -Isrc main.c src/ww.c -o ww || fail "the generated C does not compile"
./ww <"$models/mlperf_str_ww_ref_model.in" | cmp - "$models/mlperf_str_ww_ref_model.out" || fail "not the golden outputs"

"$MIDGE" compile "$model" -o src --name ww --stream --format image >/dev/null || fail "an image"
grep -q '^#define WW_WARM_UP_CALLS 29$' src/ww_image.h || fail "the image's header"
"$MIDGE" inspect "$model" --stream | has '^ *0 *CIRCULAR_BUFFER .*1x1x1x40 > 1x3x1x40' || fail "inspect"

expect 1 "op 0 CONV_2D: it pads dimension 1, which is time" \
    "$MIDGE" compile "$models/mlperf_kws_ref_model.tflite" -o src --name kws --stream
expect 1 "op 0 CONV_2D: it pads" "$MIDGE" inspect "$models/mlperf_pretrainedResnet_quant.tflite" --stream
expect 1 "op 0 FULLY_CONNECTED: it needs the whole window" "$MIDGE" bench "$models/mlperf_ad01_int8.tflite" --stream
expect 1 "a hop of 30 frames is not less than the window" "$MIDGE" bench "$model" --stream --hop 30
expect 2 "the window is full after 30 hops" "$MIDGE" verify "$model" --stream --repeat 29
expect 2 "hop is for --stream" "$MIDGE" bench "$model" --hop 2
[ ! -e src/kws.c ] || fail "code of a model that was refused"
