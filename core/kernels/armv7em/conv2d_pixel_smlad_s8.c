/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 for any in_c, without groups: as conv2d_narrow_smlad_s8, with its weights, but one output
 * after the other, which takes a ninth of the scratch and up to twice the instructions: bytes are
 * spread for each two channels anew.
 */
#include "mac.h"
#include "narrow.h"

/* Both channels of a pair; returns the stream behind their weights. */
static inline const int32_t *conv2d_pixel_pair(const mdg_mac *m, const int32_t *w, const int8_t *window,
                                               int32_t depth, int8_t *y) {
    int32_t low = w[0], raw = w[1];
    w += 2;
    for (const int8_t *end = window + depth; window != end; window += 4, w += 2) {
        const uint32_t word = mdg_load4(window), even = mdg_sxtb16(word), odd = mdg_sxtb16_odd(word);
        raw = mdg_smlad(even, (uint32_t)w[0], raw);
        low = mdg_smlad(even, mdg_sxtb16((uint32_t)w[0]), low);
        raw = mdg_smlad(odd, (uint32_t)w[1], raw);
        low = mdg_smlad(odd, mdg_sxtb16((uint32_t)w[1]), low);
    }
    mdg_mac_put_pair(y, mdg_mac_pair(m, w, low, raw));
    return w + 3;
}

MDG_KERNEL void mdg_conv2d_pixel_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];        /* [batches][in_h][in_w][in_c] */
    const int32_t *stream = (const int32_t *)in[1]; /* mac.h */
    int8_t *y = (int8_t *)out[0];                   /* [batches][out_h][out_w][out_c] */
    int8_t *window = (int8_t *)out[1];              /* scratch [depth], a word */

    memset(window, 0, (size_t)p->depth);
    mdg_mac m;
    m.table = stream;
    m.two_sided = p->two_sided;
    mdg_conv_at at = mdg_conv_first(p, x);
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left--, mdg_conv_next(p, &at)) {
        mdg_narrow_gather(p, window, &at);
        const int32_t *w = stream + stream[0];
        for (int32_t c = 0; c < p->out_c; c += 2) {
            if (c == 2 && p->out_c % 2) c = 1; /* the pairs (0 1) (1 2) (3 4) ... */
            w = conv2d_pixel_pair(&m, w, window, p->depth, y + c);
        }
        y += p->out_c;
    }
}
