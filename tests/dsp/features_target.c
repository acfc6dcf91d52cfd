/* SPDX-License-Identifier: MIT
 *
 * Runs on an emulated board: the features of a clip, by frame and by stream, printed as one number, and
 * instructions per frame. With -icount shift=0 an instruction is a nanosecond and SysTick (25 MHz) ticks once
 * in 40. tables.h is written by test_features_target.c: `features`, `mult`, `offset`, `clip` and the sizes.
 */
#include <stdio.h>

#include "midge/mel.h"
#include "tables.h"

static int64_t scratch[(SCRATCH_BYTES + 7) / 8];
static int16_t row[WIDTH];
static int16_t window[WINDOW];
static int8_t rows[FRAMES * WIDTH], input[FRAMES * WIDTH];

static volatile uint32_t *const systick = (volatile uint32_t *)0xe000e010; /* control, reload, current */

static void clock_start(void) {
    systick[1] = 0xffffff;
    systick[2] = 0;
    systick[0] = 5;
    while (systick[2] == 0) continue; /* until the first tick loads it */
}

static uint32_t clock_read(void) {
    return 0xffffff - systick[2];
}

static uint32_t fnv1a(uint32_t hash, const void *data, size_t bytes) {
    const uint8_t *p = (const uint8_t *)data;
    while (bytes--) hash = (hash ^ *p++) * 16777619u;
    return hash;
}

int main(void) {
    uint32_t hash = 2166136261u, ticks = 0;
    for (int32_t i = 0; i < FRAMES; i++) {
        clock_start();
        const uint32_t before = clock_read();
        features.frame(&features, clip + i * features.hop, 0, scratch, row);
        ticks += clock_read() - before;
        hash = fnv1a(hash, row, sizeof row);
    }
    mdg_features_stream s = {.features = &features,
                             .mult = mult,
                             .offset = offset,
                             .samples = window,
                             .rows = rows,
                             .scratch = scratch};
    mdg_features_start(&s);
    for (int32_t at = 0, piece = 1; at < CLIP; piece = piece * 7 % 257) {
        at += mdg_features_push(&s, clip + at, piece < CLIP - at ? piece : CLIP - at);
    }
    mdg_features_read(&s, input);
    hash = fnv1a(hash, input, sizeof input);
    printf("hash %08lx instructions %lu\n", (unsigned long)hash, (unsigned long)(ticks * 40 / FRAMES));
    return 0;
}
