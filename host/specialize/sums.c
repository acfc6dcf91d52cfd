/* SPDX-License-Identifier: MIT
 *
 * What the sums of a layer can be, from its constants.
 */
#include "core/fixed.h"
#include "specialize/spec.h"

/* Below it, neither the sum nor its result with the zero point overflows; the folded bias wraps around. */
enum { SUM_LIMIT = INT32_MAX - 256 };

/* As the reference has it, saturated to what an output can be */
static int32_t result_of(const mdg_spec_channel *c, int64_t sum, int32_t act_min) {
    return mdg_clamp(mdg_requantize((int32_t)sum, c->mult, -c->right) + c->zero, act_min, 127);
}

/* Adds a tap of weight w to the bounds. */
static void add_tap(mdg_spec_channel *c, int32_t w, int32_t in_zero) {
    const int64_t low = (int64_t)(-128 - in_zero) * w, high = (int64_t)(127 - in_zero) * w;
    c->min += low < high ? low : high;
    c->max += low < high ? high : low;
}

/* One value, whatever the input is: requantisation is monotonic. A quarter of the bias gives it without
 * weights. */
static void fold_constant(mdg_spec_channel *c, int8_t *w, int32_t depth, int32_t act_min) {
    const int32_t low = result_of(c, c->min, act_min);
    if (low != result_of(c, c->max, act_min)) return;
    for (int32_t t = 0; t < depth; t++) w[t] = 0;
    c->bias = 4 * (low - c->zero);
    c->min = c->max = c->bias;
    c->mult = 1 << 30;
    c->right = 1;
}

static bool bound_channel(const mdg_spec_sums *s, int32_t index, mdg_spec_channel *c, int8_t *row,
                          int32_t depth) {
    const int32_t shift = s->shift[index * s->factor_step];
    int64_t bias = s->bias ? s->bias[index] : 0;
    *c = (mdg_spec_channel){.min = bias, .max = bias, .right = -shift, .zero = s->out_zero};
    c->mult = s->mult[index * s->factor_step];
    for (int32_t t = 0; t < s->taps; t++) {
        row[t] = s->w[index * s->channel_step + t * s->tap_step];
        add_tap(c, row[t], s->in_zero);
        bias -= (int64_t)row[t] * s->in_zero;
    }
    if (shift > 0 || c->min < -SUM_LIMIT || c->max > SUM_LIMIT) return false;
    c->bias = (int32_t)bias;
    fold_constant(c, row, depth, s->act_min);
    return true;
}

bool mdg_spec_bound(mdg_spec *s, const mdg_spec_sums *sums, mdg_spec_layer *out) {
    mdg_arena *arena = s->program->arena;
    out->packed = false;
    out->clusters = NULL;
    out->out_c = sums->out_c;
    out->depth = (sums->taps + 3) / 4 * 4;
    out->w = mdg_arena_alloc(arena, (size_t)out->out_c * (size_t)out->depth);
    out->channels = mdg_arena_array(arena, (size_t)out->out_c, sizeof *out->channels);
    for (int32_t c = 0; c < out->out_c; c++) {
        if (!bound_channel(sums, c, &out->channels[c], out->w + c * out->depth, out->depth)) return false;
    }
    return true;
}

/* The doubled sum fits, there is a second rounding, and offset and result fit. */
bool mdg_spec_two_sided_fits(const mdg_spec_channel *c) {
    const int64_t limit = (int64_t)1 << 29;
    return c->right >= 1 && c->right <= 21 && c->min > -limit && c->max < limit;
}

void mdg_spec_two_sided(const mdg_spec_channel *c, int32_t out[3]) {
    out[0] = c->mult;
    out[1] = c->zero * (1 << c->right) + (1 << (c->right - 1));
    out[2] = c->right;
}

bool mdg_spec_pair_fits(const int8_t *a, const int8_t *b, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        if (a[i] < 0 && b[i] == -128) return false;
    }
    return true;
}

int32_t mdg_spec_pair(const int8_t *a, const int8_t *b, int odd) {
    const int32_t low = a[odd] + 256 * b[odd], high = a[odd + 2] + 256 * b[odd + 2];
    return (int32_t)((uint32_t)low & 0xFFFFu) | (int32_t)((uint32_t)high << 16);
}
