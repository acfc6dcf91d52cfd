/* SPDX-License-Identifier: MIT
 *
 * ADD and SUB as one linear form of both operands.
 */
#include <math.h>
#include <stdlib.h>

#include "core/fixed.h"
#include "specialize/spec.h"

enum { TRIES = 3 }; /* of each scale, to both sides */

/* Output of operands a and b, as the reference has it, saturated to int8 */
typedef int8_t outputs[256][256];

static int32_t scaled(const mdg_add_params *p, int32_t x, int32_t zero, int32_t mult, int32_t shift) {
    return mdg_requantize((x - zero) * (int32_t)(1u << p->left_shift), mult, shift);
}

static void list_outputs(const mdg_add_params *p, bool is_sub, outputs out) {
    for (int32_t a = -128; a < 128; a++) {
        for (int32_t b = -128; b < 128; b++) {
            const int32_t first = scaled(p, a, p->a_zero, p->a_mult, p->a_shift);
            const int32_t second = scaled(p, b, p->b_zero, p->b_mult, p->b_shift);
            const int32_t sum = is_sub ? mdg_wrapping_sub(first, second) : mdg_wrapping_add(first, second);
            const int32_t y = mdg_requantize_to(sum, p->out_mult, p->out_shift, p->out_zero);
            out[a + 128][b + 128] = (int8_t)mdg_clamp(y, -128, 127);
        }
    }
}

/* The offsets that give all outputs; none where least > most */
typedef struct range {
    int64_t least, most;
} range;

static range offsets_of(const mdg_add_linear_params *q, outputs out) {
    range r = {INT32_MIN, INT32_MAX};
    for (int64_t a = -128; a < 128 && r.least <= r.most; a++) {
        for (int64_t b = -128; b < 128; b++) {
            const int64_t sum = a * q->a_scale + b * q->b_scale, y = out[a + 128][b + 128];
            const int64_t least = y * ((int64_t)1 << q->shift) - sum,
                          most = least + ((int64_t)1 << q->shift) - 1;
            if (y > -128 && least > r.least) r.least = least;
            if (y < 127 && most < r.most) r.most = most;
        }
    }
    return r;
}

/* No sum leaves 32 bits. */
static bool fits(const mdg_add_linear_params *q) {
    const int64_t most =
        128 * (llabs((long long)q->a_scale) + llabs((long long)q->b_scale)) + llabs((long long)q->offset);
    return most <= INT32_MAX && q->a_scale < 1 << 24 && q->b_scale < 1 << 24;
}

static bool find(mdg_add_linear_params *q, outputs out) {
    const int32_t a = q->a_scale, b = q->b_scale;
    for (int32_t i = 0; i < (2 * TRIES + 1) * (2 * TRIES + 1); i++) {
        q->a_scale = a + (i / (2 * TRIES + 1) + TRIES) % (2 * TRIES + 1) - TRIES;
        q->b_scale = b + (i % (2 * TRIES + 1) + TRIES) % (2 * TRIES + 1) - TRIES;
        const range r = offsets_of(q, out);
        if (r.least > r.most) continue;
        q->offset = (int32_t)((r.least + r.most) / 2);
        return fits(q);
    }
    return false;
}

/* What an operand counts in steps of the output */
static double factor_of(const mdg_add_params *p, int32_t mult, int32_t shift) {
    return ldexp((double)mult * p->out_mult, p->left_shift + shift + p->out_shift - 62);
}

/* The greatest shift that leaves room for all sums */
static void set_scales(mdg_add_linear_params *q, double a, double b, double offset) {
    const double most = 128 * (fabs(a) + fabs(b)) + fabs(offset) + 1;
    q->shift = 0;
    while (q->shift < 24 && ldexp(most, q->shift + 1) < INT32_MAX - 1024) q->shift++;
    q->a_scale = (int32_t)lrint(ldexp(a, q->shift));
    q->b_scale = (int32_t)lrint(ldexp(b, q->shift));
}

bool mdg_spec_add_linear(mdg_spec *s) {
    const mdg_add_params *p = s->call->params;
    const bool is_sub = s->call->kernel == MDG_K_sub_s8;
    if (p->rank != 1 || p->a_stride[0] != 1 || p->b_stride[0] != 1) return false;
    const double a = factor_of(p, p->a_mult, p->a_shift);
    const double b = factor_of(p, p->b_mult, p->b_shift) * (is_sub ? -1 : 1);
    mdg_add_linear_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_add_linear_params){.count = p->dim[0], .act_min = p->act_min, .act_max = p->act_max};
    const double offset = p->out_zero - a * p->a_zero - b * p->b_zero;
    if (128 * (fabs(a) + fabs(b)) + fabs(offset) > 1 << 20) return false;
    set_scales(q, a, b, offset);
    int8_t(*out)[256] = mdg_arena_alloc(s->program->arena, sizeof(outputs));
    list_outputs(p, is_sub, out);
    if (!find(q, out)) return false;
    mdg_call *c = mdg_spec_add_call(s, MDG_K_add_linear_s8, q);
    mdg_call_add_in(c, s->call->in[1]);
    c->inplace_in = s->call->inplace_in;
    c->inplace_out = s->call->inplace_out;
    return true;
}
