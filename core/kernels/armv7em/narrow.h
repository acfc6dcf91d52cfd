/* SPDX-License-Identifier: MIT
 *
 * narrow.h: gathers the windows of pictures with few channels, whose rows are no whole words, as bytes.
 */
#ifndef MDG_ARMV7EM_NARROW_H
#define MDG_ARMV7EM_NARROW_H

#include "conv_at.h"
#include "../../simd32.h"

/* Both may write up to 3 bytes too many: what stands behind is written later. */
static inline int8_t *mdg_narrow_fill(int8_t *to, uint32_t value, int32_t n) {
    for (int32_t i = 0; i < n; i += 4) mdg_store4(to + i, value);
    return to + n;
}

static inline void mdg_narrow_words(int8_t *to, const int8_t *from, int32_t n) {
    const int8_t *const end = to + n;
    do {
        mdg_store4(to, mdg_load4(from));
        to += 4, from += 4;
    } while (to < end);
}

/* Reads no more than n bytes. */
static inline int8_t *mdg_narrow_copy(int8_t *to, const int8_t *from, int32_t n) {
    for (; n >= 4; n -= 4, to += 4, from += 4) mdg_store4(to, mdg_load4(from));
    for (; n > 0; n--) *to++ = *from++;
    return to;
}

/* `taps` neighbours from (y, x) on, some of which may lie beside the picture */
static inline int8_t *mdg_narrow_run(const mdg_conv2d_smlad_params *p, int8_t *to, const int8_t *picture,
                                     int32_t y, int32_t x, int32_t taps) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    if (y < 0 || y >= p->in_h) return mdg_narrow_fill(to, zeros, taps * p->in_c);
    const int32_t from = x < 0 ? 0 : x, end = x + taps < p->in_w ? x + taps : p->in_w;
    if (from >= end) return mdg_narrow_fill(to, zeros, taps * p->in_c);
    to = mdg_narrow_fill(to, zeros, (from - x) * p->in_c);
    to = mdg_narrow_copy(to, picture + (y * p->in_w + from) * p->in_c, (end - from) * p->in_c);
    return mdg_narrow_fill(to, zeros, (x + taps - end) * p->in_c);
}

/* A window in the picture, with another row of a word below it: whole words may be read. */
static inline void mdg_narrow_inside(const mdg_conv2d_smlad_params *p, int8_t *to, const mdg_conv_at *at) {
    const int32_t run = p->kernel_w * p->in_c, pitch = p->dilation_h * p->in_w * p->in_c;
    const int8_t *from = at->picture + (at->y * p->in_w + at->x) * p->in_c;
    for (int32_t ky = p->kernel_h; ky > 0; ky--, to += run, from += pitch) mdg_narrow_words(to, from, run);
}

/* The window at `at`, and up to 3 bytes behind it */
static inline void mdg_narrow_gather(const mdg_conv2d_smlad_params *p, int8_t *to, const mdg_conv_at *at) {
    const int32_t runs = p->dilation_w == 1 ? 1 : p->kernel_w, taps = p->kernel_w / runs;
    const int has_row_below =
        at->y + (p->kernel_h - 1) * p->dilation_h + 1 < p->in_h && p->in_w * p->in_c >= 4;
    if (runs == 1 && has_row_below && mdg_conv_is_inside(p, at)) {
        mdg_narrow_inside(p, to, at);
        return;
    }
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        const int32_t y = at->y + ky * p->dilation_h;
        for (int32_t i = 0; i < runs; i++)
            to = mdg_narrow_run(p, to, at->picture, y, at->x + i * p->dilation_w, taps);
    }
}

#endif
