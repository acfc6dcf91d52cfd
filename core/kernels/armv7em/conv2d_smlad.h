/* SPDX-License-Identifier: MIT
 *
 * conv2d_smlad.h: CONV_2D on int8, in_c a multiple of 4, without groups: three outputs at a time through the
 * matrix core (mac.h). Taps in the padding read a buffer of the input's zero point.
 */
#ifndef MDG_ARMV7EM_CONV2D_SMLAD_H
#define MDG_ARMV7EM_CONV2D_SMLAD_H
#include "conv_at.h"
#include "mac.h"
#include "mac_spread.h"

/* One kernel row of three windows that lie in their pictures */
static inline uint32_t *mdg_conv2d_smlad_row(const mdg_conv2d_smlad_params *p, uint32_t *panel,
                                             const int8_t *const row[3]) {
    if (p->dilation_w == 1) return mdg_mac_spread(panel, row, p->kernel_w * p->in_c / 4);
    const int8_t *tap[3] = {row[0], row[1], row[2]};
    for (int32_t kx = 0; kx < p->kernel_w; kx++) {
        panel = mdg_mac_spread(panel, tap, p->in_c / 4);
        for (int32_t i = 0; i < 3; i++) tap[i] += p->dilation_w * p->in_c;
    }
    return panel;
}

static inline void mdg_conv2d_smlad_inside(const mdg_conv2d_smlad_params *p, uint32_t *panel,
                                           const mdg_conv_at *at) {
    const int8_t *row[3];
    for (int32_t i = 0; i < 3; i++) row[i] = at[i].picture + (at[i].y * p->in_w + at[i].x) * p->in_c;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        panel = mdg_conv2d_smlad_row(p, panel, row);
        for (int32_t i = 0; i < 3; i++) row[i] += p->dilation_h * p->in_w * p->in_c;
    }
}

/* Tap by tap, where some are in the padding */
static inline void mdg_conv2d_smlad_border(const mdg_conv2d_smlad_params *p, uint32_t *panel,
                                           const mdg_conv_at *at, const int8_t *zeros) {
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        for (int32_t kx = 0; kx < p->kernel_w; kx++) {
            const int8_t *tap[3];
            for (int32_t i = 0; i < 3; i++) {
                const int32_t y = at[i].y + ky * p->dilation_h, x = at[i].x + kx * p->dilation_w;
                const int inside = y >= 0 && y < p->in_h && x >= 0 && x < p->in_w;
                tap[i] = inside ? at[i].picture + (y * p->in_w + x) * p->in_c : zeros;
            }
            panel = mdg_mac_spread(panel, tap, p->in_c / 4);
        }
    }
}

/* All pixels by the channels of m, which are those from y on; panel: [depth / 4][6], and in_c bytes */
static inline void mdg_conv2d_smlad_pixels(const mdg_conv2d_smlad_params *p, const int8_t *x, int8_t *y,
                                           mdg_mac *m, uint32_t *panel, mdg_mac_fn *run) {
    int8_t *zeros = (int8_t *)(panel + p->depth / 4 * 6);
    memset(zeros, p->in_zero, (size_t)p->in_c);
    mdg_conv_at next = mdg_conv_first(p, x), at[3];
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 3) {
        int inside = 1;
        for (int32_t i = 0; i < 3; i++) {
            at[i] = i < left ? next : at[0];
            inside = inside && mdg_conv_is_inside(p, &at[i]);
            if (i < left) mdg_conv_next(p, &next);
        }
        if (inside)
            mdg_conv2d_smlad_inside(p, panel, at);
        else
            mdg_conv2d_smlad_border(p, panel, at, zeros);
        mdg_mac_pixels(m, run, y, p->out_c, left);
        y += 3 * p->out_c;
    }
}

static inline void mdg_conv2d_smlad(const mdg_conv2d_smlad_params *p, const void *const *in, void *const *out,
                                    mdg_mac_core core) {
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch */

    mdg_mac m = core.start(panel, w, p->depth, p->out_c, p->two_sided);
    mdg_conv2d_smlad_pixels(p, x, y, &m, panel, core.run);
}

#endif
