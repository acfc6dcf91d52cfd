/* SPDX-License-Identifier: MIT
 *
 * mac_lut.h: the matrix core (mac.h) for clustered weights (lut.h), a block of pairs of channels at a time,
 * which is decoded once for all pixels. The stream is that of mac.h, with half as many words of weights.
 *
 *     mdg_mac m = mdg_mac_start(panel, stream, depth, out_c, two_sided);
 *     mdg_mac_lut l = mdg_mac_lut_start(&m, values, scratch, depth, block);
 *     for (int32_t c = 0; c < out_c; c += 2 * l.pairs) {
 *         mdg_mac_lut_next(&l, &m, (out_c - c) / 2);
 *         ... all pixels by m, to y + c
 *     }
 */
#ifndef MDG_ARMV7EM_MAC_LUT_H
#define MDG_ARMV7EM_MAC_LUT_H

#include "lut.h"
#include "mac.h"

typedef struct mdg_mac_lut {
    const int32_t *w; /* stream of the blocks to come */
    uint16_t *pair;   /* lut.h */
    int32_t *block;
    int32_t depth, most; /* pairs a block */
    int32_t pairs;       /* of this one */
} mdg_mac_lut;

/* value: [16]; scratch: [256] halves, then `most` pairs */
static inline mdg_mac_lut mdg_mac_lut_start(const mdg_mac *m, const int8_t *value, uint16_t *scratch,
                                            int32_t depth, int32_t most) {
    mdg_mac_lut l;
    l.w = m->w;
    l.pair = scratch;
    l.block = (int32_t *)(void *)(scratch + MDG_LUT_PAIRS);
    l.depth = depth;
    l.most = most;
    l.pairs = 0;
    mdg_lut_pairs(scratch, value);
    return l;
}

/* Decodes the next block for m, of `left` pairs that are to come. */
static MDG_NOINLINE void mdg_mac_lut_next(mdg_mac_lut *l, mdg_mac *m, int32_t left) {
    const int32_t *w = l->w;
    int32_t *to = l->block;
    l->pairs = left < l->most ? left : l->most;
    for (int32_t i = l->pairs; i > 0; i--) {
        *to++ = *w++, *to++ = *w++;
        for (int32_t t = l->depth; t > 0; t -= 4) {
            const uint32_t places = (uint32_t)*w++;
            *to++ = mdg_lut_even(l->pair, places);
            *to++ = mdg_lut_odd(l->pair, places);
        }
        *to++ = *w++, *to++ = *w++, *to++ = *w++;
    }
    l->w = w;
    m->w = l->block;
    m->w_end = to;
}

#endif
