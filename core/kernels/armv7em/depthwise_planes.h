/* SPDX-License-Identifier: MIT
 *
 * depthwise_planes.h: the loop of the depthwise convolutions on planes. Four channels at a time are spread to
 * planes of int16, padding included, a band of rows after the other; then each plane is convolved. A "row"
 * runs along n, which is one side of the picture, whichever: strides in bytes tell.
 *
 * Planes are read and outputs written in one order, and rows that two bands share stay in the planes: the
 * output may take the input's place where it has its shape.
 */
#ifndef MDG_ARMV7EM_DEPTHWISE_PLANES_H
#define MDG_ARMV7EM_DEPTHWISE_PLANES_H

#include "midge/kernel.h"
#include "../../simd32.h"

typedef struct mdg_planes mdg_planes;

/* `rows` rows of outputs of four channels, without the first `skip`; y, w: of output channel 0 */
typedef void mdg_planes_fn(const mdg_planes *p, int8_t *y, int32_t channel, int32_t skip, int32_t rows);

struct mdg_planes {
    const mdg_depthwise_planes_params *shape;
    const void *params; /* the kernel's own, which begin with the shape */
    int32_t span;       /* of input rows that an output row is made of */
    uint32_t *words;    /* planes [4][band rows of the input][row_words] */
    int32_t plane;      /* words of one */
    const int32_t *w;
    mdg_planes_fn *convolve;
};

/* `convolve` is the caller's to set. */
static inline mdg_planes mdg_planes_of(const void *params, int32_t span, uint32_t *words, const int32_t *w) {
    const mdg_depthwise_planes_params *p = (const mdg_depthwise_planes_params *)params;
    mdg_planes q;
    q.shape = p;
    q.params = params;
    q.span = span;
    q.words = words;
    q.plane = ((p->band - 1) * p->stride_m + span) * p->row_words;
    q.w = w;
    q.convolve = NULL;
    return q;
}

/* Two neighbours of four channels to one word of four planes */
static inline void mdg_planes_put(uint32_t *to, int32_t plane, uint32_t a, uint32_t b) {
    const uint32_t a_even = mdg_sxtb16(a), b_even = mdg_sxtb16(b);
    const uint32_t a_odd = mdg_sxtb16_odd(a), b_odd = mdg_sxtb16_odd(b);
    to[0] = mdg_pkhbt(a_even, b_even);
    to[plane] = mdg_pkhbt(a_odd, b_odd);
    to[2 * plane] = mdg_pkhtb(a_even, b_even);
    to[3 * plane] = mdg_pkhtb(a_odd, b_odd);
}

/* One row of four channels; x = NULL: a row of padding */
static inline void mdg_planes_spread(const mdg_depthwise_planes_params *p, uint32_t *to, int32_t plane,
                                     const int8_t *x) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    const uint32_t *const end = to + p->row_words;
    const int32_t step = p->in_step_n;
    if (x) {
        int32_t left = p->in_n, pad = p->pad_n;
        for (; pad >= 2; pad -= 2) mdg_planes_put(to++, plane, zeros, zeros);
        if (pad == 1) {
            mdg_planes_put(to++, plane, zeros, mdg_load4(x));
            x += step, left--;
        }
        for (; left >= 2 && to != end; left -= 2, x += 2 * step)
            mdg_planes_put(to++, plane, mdg_load4(x), mdg_load4(x + step));
        if (left == 1 && to != end) mdg_planes_put(to++, plane, mdg_load4(x), zeros);
    }
    for (; to != end; to++) to[0] = to[plane] = to[2 * plane] = to[3 * plane] = mdg_sxtb16(zeros);
}

/* Rows [from, to) of the planes, of which row 0 is the picture's row `top` */
static inline void mdg_planes_fill(const mdg_planes *q, const int8_t *x, int32_t top, int32_t from,
                                   int32_t to) {
    const mdg_depthwise_planes_params *p = q->shape;
    for (int32_t row = from; row < to; row++) {
        const int32_t m = top + row;
        const int8_t *at = m >= 0 && m < p->in_m ? x + m * p->in_step_m : NULL;
        mdg_planes_spread(p, q->words + row * p->row_words, q->plane, at);
    }
}

/* Moves `rows` rows from row `from` on to the top of all four planes. */
static inline void mdg_planes_carry(const mdg_planes *q, int32_t from, int32_t rows) {
    const int32_t words = rows * q->shape->row_words, distance = from * q->shape->row_words;
    uint32_t *to = q->words;
    for (int32_t c = 0; c < 4; c++, to += q->plane)
        for (int32_t i = 0; i < words; i++) to[i] = to[i + distance];
}

/* Four channels of a picture; the first `skip` were done before. */
static inline void mdg_planes_group(const mdg_planes *q, const int8_t *x, int8_t *y, int32_t channel,
                                    int32_t skip) {
    const mdg_depthwise_planes_params *p = q->shape;
    const int32_t shared = q->span > p->stride_m ? q->span - p->stride_m : 0;
    int32_t filled = 0; /* rows of the planes that the last band left */
    for (int32_t m = 0; m < p->out_m; m += p->band) {
        const int32_t rows = p->out_m - m < p->band ? p->out_m - m : p->band;
        mdg_planes_fill(q, x + channel, m * p->stride_m - p->pad_m, filled,
                        (rows - 1) * p->stride_m + q->span);
        q->convolve(q, y + m * p->out_step_m, channel, skip, rows);
        if (m + rows < p->out_m) mdg_planes_carry(q, p->band * p->stride_m, shared);
        filled = shared;
    }
}

/* out_c: channels of the output */
static inline void mdg_planes_run(const mdg_planes *q, const int8_t *x, int8_t *y, int32_t out_c) {
    const mdg_depthwise_planes_params *p = q->shape;
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t c = 0; c < p->channels; c += 4) {
            const int32_t first = c + 4 <= p->channels ? c : p->channels - 4;
            mdg_planes_group(q, x, y, first, c - first);
        }
        x += p->in_n * p->in_m * p->channels;
        y += p->out_n * p->out_m * out_c;
    }
}

#endif
