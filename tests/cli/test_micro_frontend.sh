#!/bin/bash
# SPDX-License-Identifier: MIT
# A model that was trained behind TensorFlow Lite Micro's micro front end, compiled with it: from samples the scores
# that it gives of TFLM's own features.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
model=$models/tflm_micro_speech_quantized.tflite

# The golden windows of the preprocessor follow each other without overlap: a hop of 30 ms.
"$MIDGE" compile "$model" -o src --name yes_no --features micro --hop-ms 30 --labels silence,unknown,yes,no >/dev/null || fail "compile"
grep -q '^    "unknown",$' src/yes_no.c || fail "labels"
cat >main.c <<'C'
#include <stdio.h>
#include "yes_no.h"
static uint8_t arena[YES_NO_ARENA_BYTES] YES_NO_ALIGNED, state[YES_NO_STATE_BYTES] YES_NO_ALIGNED;
int main(void)
{
    static yes_no_model model;
    int16_t samples[YES_NO_HOP_SAMPLES];
    yes_no_init(&model, arena, state);
    for (int rows = 0; fread(samples, sizeof samples, 1, stdin) == 1;) {
        rows += yes_no_push_samples(&model, samples, YES_NO_HOP_SAMPLES);
        if (rows >= YES_NO_ROWS) fwrite(yes_no_scores(&model), YES_NO_CLASSES, 1, stdout);
    }
    return 0;
}
C
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror -Isrc main.c src/yes_no.c -o yes_no -lm || fail "the generated C does not compile"
for n in '' 2; do
    golden=$models/tflm_audio_preprocessor_int8
    ./yes_no <"$golden.in$n" >scores
    rows=$(($(stat -c %s "$golden.out$n") / 40))
    for first in $(seq 0 $((rows - 49))); do
        tail -c +$((first * 40 + 1)) "$golden.out$n" | head -c 1960
    done >windows
    "$MIDGE" run "$model" --input windows --output wanted --repeat $((rows - 48)) >/dev/null || fail "run"
    [ "$(stat -c %s wanted)" -eq $(((rows - 48) * 4)) ] || fail "number of windows"
    cmp scores wanted || fail "scores of TFLM's features$n"
done

# A model that keeps its own memory, and gives uint8: three new rows a call, as microWakeWord's
rows=$MIDGE_SOURCE/fuzz/corpus/tflite/rows.tflite
"$MIDGE" compile "$rows" -o src --name wake --features micro --hop-ms 30 --labels no,yes >/dev/null || fail "compile a model with memory"
cat >wake_main.c <<'C'
#include <stdio.h>
#include "wake.h"
static uint8_t arena[WAKE_ARENA_BYTES] WAKE_ALIGNED, state[WAKE_STATE_BYTES] WAKE_ALIGNED;
int main(void)
{
    static wake_model model;
    int16_t samples[WAKE_HOP_SAMPLES];
    wake_init(&model, arena, state);
    while (fread(samples, sizeof samples, 1, stdin) == 1) {
        for (int32_t taken = 0; taken < WAKE_HOP_SAMPLES;) {
            taken += wake_push_samples(&model, samples + taken, WAKE_HOP_SAMPLES - taken);
            const int8_t *scores = wake_scores(&model);
            if (scores) fwrite(scores, WAKE_CLASSES, 1, stdout);
        }
    }
    return 0;
}
C
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror -Isrc wake_main.c src/wake.c -o wake -lm || fail "the generated C does not compile"
./wake <"$models/tflm_audio_preprocessor_int8.in" | od -An -v -w1 -td1 | awk '{ print $1 + 128 }' >scores
calls=$(($(stat -c %s "$models/tflm_audio_preprocessor_int8.out") / 120))
head -c $((calls * 120)) "$models/tflm_audio_preprocessor_int8.out" >windows
"$MIDGE" run "$rows" --input windows --output wanted --repeat "$calls" >/dev/null || fail "run"
od -An -v -w1 -tu1 wanted | awk '{ print $1 + 0 }' | cmp - scores || fail "scores of a model with memory"
[ "$(sort -u scores | wc -l)" -gt 3 ] || fail "scores that do not change"

# Its own hop, and what is refused
"$MIDGE" compile "$model" -o src --name yes_no --features micro >/dev/null || fail "compile with defaults"
grep -q '^#define YES_NO_HOP_SAMPLES 320 ' src/yes_no.h || fail "a hop of 20 ms"
expect 1 'its input is not of the micro front end' "$MIDGE" compile "$models/mlperf_kws_ref_model.tflite" -o src --name kws --features micro
expect 1 '2 labels for 4 scores' "$MIDGE" compile "$model" -o src --name a --features micro --labels yes,no
expect 2 "'mel' is not known; known is micro" "$MIDGE" compile "$model" -o src --name a --features mel
expect 2 '--hop-ms and --labels are for --features' "$MIDGE" compile "$model" -o src --name a --hop-ms 10
expect 2 'an image has no front end' "$MIDGE" compile "$model" -o src --name a --features micro --format image
no_temporaries src
