/* SPDX-License-Identifier: MIT
 *
 * capture.h: a double buffer. An interrupt fills one half while the application works on the other.
 *
 *     mdg_capture_start(buffer, BLOCK, CHANNELS, SAMPLE_RATE);
 *     for (mdg_block b; mdg_capture_wait(&b);) {        // sleeps until a half is full
 *         work(b.samples, b.n);
 *         if (mdg_capture_release()) ...                // not done in time: samples are lost
 *     }
 *
 * Work on a half must be done when the other is full, since the next samples go where it lies.
 *
 * Memory: the caller's buffer of two halves; one such stream a program. Threads: the interrupt, and main.
 */
#ifndef MDG_CAPTURE_H
#define MDG_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct mdg_block {
    const int16_t *samples;
    int32_t n;      /* samples, of all channels each */
    uint32_t first; /* number of the first since the start */
} mdg_block;

/* buffer: 2 * block * channels values. Returns false when there is nothing to read. */
bool mdg_capture_start(int16_t *buffer, int32_t block, int32_t channels, int32_t sample_rate);

/* Returns false when the samples have ended. */
bool mdg_capture_wait(mdg_block *out);

/* The half may be filled again. Returns how many samples were lost because that came too late, usually 0;
 * then what has come meanwhile is thrown away, and the next block is whole again. */
uint32_t mdg_capture_release(void);

#endif
