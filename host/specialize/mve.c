/* SPDX-License-Identifier: MIT
 *
 * Cortex-M55, M85: CONV_2D and FULLY_CONNECTED.
 */
#include "specialize/mve.h"

bool mdg_spec_mve_fits(mdg_spec_layer *l, int32_t act_min) {
    l->two_sided = false;
    for (int32_t c = 0; c < l->out_c; c++) l->two_sided |= act_min < l->channels[c].zero;
    for (int32_t c = 0; c < l->out_c; c++) {
        const int32_t right = l->channels[c].right;
        if (right > 31 || (l->two_sided && right == 0)) return false;
    }
    return true;
}

int32_t mdg_spec_mve_word(const int8_t *bytes) {
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) word |= (uint32_t)(uint8_t)bytes[i] << 8 * i;
    return (int32_t)word;
}

enum { STEP = 16, FACTOR_WORDS = 9 }; /* biases, multipliers, shifts of four channels */

/* Weights of 16 inputs from `from` on, zeros behind the last */
static int32_t *put_step(int32_t *to, const mdg_spec_layer *l, int32_t channel, int32_t from) {
    for (int32_t t = from; t < from + STEP; t += 4)
        *to++ = channel < l->out_c && t < l->depth ? mdg_spec_mve_word(l->w + channel * l->depth + t) : 0;
    return to;
}

/* The stream of core/kernels/mve/mac.h */
static void add_stream(mdg_spec *s, mdg_call *call, const mdg_spec_layer *l) {
    const int32_t steps = (l->depth + STEP - 1) / STEP, groups = (l->out_c + 3) / 4;
    const size_t count = (size_t)groups * (size_t)(FACTOR_WORDS + steps * STEP);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    for (int32_t first = 0; first < 4 * groups; first += 4) {
        for (int32_t t = 0; t < steps * STEP; t += STEP)
            for (int32_t i = 0; i < 4; i++) to = put_step(to, l, first + i, t);
        int8_t shift[4] = {0};
        for (int32_t i = 0; i < 4 && first + i < l->out_c; i++) {
            to[i] = l->channels[first + i].bias;
            to[4 + i] = l->channels[first + i].mult;
            shift[i] = (int8_t)-l->channels[first + i].right;
        }
        to[8] = mdg_spec_mve_word(shift);
        to += FACTOR_WORDS;
    }
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
}

/* So many windows, and what is read behind the last */
static void add_windows(mdg_spec *s, mdg_call *call, int32_t count, int32_t depth) {
    mdg_spec_add_scratch(s, call, (size_t)(count * depth + STEP - 1));
}

static void add_pointwise(mdg_spec *s, const mdg_spec_layer *l, int32_t pixels, int32_t in_c) {
    mdg_pointwise_mve_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_mve_params){.pixels = pixels,
                                    .in_c = in_c,
                                    .out_c = l->out_c,
                                    .out_zero = l->channels[0].zero,
                                    .two_sided = l->two_sided};
    mdg_call *call = mdg_spec_add_call(s, MDG_K_pointwise_mve_s8, q);
    add_stream(s, call, l);
    if (pixels == 1 && in_c % STEP == 0) return; /* read where it stands */
    add_windows(s, call, pixels > 1 ? 2 : 1, in_c);
    if (l->out_c <= in_c) call->inplace_in = call->inplace_out = 0;
}

mdg_conv2d_mve_params *mdg_spec_mve_conv_params(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_conv2d_mve_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
#define COPY(type, name) q->name = p->name;
#define NONE(type, name, count)
    MDG_PARAMS_conv2d_shape(COPY, NONE)
#undef COPY
#undef NONE
        q->in_zero = p->in_zero;
    q->out_zero = p->out_zero;
    q->two_sided = l->two_sided;
    return q;
}

static void add_conv2d(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_mve_params *q = mdg_spec_mve_conv_params(s, l);
    mdg_call *call = mdg_spec_add_call(s, MDG_K_conv2d_mve_s8, q);
    add_stream(s, call, l);
    add_windows(s, call, 2, q->kernel_h * q->kernel_w * q->in_c);
}

/* Each window is a run of the input's bytes, one behind the other. */
static bool reads_runs(const mdg_conv2d_params *p) {
    return mdg_spec_is_pointwise(p) || mdg_spec_is_fully_connected(p);
}

static bool add_conv(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    if (!mdg_spec_mve_fits(l, p->act_min)) return false;
    if (reads_runs(p) && mdg_spec_may_use(s, MDG_K_pointwise_mve_s8))
        add_pointwise(s, l, p->batches * p->out_h * p->out_w, p->kernel_h * p->kernel_w * p->in_c);
    else
        add_conv2d(s, l);
    return true;
}

bool mdg_spec_mve_conv2d(mdg_spec *s) {
    return mdg_spec_conv(s, s->call->kernel == MDG_K_depthwise_conv2d_s8, add_conv);
}

static bool fully_connected(mdg_spec *s, const mdg_spec_sums *factors) {
    const mdg_fully_connected_params *p = s->call->params;
    mdg_spec_sums sums = *factors;
    mdg_spec_layer l;
    sums.out_c = p->out_c;
    sums.taps = sums.channel_step = p->in_c;
    sums.tap_step = 1;
    sums.in_zero = p->in_zero;
    sums.out_zero = p->out_zero;
    sums.act_min = p->act_min;
    sums.w = mdg_spec_const(s, 1);
    sums.bias = mdg_spec_const(s, 2);
    const bool constant = sums.w && sums.mult && sums.shift && (sums.bias || s->call->in[2] < 0);
    if (!constant || p->filter_zero != 0 || !mdg_spec_bound(s, &sums, &l) ||
        !mdg_spec_mve_fits(&l, p->act_min))
        return false;
    add_pointwise(s, &l, p->batches, p->in_c);
    mdg_spec_add_clamp(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_mve_fully_connected(mdg_spec *s) {
    const mdg_fully_connected_params *p = s->call->params;
    return fully_connected(s, &(mdg_spec_sums){.mult = &p->mult, .shift = &p->shift});
}

bool mdg_spec_mve_fully_connected_per_channel(mdg_spec *s) {
    return fully_connected(
        s, &(mdg_spec_sums){.mult = mdg_spec_const(s, 3), .shift = mdg_spec_const(s, 4), .factor_step = 1});
}
