/* SPDX-License-Identifier: MIT
 *
 * depthwise_taps_smlad.h: DEPTHWISE_CONV_2D on int8 with kernels of up to 15 columns along n, at least 4
 * channels, any number of output channels for each: on planes (depthwise_planes.h), row by row (taps.h).
 *
 * Per output channel: bias, multiplier | bytes: shift, weights [kernel_m][words of two], up to a whole word
 */
#ifndef MDG_ARMV7EM_DEPTHWISE_TAPS_SMLAD_H
#define MDG_ARMV7EM_DEPTHWISE_TAPS_SMLAD_H

#include "depthwise_planes.h"
#include "taps.h"

/* How two neighbouring weights stand in a record: weight(at, i) is twice number i, 0 or 1, of those in the
 * `bytes` bytes at `at`. */
typedef struct mdg_taps_pair {
    int32_t (*weight)(const int8_t *at, int32_t i);
    int32_t bytes;
} mdg_taps_pair;

/* The weights of all kernel rows as the pairs of a row meet them: words of two neighbours, of which the
 * second output takes those one place further */
MDG_INLINE void mdg_depthwise_taps_weights(uint32_t *to, const int8_t *w, int32_t rows, int32_t words,
                                           int32_t is_odd, mdg_taps_pair pair) {
    for (; rows > 0; rows--) {
        int32_t before = 0;
        for (int32_t i = 0; i < words; i++, to += 2, w += pair.bytes) {
            const int32_t low = pair.weight(w, 0), high = pair.weight(w, 1);
            to[0] = mdg_pack16(low, high);
            to[1] = is_odd ? mdg_pack16(before, low) : to[0];
            before = high;
        }
    }
}

static inline void mdg_depthwise_taps_run(const mdg_depthwise_planes_params *p, mdg_taps *q) {
    if (p->stride_n == 1)
        mdg_taps_together(q);
    else
        mdg_taps_apart(q);
}

/* `rows` rows of outputs of one channel */
static inline void mdg_depthwise_taps_rows(const mdg_depthwise_planes_params *p, mdg_taps *q,
                                           const uint32_t *x, int8_t *y, int32_t rows) {
    for (; rows > 0; rows--, x += p->stride_m * p->row_words, y += p->out_step_m) {
        q->x = x, q->x_end = x + p->out_n / 2 * p->stride_n;
        q->y = y, q->y_second = p->out_step_n;
        if (p->out_n > 1) mdg_depthwise_taps_run(p, q);
        if (p->out_n % 2 == 0) continue;
        q->x_end += p->stride_n, q->y_second = 0;
        mdg_depthwise_taps_run(p, q);
    }
}

MDG_INLINE void mdg_depthwise_taps_convolve(const mdg_planes *planes, int8_t *y, int32_t channel,
                                            int32_t skip, int32_t rows, mdg_taps_pair pair) {
    const mdg_depthwise_planes_params *p = planes->shape;
    const mdg_depthwise_taps_params *t = (const mdg_depthwise_taps_params *)planes->params;
    const int32_t words = (t->kernel_n + t->stride_n % 2 + 1) / 2;
    const int32_t record = 2 + (t->kernel_m * words * pair.bytes + 4) / 4;
    uint32_t *weights = planes->words + 4 * planes->plane;
    const uint32_t *x = planes->words + skip * planes->plane;
    mdg_taps q;
    q.pair_bytes = 4 * p->stride_n, q.second = p->stride_n / 2 * 4;
    q.w = weights, q.kernel_rows = t->kernel_m, q.skip = MDG_TAPS_WORDS - words;
    q.row_back = 4 * (t->dilation_m * p->row_words - words);
    int32_t c = (channel + skip) * t->multiplier;
    for (; skip < 4; skip++, x += planes->plane) {
        for (int32_t i = 0; i < t->multiplier; i++, c++) {
            const int32_t *w = planes->w + c * record;
            const int8_t *bytes = (const int8_t *)(w + 2);
            q.bias[0] = q.bias[1] = mdg_shift_left(w[0], 1), q.mult = w[1], q.shift = bytes[0];
            q.offset = t->out_zero * (1 << q.shift) + (1 << (q.shift - 1));
            mdg_depthwise_taps_weights(weights, bytes + 1, t->kernel_m, words, t->stride_n % 2, pair);
            mdg_depthwise_taps_rows(p, &q, x, y + c, rows);
        }
    }
}

static inline void mdg_depthwise_taps(const void *params, const void *const *in, void *const *out,
                                      mdg_planes_fn *convolve) {
    const mdg_depthwise_taps_params *p = (const mdg_depthwise_taps_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_m][in_n][channels], or [in_n][in_m] */
    const int32_t *w = (const int32_t *)in[1]; /* [channels * multiplier] records */
    int8_t *y = (int8_t *)out[0];              /* the same of out_m, out_n, channels * multiplier */
    uint32_t *words = (uint32_t *)out[1];      /* scratch: planes, weights [kernel_m][words][2] */

    mdg_planes planes = mdg_planes_of(p, (p->kernel_m - 1) * p->dilation_m + 1, words, w);
    planes.convolve = convolve;
    mdg_planes_run(&planes, x, y, p->channels * p->multiplier);
}

#endif
