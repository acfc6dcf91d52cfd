/* SPDX-License-Identifier: MIT
 *
 * The numbers that lowering computes, as TFLM computes them.
 */
#include "lower/lower.h"

#include <float.h>
#include <math.h>
#include <string.h>

mdg_status mdg_lo_multiplier(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift) {
    if (!(real >= 0) || real >= (double)(1 << 30))
        return mdg_lo_fail(lo, MDG_INVALID, "the scales lead to a factor of %g, which is out of range", real);
    int exponent;
    int64_t fixed = llround(frexp(real, &exponent) * (double)(1LL << 31));
    if (fixed == 1LL << 31) {
        fixed /= 2;
        exponent++;
    }
    const bool vanishes = exponent < -31;
    *mult = vanishes ? 0 : (int32_t)fixed;
    *shift = vanishes ? 0 : exponent;
    return MDG_OK;
}

mdg_status mdg_lo_multiplier_below_one(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift) {
    if (!(real > 0 && real < 1))
        return mdg_lo_fail(lo, MDG_INVALID, "the scales lead to a factor of %g, which is not between 0 and 1",
                           real);
    MDG_TRY(mdg_lo_multiplier(lo, real, mult, shift));
    if (*shift <= 0) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "the scales lead to a factor of %.17g, which rounds to 1", real);
}

mdg_status mdg_lo_multiplier_s64(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift) {
    MDG_TRY(mdg_lo_multiplier(lo, real, mult, shift));
    if (*shift <= 14) return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "the scales lead to a factor of %g, more than 16384", real);
}

mdg_status mdg_lo_product_multiplier(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b,
                                     float out_scale, int32_t *mult, int32_t *shift) {
    const float product = mdg_lo_scale(a) * mdg_lo_scale(b); /* rounded to float, as TFLM does */
    const double real = (double)product / (double)out_scale;
    return a->type == MDG_INT16 ? mdg_lo_multiplier_s64(lo, real, mult, shift)
                                : mdg_lo_multiplier(lo, real, mult, shift);
}

mdg_status mdg_lo_channel_multipliers(mdg_lowering *lo, const mdg_tensor *x, const mdg_tensor *w,
                                      int *mult_buffer, int *shift_buffer) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    const int32_t channels = y->shape.dim[y->shape.rank - 1];
    int32_t *mult = mdg_arena_array(lo->program->arena, (size_t)channels, sizeof *mult);
    int32_t *shift = mdg_arena_array(lo->program->arena, (size_t)channels, sizeof *shift);
    for (int32_t c = 0; c < channels; c++) {
        const double scale = (double)w->quant.scale[w->quant.count > 1 ? c : 0];
        const double real = (double)mdg_lo_scale(x) * scale / (double)mdg_lo_scale(y);
        MDG_TRY(x->type == MDG_INT16 ? mdg_lo_multiplier_s64(lo, real, &mult[c], &shift[c])
                                     : mdg_lo_multiplier(lo, real, &mult[c], &shift[c]));
    }
    *mult_buffer = mdg_lo_const_i32(lo, "multipliers", mult, channels);
    *shift_buffer = mdg_lo_const_i32(lo, "shifts", shift, channels);
    return MDG_OK;
}

mdg_status mdg_lo_requantize(const mdg_lowering *lo, mdg_requantize_params *p, bool in_float32) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    p->count = mdg_lo_elements(x);
    p->in_zero = mdg_lo_zero(x);
    p->out_zero = mdg_lo_zero(y);
    const float a = mdg_lo_scale(x), b = mdg_lo_scale(y);
    return mdg_lo_multiplier(lo, in_float32 ? (double)(a / b) : (double)a / (double)b, &p->mult, &p->shift);
}

void mdg_lo_type_range(mdg_type type, int32_t *min, int32_t *max) {
    switch (type) {
    case MDG_INT4: *min = -8, *max = 7; break;
    case MDG_INT8: *min = INT8_MIN, *max = INT8_MAX; break;
    case MDG_UINT8: *min = 0, *max = UINT8_MAX; break;
    case MDG_INT16: *min = INT16_MIN, *max = INT16_MAX; break;
    default: *min = INT32_MIN, *max = INT32_MAX; break;
    }
}

/* The interval of real numbers that an activation lets through; infinite bounds stand for none. Tanh and sign
 * bit are not applied, as in TFLM. */
static void activation_bounds(int activation, float *lo, float *hi) {
    const bool from_zero = activation == MDG_ACT_RELU || activation == MDG_ACT_RELU6;
    const bool unit = activation == MDG_ACT_RELU_N1_TO_1;
    *lo = from_zero ? 0.0f : unit ? -1.0f : -INFINITY;
    *hi = activation == MDG_ACT_RELU6 ? 6.0f : unit ? 1.0f : INFINITY;
}

static mdg_status quantize_bound(const mdg_lowering *lo, const mdg_tensor *t, float bound, int32_t *q) {
    const float steps = roundf(bound / mdg_lo_scale(t));
    if (!(fabsf(steps) < 1e9f))
        return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has a scale of %g, too small for its activation", t->name,
                           (double)mdg_lo_scale(t));
    *q = mdg_lo_zero(t) + (int32_t)steps;
    return MDG_OK;
}

mdg_status mdg_lo_activation(const mdg_lowering *lo, int activation, const mdg_tensor *t, int32_t *min,
                             int32_t *max) {
    float low, high;
    int32_t q = 0;
    activation_bounds(activation, &low, &high);
    mdg_lo_type_range(t->type, min, max);
    if (isfinite(low)) {
        MDG_TRY(quantize_bound(lo, t, low, &q));
        if (q > *min) *min = q;
    }
    if (isfinite(high)) {
        MDG_TRY(quantize_bound(lo, t, high, &q));
        if (q < *max) *max = q;
    }
    return mdg_lo_need(lo, *min <= *max, "the activation leaves no value of the output's type");
}

mdg_status mdg_lo_activation_f32(const mdg_lowering *lo, int activation, float *min, float *max) {
    activation_bounds(activation, min, max);
    if (!isfinite(*min)) *min = -FLT_MAX;
    if (!isfinite(*max)) *max = FLT_MAX;
    return mdg_lo_need(lo, activation >= MDG_ACT_NONE && activation <= MDG_ACT_SIGN_BIT,
                       "unknown activation");
}

mdg_status mdg_lo_window(const mdg_lowering *lo, const mdg_window *w, int32_t *pad_before) {
    const int32_t limit = 1 << 28; /* keeps every coordinate within 32 bits */
    const int64_t reach = ((int64_t)w->kernel - 1) * w->dilation + 1;
    if (w->stride < 1 || w->dilation < 1 || w->kernel < 1)
        return mdg_lo_fail(lo, MDG_INVALID, "stride %d, dilation %d and kernel %d must be positive",
                           (int)w->stride, (int)w->dilation, (int)w->kernel);
    if (w->in > limit || w->stride > limit || reach > limit)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "a window of %lld over %d elements is too large",
                           (long long)reach, (int)w->in);
    if (w->padding != MDG_PADDING_SAME && w->padding != MDG_PADDING_VALID)
        return mdg_lo_fail(lo, MDG_INVALID, "unknown padding %d", w->padding);
    const int32_t covered = w->padding == MDG_PADDING_SAME ? w->in : w->in - (int32_t)reach + 1;
    const int32_t out = covered > 0 ? (covered + w->stride - 1) / w->stride : 0;
    if (out != w->stated || out < 1)
        return mdg_lo_fail(lo, MDG_INVALID, "the output has %d rows or columns where the window makes %d",
                           (int)w->stated, (int)out);
    const int64_t total = (int64_t)(out - 1) * w->stride + reach - w->in;
    *pad_before = total > 0 ? (int32_t)(total / 2) : 0;
    return MDG_OK;
}

/* Dimension d of a shape that is extended at the front to `rank` dimensions */
static int32_t dim_of(const mdg_shape *s, int rank, int d) {
    const int i = d - (rank - s->rank);
    return i < 0 ? 1 : s->dim[i];
}

/* The output's shape must be that of both inputs broadcast against each other. */
static mdg_status check_broadcast(const mdg_lowering *lo, const mdg_shape *a, const mdg_shape *b,
                                  const mdg_tensor *y) {
    mdg_shape joined = {.rank = a->rank > b->rank ? a->rank : b->rank};
    for (int d = 0; d < joined.rank; d++) {
        const int32_t da = dim_of(a, joined.rank, d), db = dim_of(b, joined.rank, d);
        if (da != db && da != 1 && db != 1)
            return mdg_lo_fail(lo, MDG_INVALID,
                               "the inputs cannot be broadcast: %d against %d in dimension %d", (int)da,
                               (int)db, d);
        joined.dim[d] = da == 1 ? db : da;
    }
    return mdg_lo_need_shape(lo, y, &joined);
}

mdg_status mdg_lo_broadcast(const mdg_lowering *lo, void *params) {
    const mdg_shape *a = &mdg_lo_input(lo, 0)->shape, *b = &mdg_lo_input(lo, 1)->shape;
    const mdg_shape *y = &mdg_lo_output(lo, 0)->shape;
    MDG_TRY(check_broadcast(lo, a, b, mdg_lo_output(lo, 0)));

    /* from the innermost dimension: one that continues its neighbour in both operands is merged with it */
    mdg_broadcast_params p = {.rank = 0};
    int32_t a_stride = 1, b_stride = 1;
    for (int d = y->rank - 1; d >= 0; d--) {
        const int32_t n = y->dim[d], an = dim_of(a, y->rank, d), bn = dim_of(b, y->rank, d);
        if (n == 1) continue;
        const int32_t as = an == 1 ? 0 : a_stride, bs = bn == 1 ? 0 : b_stride;
        const int last = p.rank - 1;
        if (p.rank && as == p.a_stride[last] * p.dim[last] && bs == p.b_stride[last] * p.dim[last]) {
            p.dim[last] *= n;
        } else {
            p.dim[p.rank] = n;
            p.a_stride[p.rank] = as;
            p.b_stride[p.rank++] = bs;
        }
        a_stride *= an;
        b_stride *= bn;
    }
    if (p.rank == 0) p.dim[p.rank++] = 1;

    mdg_broadcast_params *out = params;
    *out = (mdg_broadcast_params){.rank = p.rank};
    for (int d = 0; d < MDG_MAX_RANK; d++) {
        const int from = p.rank - 1 - d;
        out->dim[d] = from < 0 ? 1 : p.dim[from];
        out->a_stride[d] = from < 0 ? 0 : p.a_stride[from];
        out->b_stride[d] = from < 0 ? 0 : p.b_stride[from];
    }
    return MDG_OK;
}

/* Sets reduced[d] for each dimension that input 1 names; negative ones count from the end, repetition is
 * harmless. */
static mdg_status read_axes(const mdg_lowering *lo, bool reduced[MDG_MAX_RANK]) {
    const int rank = mdg_lo_input(lo, 0)->shape.rank;
    const int32_t *axes;
    int count;
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &axes, &count));
    for (int i = 0; i < count; i++) {
        const int32_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
        if (axis < 0 || axis >= rank)
            return mdg_lo_fail(lo, MDG_INVALID, "axis %d of an input with %d dimensions", (int)axes[i], rank);
        reduced[axis] = true;
    }
    return MDG_OK;
}

/* One group of merged dimensions, kept or reduced; entries from the back */
typedef struct axis_group {
    int count;
    int32_t size[4], stride[4];
} axis_group;

static void store_group(const axis_group *g, int32_t size[4], int32_t stride[4]) {
    for (int d = 0; d < 4; d++) {
        const int from = 3 - d;
        size[d] = from < g->count ? g->size[from] : 1;
        stride[d] = from < g->count ? g->stride[from] : 0;
    }
}

mdg_status mdg_lo_reduce(const mdg_lowering *lo, void *params) {
    const mdg_shape *x = &mdg_lo_input(lo, 0)->shape;
    bool reduced[MDG_MAX_RANK] = {false};
    MDG_TRY(read_axes(lo, reduced));

    axis_group groups[2] = {{.count = 0}, {.count = 0}}; /* kept, reduced */
    int32_t total[2] = {1, 1}, stride = 1;
    int before = -1; /* kind of the dimension behind this one */
    for (int d = x->rank - 1; d >= 0; d--) {
        if (x->dim[d] == 1) continue;
        const int kind = reduced[d];
        axis_group *g = &groups[kind];
        if (kind == before)
            g->size[g->count - 1] *= x->dim[d];
        else {
            g->size[g->count] = x->dim[d];
            g->stride[g->count++] = stride;
        }
        before = kind;
        total[kind] *= x->dim[d];
        stride *= x->dim[d];
    }
    mdg_reduce_shape_params *p = params;
    store_group(&groups[0], p->kept, p->kept_stride);
    store_group(&groups[1], p->reduced, p->reduced_stride);
    p->outputs = total[0];
    p->inputs = total[1];
    return mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), p->outputs);
}
