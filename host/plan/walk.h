/* SPDX-License-Identifier: MIT
 *
 * walk.h: a kernel's reads and writes in their order, and the distance between input and output that they
 * need. Reads and writes are told as they come:
 *
 *     mdg_walk w = {0};
 *     for each step of the kernel
 *         mdg_walk_read(&w, first byte of the input that the step reads);
 *         mdg_walk_write(&w, end of what the step writes of the output);
 *     w.lead is how many bytes the input must begin behind the output, at least
 *
 * It is exact for kernels that write their output from front to back.
 */
#ifndef MDG_WALK_H
#define MDG_WALK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct mdg_walk {
    int64_t written, lead;
} mdg_walk;

static inline void mdg_walk_read(mdg_walk *w, int64_t first) {
    if (w->written - first > w->lead) w->lead = w->written - first;
}

static inline void mdg_walk_write(mdg_walk *w, int64_t end) {
    if (end > w->written) w->written = end;
}

/* A kernel that goes through its output pixel by pixel, each from a window of the input, 1x1 or larger */
typedef struct mdg_windows {
    int32_t batches, in_h, in_w, out_h, out_w;
    int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_h, pad_w;
    int64_t in_bytes, out_bytes; /* of a pixel */
    int group;                   /* pixels whose windows are read before any of them is written */
    /* Kernels that read a window again for each channel (group 1): when they do so last, so much of the pixel
     * is written, and reading begins so far behind the window's begin. */
    int64_t before_last, last_read;
} mdg_windows;

/* The distance that such a kernel needs */
int64_t mdg_windows_lead(const mdg_windows *w);

#endif
