/* SPDX-License-Identifier: MIT
 *
 * pointwise_smlad.h: CONV_2D of 1x1 on int8, stride 1: three pixels at a time through the matrix core
 * (mac.h). The output may take the input's place if it is not wider: pixels are read before anything behind
 * them is written.
 */
#ifndef MDG_ARMV7EM_POINTWISE_SMLAD_H
#define MDG_ARMV7EM_POINTWISE_SMLAD_H
#include "mac.h"
#include "mac_spread.h"

/* Whole words are read of every pixel; of the last ones, whose words may reach behind the input, from copies.
 */
static inline void mdg_pointwise_smlad_spread(const mdg_pointwise_smlad_params *p, uint32_t *panel,
                                              const int8_t *x, int32_t left) {
    const int32_t blocks = (p->in_c + 3) / 4;
    int8_t *copies = (int8_t *)(panel + blocks * 6);
    const int8_t *pixel[3];
    for (int32_t i = 0; i < 3; i++) pixel[i] = i < left ? x + i * p->in_c : x;
    if (p->in_c % 4 != 0 && 2 * p->in_c + 4 * blocks > left * p->in_c) {
        for (int32_t i = 0; i < 3; i++, copies += 4 * blocks) {
            memcpy(copies, pixel[i], (size_t)p->in_c);
            pixel[i] = copies;
        }
    }
    mdg_mac_spread(panel, pixel, blocks);
}

/* All pixels by the channels of m, which are those from y on */
static inline void mdg_pointwise_smlad_pixels(const mdg_pointwise_smlad_params *p, const int8_t *x, int8_t *y,
                                              mdg_mac *m, uint32_t *panel, mdg_mac_fn *run) {
    for (int32_t left = p->pixels; left > 0; left -= 3, x += 3 * p->in_c, y += 3 * p->out_c) {
        mdg_pointwise_smlad_spread(p, panel, x, left);
        mdg_mac_pixels(m, run, y, p->out_c, left);
    }
}

static inline void mdg_pointwise_smlad(const mdg_pointwise_smlad_params *p, const void *const *in,
                                       void *const *out, mdg_mac_core core) {
    const int8_t *x = (const int8_t *)in[0];   /* [pixels][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [pixels][out_c] */
    uint32_t *panel =
        (uint32_t *)out[1]; /* scratch [blocks of 4 channels][6], 3 pixels unless they are whole blocks */

    mdg_mac m = core.start(panel, w, (p->in_c + 3) / 4 * 4, p->out_c, p->two_sided);
    mdg_pointwise_smlad_pixels(p, x, y, &m, panel, core.run);
}

#endif
