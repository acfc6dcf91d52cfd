/* SPDX-License-Identifier: MIT
 *
 * CONV_2D of 1x1 on int8, stride 1, and FULLY_CONNECTED, whose pixels are its batches: two pixels at a time
 * through the matrix core (mac.h). Pixels are copied before anything is written, so the output may take the
 * input's place if it is not wider.
 */
#include "midge/kernel.h"
#include "mac.h"
#include "window.h"

/* A single pixel of whole vectors needs no copy, for nothing is read behind it. */
static inline int pointwise_mve_reads_in_place(const mdg_pointwise_mve_params *p) {
    return p->pixels == 1 && p->in_c % 16 == 0;
}

/* The first pixels in pairs, where whole groups of channels come out; returns how many. */
static inline int32_t pointwise_mve_pairs(const mdg_pointwise_mve_params *p, mdg_mve_mac *m, const int8_t *x,
                                          int8_t *y) {
    if (p->out_c % 4 != 0 || p->pixels < 2) return 0;
    m->from = x;
    m->bytes = 2 * p->in_c;
    m->pairs = p->pixels / 2;
    mdg_mve_outputs_at(m, p->out_c, y);
    mdg_mve_two_pixels(m);
    m->bytes = 0;
    return p->pixels / 2 * 2;
}

MDG_KERNEL void mdg_pointwise_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pointwise_mve_params *p = (const mdg_pointwise_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [pixels][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [pixels][out_c] */

    mdg_mve_mac m;
    mdg_mve_start(&m, w, p->in_c, p->out_zero, p->two_sided);
    if (pointwise_mve_reads_in_place(p)) {
        m.x0 = x;
        mdg_mve_outputs(&m, p->out_c, y, 1);
        return;
    }
    int8_t *pair = (int8_t *)out[1]; /* scratch [pixels, at most 2][in_c], 15 bytes */
    m.x0 = pair;
    m.x1 = pair + p->in_c;
    for (int32_t i = pointwise_mve_pairs(p, &m, x, y); i < p->pixels; i += 2) {
        const int32_t pixels = p->pixels - i > 1 ? 2 : 1;
        mdg_mve_copy(pair, x + i * p->in_c, pixels * p->in_c);
        mdg_mve_outputs(&m, p->out_c, y + i * p->out_c, pixels);
    }
}
