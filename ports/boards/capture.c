/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include "board.h"

typedef struct half {
    int16_t *samples;
    volatile int32_t n; /* 0: free */
    volatile uint32_t first;
} half;

typedef struct capture {
    half halves[2];
    int32_t block, channels;
    volatile int32_t filling; /* by the interrupt */
    int32_t working;          /* by the application */
    volatile uint32_t delivered;
    volatile bool overrun, ended;
} capture;

static capture now;

bool mdg_capture_start(int16_t *buffer, int32_t block, int32_t channels, int32_t sample_rate) {
    now.halves[0].samples = buffer;
    now.halves[1].samples = buffer + block * channels;
    now.block = block;
    now.channels = channels;
    if (mdg_source_open() != 0) return false;
    mdg_board_start(block, sample_rate);
    return true;
}

/* Stands for a DMA's interrupt: a half is full, and from now on samples go to the other. */
void mdg_tick_handler(void) {
    half *h = &now.halves[now.filling];
    const int32_t n = mdg_source_read(h->samples, now.block * now.channels) / now.channels;
    h->first = now.delivered;
    h->n = n;
    now.delivered += (uint32_t)n;
    now.ended = n < now.block;
    now.filling ^= 1;
    if (now.halves[now.filling].n) now.overrun = true;
}

bool mdg_capture_wait(mdg_block *out) {
    const half *h = &now.halves[now.working];
    mdg_board_mask();
    while (!h->n && !now.ended) {
        mdg_board_sleep();
        mdg_board_unmask(); /* here the interrupt is taken */
        mdg_board_mask();
    }
    mdg_board_unmask();
    *out = (mdg_block){h->samples, h->n, h->first};
    return h->n > 0;
}

/* All that has come and was not worked on is dropped. */
static uint32_t restart(uint32_t done) {
    now.halves[0].n = now.halves[1].n = 0;
    now.working = now.filling;
    now.overrun = false;
    return now.delivered - done;
}

uint32_t mdg_capture_release(void) {
    half *h = &now.halves[now.working];
    uint32_t lost = 0;
    mdg_board_mask();
    const uint32_t first = h->first;
    h->n = 0;
    now.working ^= 1;
    if (now.overrun) lost = restart(first);
    mdg_board_unmask();
    return lost;
}
