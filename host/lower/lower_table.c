/* SPDX-License-Identifier: MIT
 *
 * ELU, HARD_SWISH, LOGISTIC, TANH, RSQRT. On int8 each is a table of 256 bytes, made here by the steps that
 * TFLM takes for each element; on int16 LOGISTIC and TANH interpolate one table.
 */
#include "lower/lower.h"

#include <math.h>

#include "core/fixed_exp.h"
#include "core/fixed_sqrt.h"

static mdg_status lower_f32(mdg_lowering *lo) {
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(mdg_lo_input(lo, 0));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* A function of x, which is a quantised number less the zero point; the result is clamped to int8. */
typedef int32_t int8_function(const void *context, int32_t x);

static mdg_status lower_table(mdg_lowering *lo, int8_function *function, const void *context) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    int8_t *table = mdg_lo_params(lo, 256);
    for (int32_t q = INT8_MIN; q <= INT8_MAX; q++)
        table[q & 255] = (int8_t)mdg_clamp(function(context, q - mdg_lo_zero(x)), INT8_MIN, INT8_MAX);
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    mdg_call *c = mdg_lo_call_elementwise(lo, p);
    mdg_call_add_in(c, mdg_lo_const(lo, "table", "uint8_t", table, 256));
    return MDG_OK;
}

static mdg_status need_scales(const mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 0)));
    return mdg_lo_need_scale(lo, mdg_lo_output(lo, 0));
}

/* -- ELU -- */

/* In float32, with the reciprocal of the output's scale */
static int32_t elu_s8(const void *context, int32_t x) {
    const mdg_lowering *lo = context;
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    const float real = mdg_lo_scale(mdg_lo_input(lo, 0)) * (float)x;
    const float transformed = real < 0.0f ? expm1f(real) : real;
    const float q = roundf(transformed * (1.0f / mdg_lo_scale(y))) + (float)mdg_lo_zero(y);
    return q >= 127.0f ? 127 : q >= -128.0f ? (int32_t)q : -128;
}

static mdg_status lower_elu(mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_same_elements(lo, mdg_lo_input(lo, 0), mdg_lo_output(lo, 0)));
    if (lo->kernel == MDG_K_elu_f32) return lower_f32(lo);
    MDG_TRY(need_scales(lo));
    return lower_table(lo, elu_s8, lo);
}

/* -- HARD_SWISH: arithmetic of 16 bits -- */

typedef struct hard_swish {
    int16_t out_mult, relu_mult; /* Q0.15 */
    int32_t out_shift, relu_shift, out_zero;
} hard_swish;

static int16_t saturate_s16(int64_t x) {
    return (int16_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x);
}

static int16_t high_mul_s16(int16_t a, int16_t b) {
    return saturate_s16(((int32_t)a * b + (1 << 14)) >> 15);
}

/* Halves away from zero; beyond 15 bits the mask overflows as it does in TFLM. */
static int16_t rounding_shift_right_s16(int16_t x, int n) {
    const int16_t mask = (int16_t)((1LL << n) - 1);
    const int16_t rest = (int16_t)(x & mask), threshold = (int16_t)((mask >> 1) + (x < 0 ? 1 : 0));
    return (int16_t)((x >> n) + (rest > threshold ? 1 : 0));
}

/* (x + 3) / 6, limited to [0, 1], Q0.15; x in 2^-7 of the input's scale */
static int16_t hard_swish_gate(const hard_swish *h, int16_t x) {
    int16_t gate = x;
    if (h->relu_shift > 0) gate = saturate_s16((int64_t)gate * (1LL << (h->relu_shift - 1)));
    gate = high_mul_s16(gate, h->relu_mult);
    if (h->relu_shift > 0) gate = saturate_s16((int64_t)gate * 2);
    if (h->relu_shift < 0) gate = rounding_shift_right_s16(gate, -h->relu_shift);
    return (int16_t)((gate + (1 << 15)) >> 1);
}

static int32_t hard_swish_s8(const void *context, int32_t x) {
    const hard_swish *h = context;
    const int16_t fine = (int16_t)(x * 128);
    const int16_t scaled = high_mul_s16(fine, h->out_mult);
    const int16_t product = (int16_t)((int32_t)hard_swish_gate(h, fine) * scaled / (1 << 15));
    return (int16_t)(rounding_shift_right_s16(product, -h->out_shift) + h->out_zero);
}

/* A multiplier of 16 bits, from float32 */
static mdg_status multiplier_s16(const mdg_lowering *lo, float real, int16_t *mult, int32_t *shift) {
    int32_t wide;
    MDG_TRY(mdg_lo_multiplier(lo, (double)real, &wide, shift));
    *mult = (int16_t)(wide >= INT32_MAX - (1 << 15) ? INT16_MAX : (wide + (1 << 15)) >> 16);
    return MDG_OK;
}

static mdg_status lower_hard_swish(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (lo->kernel == MDG_K_hard_swish_f32) return lower_f32(lo);
    MDG_TRY(need_scales(lo));
    hard_swish h = {.out_zero = mdg_lo_zero(y)};
    const float fine = 1.0f / 128.0f * mdg_lo_scale(x), gate = 3.0f / 32768.0f;
    MDG_TRY(multiplier_s16(lo, fine / mdg_lo_scale(y), &h.out_mult, &h.out_shift));
    MDG_TRY(multiplier_s16(lo, fine / gate, &h.relu_mult, &h.relu_shift));
    MDG_TRY(mdg_lo_need(lo, h.out_shift <= 0,
                        "the output's scale is more than 128 times finer than the input's"));
    return lower_table(lo, hard_swish_s8, &h);
}

/* -- LOGISTIC, TANH -- */

typedef struct sigmoid {
    int32_t mult, shift, radius;    /* x to Q4.27; from the radius on the result is -128 or 127 */
    int32_t (*function)(int32_t x); /* Q4.27 to Q0.31 */
    int result_shift;
    int32_t zero;
} sigmoid;

static int32_t sigmoid_s8(const void *context, int32_t x) {
    const sigmoid *s = context;
    if (x <= -s->radius) return INT8_MIN;
    if (x >= s->radius) return INT8_MAX;
    const int32_t y = s->function(mdg_requantize(x, s->mult, s->shift));
    return mdg_rounding_shift_right(y, s->result_shift) + s->zero;
}

/* A scale of 8 and more leaves nothing within the radius. */
static mdg_status lower_sigmoid_s8(mdg_lowering *lo, sigmoid s) {
    MDG_TRY(need_scales(lo));
    const double real = (double)mdg_lo_scale(mdg_lo_input(lo, 0)) * (double)(1 << 27);
    if (real < (double)(1 << 30)) {
        int exponent;
        (void)frexp(real, &exponent);
        MDG_TRY(mdg_lo_multiplier(lo, real, &s.mult, &s.shift));
        const double radius = floor(15.0 * (double)(1 << 27) * exp2(-exponent));
        s.radius = radius < 1e9 ? (int32_t)radius : 1000000000;
    }
    return lower_table(lo, sigmoid_s8, &s);
}

/* Whether x is a power of two, as near as TFLM asks */
static bool is_power_of_two(float x, int *exponent) {
    const float log2_x = logf(x) * (1.0f / logf(2.0f)), whole = roundf(log2_x);
    *exponent = (int)whole;
    return fabsf(log2_x - whole) < 1e-3f;
}

/* Input in steps of the table, 3 * 2^12 to one. Input scales from 2^-12 to 2^(widest_shift - 12) that are
 * powers of two are exact; others are cut to 15 bits. */
static mdg_status lower_sigmoid_s16(mdg_lowering *lo, int widest_shift) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    int exponent;
    MDG_TRY(need_scales(lo));
    const bool fits = is_power_of_two(mdg_lo_scale(y), &exponent) && exponent == -15;
    MDG_TRY(mdg_lo_need(lo, fits && mdg_lo_zero(x) == 0 && mdg_lo_zero(y) == 0,
                        "int16 needs zero points of 0 and an output scale of 2^-15"));
    mdg_sigmoid_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    if (is_power_of_two(mdg_lo_scale(x), &exponent) && exponent >= -12 && exponent <= widest_shift - 12) {
        p->mult = 3 * (1 << (exponent + 12));
    } else {
        double real = (double)mdg_lo_scale(x) * 4096.0 * 3.0;
        for (; real <= 32767.0 / 2.0 && p->shift <= 30; real *= 2) p->shift++;
        MDG_TRY(mdg_lo_need(lo, real >= 1 && real < 32768, "the input's scale is out of range"));
        p->mult = (int32_t)real;
    }
    mdg_call *c = mdg_lo_call_elementwise(lo, p);
    mdg_call_add_in(c, mdg_lo_sigmoid_table(lo));
    return MDG_OK;
}

static mdg_status lower_logistic(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (x->type == MDG_FLOAT32) return lower_f32(lo);
    if (x->type == MDG_INT16) return lower_sigmoid_s16(lo, 0);
    MDG_TRY(mdg_lo_need_scale(lo, y));
    MDG_TRY(mdg_lo_need(lo, mdg_lo_zero(y) == -128, "the output must have zero point -128"));
    return lower_sigmoid_s8(lo, (sigmoid){.function = mdg_logistic_q4_27, .result_shift = 23, .zero = -128});
}

static mdg_status lower_tanh(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    if (x->type == MDG_FLOAT32) return lower_f32(lo);
    if (x->type == MDG_INT16) return lower_sigmoid_s16(lo, 1);
    return lower_sigmoid_s8(lo, (sigmoid){.function = mdg_tanh_q4_27, .result_shift = 24});
}

/* -- RSQRT -- */

typedef struct rsqrt {
    int32_t mult, shift, out_zero;
} rsqrt;

/* 0 counts as nearly 0. TFLM stops at negative numbers; here they are as 0. */
static int32_t rsqrt_s8(const void *context, int32_t x) {
    const rsqrt *r = context;
    const int32_t fraction_bits = 20, shift = r->shift - fraction_bits;
    int32_t root_mult, root_shift;
    if (x <= 0) return INT8_MAX;
    mdg_inverse_sqrt(x, &root_mult, &root_shift);
    const int32_t root = mdg_requantize(1, root_mult, root_shift + fraction_bits);
    return shift < -31 ? r->out_zero : mdg_requantize_to(root, r->mult, shift, r->out_zero);
}

static mdg_status lower_rsqrt(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (lo->kernel == MDG_K_rsqrt_f32) return lower_f32(lo);
    MDG_TRY(need_scales(lo));
    rsqrt r = {.out_zero = mdg_lo_zero(y)};
    const double real = 1.0 / (sqrt((double)mdg_lo_scale(x)) * (double)mdg_lo_scale(y));
    MDG_TRY(mdg_lo_multiplier(lo, real, &r.mult, &r.shift));
    return lower_table(lo, rsqrt_s8, &r);
}

static const mdg_variant elu[] = {
    {"int8->int8", MDG_K_lookup_8},
    {"float32->float32", MDG_K_elu_f32},
};
MDG_RULE(elu, 1, 1, 1, elu, lower_elu);

static const mdg_variant hard_swish_variants[] = {
    {"int8->int8", MDG_K_lookup_8},
    {"float32->float32", MDG_K_hard_swish_f32},
};
MDG_RULE(hard_swish, 1, 1, 1, hard_swish_variants, lower_hard_swish);

static const mdg_variant logistic[] = {
    {"int8->int8", MDG_K_lookup_8},
    {"int16->int16", MDG_K_logistic_lookup_s16},
    {"float32->float32", MDG_K_logistic_f32},
};
MDG_RULE(logistic, 1, 1, 1, logistic, lower_logistic);

static const mdg_variant tanh_variants[] = {
    {"int8->int8", MDG_K_lookup_8},
    {"int16->int16", MDG_K_tanh_lookup_s16},
    {"float32->float32", MDG_K_tanh_f32},
};
MDG_RULE(tanh, 1, 1, 1, tanh_variants, lower_tanh);

static const mdg_variant rsqrt_variants[] = {
    {"int8->int8", MDG_K_lookup_8},
    {"float32->float32", MDG_K_rsqrt_f32},
};
MDG_RULE(rsqrt, 1, 1, 1, rsqrt_variants, lower_rsqrt);
