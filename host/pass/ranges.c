/* SPDX-License-Identifier: MIT
 *
 * What values each channel of each int8 tensor can take, whatever the input. Every operator here is monotonic
 * in each operand, up to the sign of a weight; so the ends of its operands' ranges give the ends of its own.
 */
#include "pass/channels.h"

#include "../../core/fixed.h"
#include "../../core/kernels/ref/add_util.h"

static const mdg_range any = {INT8_MIN, INT8_MAX};

mdg_range mdg_range_joined(mdg_range a, mdg_range b) {
    return (mdg_range){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

static mdg_range clamped(mdg_range r, int32_t min, int32_t max) {
    return (mdg_range){mdg_clamp(r.lo, min, max), mdg_clamp(r.hi, min, max)};
}

/* Where 32 bits would wrap around, every value is possible that the clamp lets through. */
mdg_range mdg_range_scaled(int64_t lo, int64_t hi, const mdg_scaling *s) {
    const mdg_range all = clamped(any, s->min, s->max);
    const int64_t up = (int64_t)1 << (s->shift > 0 ? s->shift : 0);
    if (s->mult < 0 || lo < INT32_MIN / up || hi > INT32_MAX / up) return all;
    const int64_t q_lo = (int64_t)mdg_requantize((int32_t)lo, s->mult, s->shift) + s->zero;
    const int64_t q_hi = (int64_t)mdg_requantize((int32_t)hi, s->mult, s->shift) + s->zero;
    if (q_lo < INT32_MIN || q_hi > INT32_MAX) return all;
    return clamped((mdg_range){(int32_t)q_lo, (int32_t)q_hi}, s->min, s->max);
}

static mdg_range of_requantize(const mdg_requantize_params *p, mdg_range x) {
    const mdg_scaling s = {p->mult, p->shift, p->out_zero, p->act_min, p->act_max};
    return mdg_range_scaled(x.lo - p->in_zero, x.hi - p->in_zero, &s);
}

static mdg_range of_mean(const mdg_reduce_params *p, mdg_range x) {
    const mdg_scaling s = {p->mult, p->shift, p->out_zero, INT8_MIN, INT8_MAX};
    const int64_t n = p->inputs;
    return mdg_range_scaled(n * (x.lo - p->in_zero), n * (x.hi - p->in_zero), &s);
}

static mdg_range of_pad(const mdg_channels *ch, int op, mdg_range x) {
    const int8_t *fill = mdg_channels_const(ch, op, 1);
    return fill ? mdg_range_joined(x, (mdg_range){fill[0], fill[0]}) : any;
}

static mdg_range of_unary(const mdg_channels *ch, int op, mdg_range x) {
    const mdg_call *call = ch->call[op];
    const mdg_pool2d_params *pool = call ? call->params : NULL;
    const mdg_clamp_params *clamp = call ? call->params : NULL;
    if (!call) return x;
    switch (call->kernel) {
    case MDG_K_average_pool2d_s8: /* a mean lies between its terms */
    case MDG_K_max_pool2d_s8: return clamped(x, pool->act_min, pool->act_max);
    case MDG_K_clamp_s8: return clamped(x, clamp->min, clamp->max);
    case MDG_K_requantize_s8_s8: return of_requantize(call->params, x);
    case MDG_K_mean_s8: return of_mean(call->params, x);
    case MDG_K_pad_8: return of_pad(ch, op, x);
    default: return any;
    }
}

/* Operands at half the scale of the wider one: no sum wraps around where the factors are below one. */
static mdg_range of_add(const mdg_add_params *p, mdg_range a, mdg_range b, bool is_difference) {
    const mdg_scaling s = {p->out_mult, p->out_shift, p->out_zero, p->act_min, p->act_max};
    const int64_t b_lo = mdg_add_b(p, b.lo), b_hi = mdg_add_b(p, b.hi);
    return mdg_range_scaled(mdg_add_a(p, a.lo) + (is_difference ? -b_hi : b_lo),
                            mdg_add_a(p, a.hi) + (is_difference ? -b_lo : b_hi), &s);
}

static mdg_range of_mul(const mdg_mul_params *p, mdg_range a, mdg_range b) {
    const mdg_scaling s = {p->mult, p->shift, p->out_zero, p->act_min, p->act_max};
    const int64_t a_ends[2] = {a.lo - p->a_zero, a.hi - p->a_zero};
    const int64_t b_ends[2] = {b.lo - p->b_zero, b.hi - p->b_zero};
    int64_t lo = INT64_MAX, hi = INT64_MIN;
    for (int i = 0; i < 4; i++) {
        const int64_t product = a_ends[i & 1] * b_ends[i >> 1];
        if (product < lo) lo = product;
        if (product > hi) hi = product;
    }
    return mdg_range_scaled(lo, hi, &s);
}

static mdg_range of_binary(const mdg_call *call, mdg_range a, mdg_range b) {
    switch (call->kernel) {
    case MDG_K_add_s8: return of_add(call->params, a, b, false);
    case MDG_K_sub_s8: return of_add(call->params, a, b, true);
    case MDG_K_mul_s8: return of_mul(call->params, a, b);
    default: return any;
    }
}

/* -- Operators -- */

static void measure_filter(const mdg_channels *ch, int op) {
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    const mdg_filter *f = ch->filter[op];
    for (int32_t oc = 0; oc < f->out_c; oc++)
        y->range[oc] = mdg_filter_range(f, mdg_channels_in(ch, op, 0), oc);
}

/* A reshape to fewer channels puts several of its input's into one. */
static void measure_unary(const mdg_channels *ch, int op) {
    const mdg_tensor_channels *x = mdg_channels_in(ch, op, 0);
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    for (int c = 0; c < y->n; c++) y->range[c] = of_unary(ch, op, x->range[c % x->n]);
}

static void measure_binary(const mdg_channels *ch, int op) {
    const mdg_tensor_channels *a = mdg_channels_in(ch, op, 0), *b = mdg_channels_in(ch, op, 1);
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    for (int c = 0; c < y->n; c++)
        y->range[c] = of_binary(ch->call[op], a->range[c % a->n], b->range[c % b->n]);
}

static void measure_concatenation(const mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    const bool along_channels = mdg_channels_axis(ch, op) == ch->sub->tensors[o->outputs[0]].shape.rank - 1;
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    int at = 0;
    for (int k = 0; k < o->n_inputs; k++) {
        const mdg_tensor_channels *x = mdg_channels_in(ch, op, k);
        for (int c = 0; c < x->n; c++) {
            mdg_range *r = &y->range[along_channels ? at++ : c];
            *r = along_channels || k == 0 ? x->range[c] : mdg_range_joined(*r, x->range[c]);
        }
    }
}

static void measure_op(const mdg_channels *ch, int op) {
    if (ch->kind[op] == MDG_CHANNEL_OPAQUE || mdg_channels_out(ch, op)->is_state) return;
    switch (ch->kind[op]) {
    case MDG_CHANNEL_FILTER: measure_filter(ch, op); break;
    case MDG_CHANNEL_UNARY: measure_unary(ch, op); break;
    case MDG_CHANNEL_BINARY: measure_binary(ch, op); break;
    case MDG_CHANNEL_CONCATENATION: measure_concatenation(ch, op); break;
    default: break;
    }
}

/* -- Tensors -- */

static void measure_constant(const mdg_tensor *t, mdg_tensor_channels *of) {
    const int8_t *data = t->data;
    for (size_t i = 0; i < t->bytes; i++) {
        const mdg_range value = {data[i], data[i]};
        mdg_range *r = &of->range[i % (size_t)of->n];
        *r = i < (size_t)of->n ? value : mdg_range_joined(*r, value);
    }
}

static void fill(mdg_tensor_channels *of, mdg_range r) {
    for (int c = 0; c < of->n; c++) of->range[c] = r;
}

static void measure_tensor(const mdg_channels *ch, int t) {
    const mdg_tensor *tensor = &ch->sub->tensors[t];
    mdg_tensor_channels *of = &ch->of[t];
    if (tensor->type != MDG_INT8 || mdg_shape_elements(&tensor->shape) == 0) return;
    of->n = tensor->shape.rank ? tensor->shape.dim[tensor->shape.rank - 1] : 1;
    of->is_state = tensor->is_variable;
    of->is_fixed = tensor->data || tensor->is_variable;
    of->range = mdg_arena_array(ch->arena, (size_t)of->n, sizeof *of->range);
    of->dropped = mdg_arena_array(ch->arena, (size_t)of->n, sizeof *of->dropped);
    of->gone = mdg_arena_array(ch->arena, (size_t)of->n, sizeof *of->gone);
    fill(of, any);
    if (tensor->data && !tensor->is_variable) measure_constant(tensor, of);
}

void mdg_channels_measure_tensors(mdg_channels *ch) {
    const mdg_subgraph *s = ch->sub;
    for (int t = 0; t < s->n_tensors; t++) measure_tensor(ch, t);
    for (int i = 0; i < s->n_inputs; i++) {
        ch->of[s->inputs[i]].is_fixed = true;
        fill(&ch->of[s->inputs[i]], any);
    }
    for (int i = 0; i < s->n_outputs; i++) ch->of[s->outputs[i]].is_fixed = true;
}

void mdg_channels_measure(mdg_channels *ch) {
    for (int op = 0; op < ch->sub->n_ops; op++) measure_op(ch, op);
}
