/* SPDX-License-Identifier: MIT
 *
 * SVDF: input, feature weights, time weights, bias or none, state.
 */
#include "lower/lower.h"

enum { INPUT, FEATURE, TIME, BIAS, STATE };

/* Products of an int8 difference and an int8 weight that a 32-bit sum holds */
enum { MAX_INPUTS = 65536 };

typedef struct sizes {
    int32_t batches, in_c, units, rank, memory;
} sizes;

static mdg_status read_sizes(const mdg_lowering *lo, sizes *s) {
    const mdg_svdf_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, INPUT), *feature = mdg_lo_input(lo, FEATURE);
    const mdg_tensor *time = mdg_lo_input(lo, TIME), *bias = mdg_lo_input(lo, BIAS);
    MDG_TRY(mdg_lo_need_rank(lo, x, 2, 2));
    MDG_TRY(mdg_lo_need_rank(lo, feature, 2, 2));
    MDG_TRY(mdg_lo_need_rank(lo, time, 2, 2));
    const int32_t filters = feature->shape.dim[0];
    if (a->rank < 1 || filters % a->rank)
        return mdg_lo_fail(lo, MDG_INVALID, "%d filters do not make units of rank %d", (int)filters,
                           (int)a->rank);
    *s = (sizes){.batches = x->shape.dim[0], .in_c = x->shape.dim[1], .rank = a->rank};
    s->units = filters / a->rank;
    s->memory = time->shape.dim[1];
    MDG_TRY(mdg_lo_need_elements(lo, feature, (int64_t)filters * s->in_c));
    MDG_TRY(mdg_lo_need_elements(lo, time, (int64_t)filters * s->memory));
    MDG_TRY(mdg_lo_need_variable(lo, mdg_lo_input(lo, STATE)));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, STATE), 2, 2));
    MDG_TRY(mdg_lo_need(lo, mdg_lo_input(lo, STATE)->shape.dim[0] == s->batches,
                        "input and state have different batch sizes"));
    MDG_TRY(mdg_lo_need(lo, mdg_lo_input(lo, STATE)->shape.dim[1] == (int64_t)filters * s->memory,
                        "the state does not hold the memory of all filters"));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), (int64_t)s->batches * s->units));
    return bias ? mdg_lo_need_elements(lo, bias, s->units) : MDG_OK;
}

static mdg_status add_call(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    for (int k = INPUT; k <= BIAS; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_input_buffer(lo, STATE));
    return MDG_OK;
}

static mdg_status lower_f32(mdg_lowering *lo, const sizes *s) {
    const mdg_svdf_attrs *a = lo->op->attrs;
    if (a->activation == MDG_ACT_TANH || a->activation == MDG_ACT_SIGN_BIT)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "the fused activation may be none or of the ReLU family");
    mdg_svdf_f32_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_svdf_f32_params){.batches = s->batches, .in_c = s->in_c, .units = s->units, .rank = s->rank};
    p->memory = s->memory;
    MDG_TRY(mdg_lo_activation_f32(lo, a->activation, &p->act_min, &p->act_max));
    return add_call(lo, p);
}

/* Both factors are formed in float, as TFLM does. */
static mdg_status set_quantisation(const mdg_lowering *lo, mdg_svdf_params *p) {
    const mdg_tensor *x = mdg_lo_input(lo, INPUT), *feature = mdg_lo_input(lo, FEATURE);
    const mdg_tensor *time = mdg_lo_input(lo, TIME), *state = mdg_lo_input(lo, STATE);
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    MDG_TRY(mdg_lo_need_scale(lo, feature));
    MDG_TRY(mdg_lo_need_scale(lo, time));
    MDG_TRY(state->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, state) : mdg_lo_need_scale(lo, state));
    p->in_zero = mdg_lo_zero(x), p->state_zero = mdg_lo_zero(state), p->out_zero = mdg_lo_zero(y);
    const float to_state = mdg_lo_scale(x) * mdg_lo_scale(feature) / mdg_lo_scale(state);
    const float to_output = mdg_lo_scale(state) * mdg_lo_scale(time) / mdg_lo_scale(y);
    MDG_TRY(mdg_lo_multiplier(lo, (double)to_state, &p->feature_mult, &p->feature_shift));
    return mdg_lo_multiplier(lo, (double)to_output, &p->out_mult, &p->out_shift);
}

static mdg_status lower(mdg_lowering *lo) {
    sizes s = {.batches = 0};
    MDG_TRY(read_sizes(lo, &s));
    if (lo->kernel == MDG_K_svdf_f32) return lower_f32(lo, &s);
    if (s.in_c > MAX_INPUTS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %d inputs overflow the sum", MAX_INPUTS);
    mdg_svdf_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_svdf_params){.batches = s.batches, .in_c = s.in_c, .units = s.units, .rank = s.rank};
    p->memory = s.memory;
    MDG_TRY(set_quantisation(lo, p));
    return add_call(lo, p);
}

static const mdg_variant variants[] = {
    {"int8,int8,int8,int32,int8->int8", MDG_K_svdf_s8_state8},
    {"int8,int8,int8,none,int8->int8", MDG_K_svdf_s8_state8},
    {"int8,int8,int16,int32,int16->int8", MDG_K_svdf_s8_state16},
    {"int8,int8,int16,none,int16->int8", MDG_K_svdf_s8_state16},
    {"float32,float32,float32,float32,float32->float32", MDG_K_svdf_f32},
    {"float32,float32,float32,none,float32->float32", MDG_K_svdf_f32},
};
MDG_RULE(svdf, 3, 5, 1, variants, lower);
