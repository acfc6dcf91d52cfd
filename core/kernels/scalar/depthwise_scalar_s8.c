/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 of any kernel, for processors without SIMD: one channel at a time is spread to a
 * plane of words, padding included, a band of rows after the other; then each of its outputs is computed
 * (quads.h). A "row" runs along axis n, the longer side of the picture, whichever that is: steps in bytes
 * tell.
 *
 * A plane is read and outputs are written in one order, and rows that two bands share stay in the plane: the
 * output may take the input's place where it has its shape.
 */
#include "midge/kernel.h"
#include "quads.h"

/* One row of a plane; x = NULL: a row of padding */
static inline void depthwise_scalar_row(const mdg_depthwise_scalar_params *p, int32_t *to, const int8_t *x) {
    const int32_t step = p->in_step_n * p->stride_n, in_n = x ? p->in_n : 0;
    for (int32_t phase = 0; phase < p->stride_n; phase++) {
        int32_t *const end = to + p->phase;
        int32_t n = phase - p->pad_n;
        for (; n < 0 && to != end; n += p->stride_n) *to++ = p->in_zero;
        const int32_t room = n + (int32_t)(end - to) * p->stride_n, last = in_n < room ? in_n : room;
        if (n < last) {
            const int8_t *at = x + n * p->in_step_n, *const stop = x + last * p->in_step_n;
            for (; at < stop; at += step) *to++ = *at;
        }
        while (to != end) *to++ = p->in_zero;
    }
}

static inline int32_t depthwise_scalar_row_words(const mdg_depthwise_scalar_params *p) {
    return p->stride_n * p->phase;
}

/* Where a tap's first word stands in the plane */
static inline int32_t depthwise_scalar_place(const mdg_depthwise_scalar_params *p, int32_t km, int32_t kn) {
    const int32_t column = kn * p->dilation_n;
    return km * p->dilation_m * depthwise_scalar_row_words(p) + column % p->stride_n * p->phase +
           column / p->stride_n;
}

/* The steps of taps, which are the same for all channels */
static inline void depthwise_scalar_steps(const mdg_depthwise_scalar_params *p, mdg_quads_tap *tap) {
    int32_t last = 0;
    for (int32_t km = 0; km < p->kernel_m; km++) {
        for (int32_t kn = 0; kn < p->kernel_n; kn++, tap++) {
            const int32_t place = depthwise_scalar_place(p, km, kn);
            if (km + kn > 0) tap[-1].step = 4 * (place - last) - 16;
            last = place;
        }
    }
    tap[-1].step = 0;
}

/* Rows [from, to) of the plane, of which row 0 is the picture's row `top` */
static inline void depthwise_scalar_fill(const mdg_depthwise_scalar_params *p, int32_t *plane,
                                         const int8_t *x, int32_t top, int32_t from, int32_t to) {
    for (int32_t row = from; row < to; row++) {
        const int32_t m = top + row;
        const int8_t *at = m >= 0 && m < p->in_m ? x + m * p->in_step_m : NULL;
        depthwise_scalar_row(p, plane + row * depthwise_scalar_row_words(p), at);
    }
}

/* The weights and factors of one channel */
static inline void depthwise_scalar_channel(mdg_quads *m, mdg_quads_tap *taps, int32_t count, const int8_t *w,
                                            const int32_t *factors) {
    for (int32_t t = 0; t < count; t++) taps[t].weight = w[t];
    m->bias = factors[0];
    m->factors = mdg_scalar_factors_of(factors + 1);
}

/* `rows` rows of outputs */
static inline void depthwise_scalar_convolve(const mdg_depthwise_scalar_params *p, mdg_quads *m,
                                             const int32_t *plane, int8_t *y, int32_t rows) {
    const int32_t step = p->stride_m * depthwise_scalar_row_words(p);
    for (; rows > 0; rows--, plane += step, y += p->out_step_m) {
        m->x = plane;
        m->y = y;
        m->y_end = y + p->out_n * p->out_step_n;
        mdg_quads_run(m);
    }
}

/* What a run over a picture needs besides the parameters */
typedef struct depthwise_scalar_state {
    mdg_quads quads;
    mdg_quads_tap *taps;
    int32_t *plane;
} depthwise_scalar_state;

/* One channel of a picture, with all outputs that it has */
static inline void depthwise_scalar_picture(const mdg_depthwise_scalar_params *p, depthwise_scalar_state *s,
                                            const int8_t *x, const int8_t *w, const int32_t *factors,
                                            int8_t *y) {
    const int32_t taps = p->kernel_m * p->kernel_n, row = depthwise_scalar_row_words(p);
    const int32_t reach = (p->kernel_m - 1) * p->dilation_m + 1;
    const int32_t shared = reach > p->stride_m ? reach - p->stride_m : 0;
    int32_t filled = 0; /* rows of the plane that the last band left */
    for (int32_t m = 0; m < p->out_m; m += p->band) {
        const int32_t rows = p->out_m - m < p->band ? p->out_m - m : p->band;
        depthwise_scalar_fill(p, s->plane, x, m * p->stride_m - p->pad_m, filled,
                              (rows - 1) * p->stride_m + reach);
        for (int32_t i = 0; i < p->multiplier; i++) {
            depthwise_scalar_channel(&s->quads, s->taps, taps, w + i * taps, factors + i * 3);
            depthwise_scalar_convolve(p, &s->quads, s->plane, y + m * p->out_step_m + i, rows);
        }
        for (int32_t i = 0; i < shared * row && m + rows < p->out_m; i++)
            s->plane[i] = s->plane[i + p->band * p->stride_m * row];
        filled = shared;
    }
}

MDG_KERNEL void mdg_depthwise_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise_scalar_params *p = (const mdg_depthwise_scalar_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_m][in_n][channels], or [in_n][in_m] */
    int8_t *y = (int8_t *)out[0];            /* the same of out_m, out_n, channels * multiplier */

    const int32_t taps = p->kernel_m * p->kernel_n, out_c = p->channels * p->multiplier;
    depthwise_scalar_state s;
    s.taps = (mdg_quads_tap *)out[1]; /* scratch: taps, then a plane of the rows of a band, and 3 words */
    s.plane = (int32_t *)(s.taps + taps);
    depthwise_scalar_steps(p, s.taps);
    mdg_quads_start(&s.quads, s.taps, taps, p->out_step_n, p->general);
    for (int32_t b = 0; b < p->batches; b++) {
        const int8_t *w = (const int8_t *)in[1];         /* [channels][multiplier][kernel_m][kernel_n] */
        const int32_t *factors = (const int32_t *)in[2]; /* [channels][multiplier][3] */
        for (int32_t c = 0; c < p->channels; c++) {
            depthwise_scalar_picture(p, &s, x + c, w, factors, y + c * p->multiplier);
            w += p->multiplier * taps;
            factors += p->multiplier * 3;
        }
        x += p->in_n * p->in_m * p->channels;
        y += p->out_n * p->out_m * out_c;
    }
}
