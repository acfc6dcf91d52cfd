/* SPDX-License-Identifier: MIT */
#include "specialize/depthwise4.h"

enum {
    SUM_LIMIT = 1 << 19, /* of products that stand 4096 times as large */
    BIAS_LIMIT = 1 << 22 /* of 23 bits */
};

static bool packs(const mdg_spec *s, const mdg_spec_layer *l, mdg_kernel_id kernel) {
    return l->packed && mdg_spec_may_use(s, kernel);
}

static bool sums_fit(const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++) {
        const int8_t *w = l->w + c * l->depth;
        int32_t sum = 0;
        for (int32_t t = 0; t < l->depth && sum < SUM_LIMIT; t++) sum += 128 * (w[t] < 0 ? -w[t] : w[t]);
        if (sum >= SUM_LIMIT) return false;
    }
    return true;
}

bool mdg_spec_packs_3x3(const mdg_spec *s, const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++)
        if (l->channels[c].bias < -BIAS_LIMIT || l->channels[c].bias >= BIAS_LIMIT) return false;
    return packs(s, l, MDG_K_depthwise3x3_smlad_s8_w4);
}

bool mdg_spec_packs_taps(const mdg_spec *s, const mdg_spec_layer *l) {
    return packs(s, l, MDG_K_depthwise_taps_smlad_s8_w4);
}

bool mdg_spec_packs_general(const mdg_spec *s, const mdg_spec_layer *l) {
    return packs(s, l, MDG_K_depthwise_smlad_s8_w4) && sums_fit(l);
}

bool mdg_spec_packs_line(const mdg_spec *s, const mdg_spec_layer *l) {
    return packs(s, l, MDG_K_depthwise_line_smlad_s8_w4) && sums_fit(l);
}

static uint32_t four_bits(const mdg_spec_layer *l, int32_t channel, int32_t t) {
    return (uint32_t)l->w[channel * l->depth + t] & 15;
}

void mdg_spec_put_3x3_w4(const mdg_spec_layer *l, int32_t channel, bool along_w, int32_t *to) {
    const mdg_spec_channel *c = &l->channels[channel];
    uint32_t first = 0;
    for (int32_t i = 0; i < 8; i++) first |= four_bits(l, channel, along_w ? i : i % 3 * 3 + i / 3) << 4 * i;
    to[0] = (int32_t)first;
    to[1] = (int32_t)((uint32_t)(c->right + 7) | four_bits(l, channel, 8) << 5 | (uint32_t)c->bias << 9);
    to[2] = c->mult;
}

int32_t *mdg_spec_put_rows_w4(const mdg_spec_layer *l, int32_t first, const mdg_conv2d_smlad_params *q,
                              int32_t *to) {
    static const int32_t place[4] = {12, 8, 28, 24}; /* of a channel's first tap */
    for (int32_t ky = 0; ky < q->kernel_h; ky++) {
        for (int32_t kx = 0; kx < q->kernel_w; kx += 2) {
            uint32_t word = 0;
            for (int32_t i = 0; i < 8; i++)
                if (kx + i / 4 < q->kernel_w)
                    word |= four_bits(l, first + i % 4, ky * q->kernel_w + kx + i / 4)
                            << (place[i % 4] - i / 4 * 8);
            *to++ = (int32_t)word;
        }
    }
    return to;
}

int32_t mdg_spec_line_word_w4(const mdg_spec_layer *l, int32_t first, int32_t t, int32_t taps) {
    uint32_t word = 0;
    for (int32_t i = 0; i < 4; i++) {
        word |= four_bits(l, first + i, t) << (12 - 4 * i);
        if (t + 1 < taps) word |= four_bits(l, first + i, t + 1) << (28 - 4 * i);
    }
    return (int32_t)word;
}
