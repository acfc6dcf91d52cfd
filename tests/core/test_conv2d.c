/* SPDX-License-Identifier: MIT
 *
 * Convolutions against the definition: a sum over all taps with explicit coordinates, in 64 bits or double.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

static mdg_conv2d_shape_params random_shape(mdg_rng *r, bool depthwise) {
    mdg_conv2d_shape_params p = {.batches = random_int(r, 1, 2)};
    const int groups = random_int(r, 1, 3);
    p.filter_c = depthwise ? 1 : random_int(r, 1, 5);
    p.in_c = depthwise ? random_int(r, 1, 9) : p.filter_c * groups;
    p.depth_multiplier = depthwise ? random_int(r, 1, 3) : 1;
    p.out_c = depthwise ? p.in_c * p.depth_multiplier : groups * random_int(r, 1, 4);
    p.in_h = random_int(r, 1, 9), p.in_w = random_int(r, 1, 9);
    p.kernel_h = random_int(r, 1, 4), p.kernel_w = random_int(r, 1, 4);
    p.stride_h = random_int(r, 1, 3), p.stride_w = random_int(r, 1, 3);
    p.dilation_h = random_int(r, 1, 2), p.dilation_w = random_int(r, 1, 2);
    p.pad_h = random_int(r, 0, 2), p.pad_w = random_int(r, 0, 2);
    p.out_h = random_int(r, 1, 5), p.out_w = random_int(r, 1, 5);
    return p;
}

static int x_count(const mdg_conv2d_shape_params *p) {
    return p->batches * p->in_h * p->in_w * p->in_c;
}
static int w_count(const mdg_conv2d_shape_params *p, bool depthwise) {
    return p->kernel_h * p->kernel_w * p->out_c * (depthwise ? 1 : p->filter_c);
}
static int y_count(const mdg_conv2d_shape_params *p) {
    return p->batches * p->out_h * p->out_w * p->out_c;
}

/* Tap t of output o: the index of its input element, or -1 in the padding, and of its weight */
typedef struct tap {
    int x, w, oc;
} tap;

static tap tap_of(const mdg_conv2d_shape_params *p, bool depthwise, int o, int t) {
    const int oc = o % p->out_c, ox = o / p->out_c % p->out_w, oy = o / p->out_c / p->out_w % p->out_h;
    const int b = o / p->out_c / p->out_w / p->out_h;
    const int c = t % p->filter_c, kx = t / p->filter_c % p->kernel_w, ky = t / p->filter_c / p->kernel_w;
    const int iy = oy * p->stride_h + ky * p->dilation_h - p->pad_h;
    const int ix = ox * p->stride_w + kx * p->dilation_w - p->pad_w;
    const int groups = p->in_c / p->filter_c;
    const int ic = depthwise ? oc / p->depth_multiplier : oc * groups / p->out_c * p->filter_c + c;
    const bool inside = iy >= 0 && iy < p->in_h && ix >= 0 && ix < p->in_w;
    const int w = depthwise ? (ky * p->kernel_w + kx) * p->out_c + oc
                            : ((oc * p->kernel_h + ky) * p->kernel_w + kx) * p->filter_c + c;
    return (tap){inside ? ((b * p->in_h + iy) * p->in_w + ix) * p->in_c + ic : -1, w, oc};
}

static void check_s8(mdg_rng *r, bool depthwise) {
    mdg_arena *a = mdg_arena_new();
    const mdg_conv2d_shape_params s = random_shape(r, depthwise);
    mdg_conv2d_params p;
    memcpy(&p, &s, sizeof s);
    p.in_zero = random_int(r, -128, 127), p.out_zero = random_int(r, -128, 127);
    p.act_min = random_int(r, -128, 0), p.act_max = random_int(r, 1, 127);
    const int8_t *x = random_s8(r, a, x_count(&s)), *w = random_s8(r, a, w_count(&s, depthwise));
    const int32_t *bias = random_int(r, 0, 3) ? random_s32(r, a, s.out_c, -100000, 100000) : NULL;
    const int32_t *mult = random_s32(r, a, s.out_c, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, a, s.out_c, -14, 1);
    int8_t *y = mdg_arena_alloc(a, (size_t)y_count(&s));
    const void *in[] = {x, w, bias, mult, shift};
    void *out[] = {y};
    (depthwise ? mdg_depthwise_conv2d_s8 : mdg_conv2d_s8)(&p, in, out);

    for (int o = 0; o < y_count(&s); o++) {
        const int oc = o % s.out_c;
        int64_t sum = bias ? bias[oc] : 0;
        for (int t = 0; t < s.kernel_h * s.kernel_w * s.filter_c; t++) {
            const tap i = tap_of(&s, depthwise, o, t);
            if (i.x >= 0) sum += ((int64_t)x[i.x] - p.in_zero) * w[i.w];
        }
        const int64_t q = oracle_requantize(sum, mult[oc], shift[oc]) + p.out_zero;
        assert_int_equal(y[o], oracle_clamp(q, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

typedef struct s16_case {
    mdg_kernel_fn *kernel;
    bool depthwise;
    int bits;
} s16_case;

static void check_s16(mdg_rng *r, const s16_case *k) {
    mdg_arena *a = mdg_arena_new();
    const mdg_conv2d_shape_params s = random_shape(r, k->depthwise);
    mdg_conv2d_params p = {.batches = 0};
    memcpy(&p, &s, sizeof s);
    p.act_min = random_int(r, INT16_MIN, 0), p.act_max = random_int(r, 1, INT16_MAX);
    const int16_t *x = random_s16(r, a, x_count(&s));
    const int8_t *w = random_s8(r, a, w_count(&s, k->depthwise));
    const void *bias = random_int(r, 0, 3) ? random_bias(r, a, s.out_c, k->bits) : NULL;
    const int32_t *mult = random_s32(r, a, s.out_c, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, a, s.out_c, -16, 0);
    int16_t *y = mdg_arena_array(a, (size_t)y_count(&s), sizeof *y);
    const void *in[] = {x, w, bias, mult, shift};
    void *out[] = {y};
    k->kernel(&p, in, out);

    for (int o = 0; o < y_count(&s); o++) {
        const int oc = o % s.out_c;
        int64_t sum = bias_at(bias, k->bits, oc);
        for (int t = 0; t < s.kernel_h * s.kernel_w * s.filter_c; t++) {
            const tap i = tap_of(&s, k->depthwise, o, t);
            if (i.x >= 0) sum += (int64_t)x[i.x] * w[i.w];
        }
        const int64_t q = oracle_rescale_s16(sum, k->bits, mult[oc], shift[oc]);
        assert_int_equal(y[o], oracle_clamp(q, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void int16_convolutions_match_their_definition(void **state) {
    (void)state;
    static const s16_case cases[] = {{mdg_conv2d_s16_b32, false, 32},
                                     {mdg_conv2d_s16_b64, false, 64},
                                     {mdg_depthwise_conv2d_s16_b64, true, 64}};
    mdg_rng r = mdg_rng_of(5, 0);
    for (int i = 0; i < ROUNDS; i++) check_s16(&r, &cases[i % 3]);
}

/* 1024 products of 2^22 pass 2^31: the 32-bit sum wraps around, the 64-bit one does not. */
static void wide_sums_wrap_only_with_a_narrow_bias(void **state) {
    (void)state;
    enum { TAPS = 1024 };
    static int16_t x[TAPS];
    static int8_t w[TAPS];
    for (int i = 0; i < TAPS; i++) x[i] = INT16_MIN, w[i] = INT8_MIN;
    mdg_conv2d_params p = {.batches = 1, .in_h = 1, .in_w = 1, .in_c = TAPS, .out_h = 1, .out_w = 1};
    p.out_c = p.kernel_h = p.kernel_w = p.stride_h = p.stride_w = p.dilation_h = p.dilation_w = 1;
    p.filter_c = TAPS, p.act_min = INT16_MIN, p.act_max = INT16_MAX;
    const int32_t mult = 1 << 30, shift = -19;
    const void *in[] = {x, w, NULL, &mult, &shift};
    int16_t y = 0;
    void *out[] = {&y};
    mdg_conv2d_s16_b64(&p, in, out);
    assert_int_equal(y, 1 << 12); /* 2^32 / 2^20 */
    mdg_conv2d_s16_b32(&p, in, out);
    assert_int_equal(y, 0); /* 2^32 is 0 in 32 bits */
}

static void check_f32(mdg_rng *r, bool depthwise) {
    mdg_arena *a = mdg_arena_new();
    const mdg_conv2d_shape_params s = random_shape(r, depthwise);
    mdg_conv2d_f32_params p;
    memcpy(&p, &s, sizeof s);
    p.act_min = -3, p.act_max = 4;
    const float *x = random_f32(r, a, x_count(&s)), *w = random_f32(r, a, w_count(&s, depthwise));
    const float *bias = random_int(r, 0, 3) ? random_f32(r, a, s.out_c) : NULL;
    float *y = mdg_arena_array(a, (size_t)y_count(&s), sizeof *y);
    double *want = mdg_arena_array(a, (size_t)y_count(&s), sizeof *want);
    const void *in[] = {x, w, bias};
    void *out[] = {y};
    (depthwise ? mdg_depthwise_conv2d_f32 : mdg_conv2d_f32)(&p, in, out);

    for (int o = 0; o < y_count(&s); o++) {
        want[o] = bias ? (double)bias[o % s.out_c] : 0;
        for (int t = 0; t < s.kernel_h * s.kernel_w * s.filter_c; t++) {
            const tap i = tap_of(&s, depthwise, o, t);
            if (i.x >= 0) want[o] += (double)x[i.x] * (double)w[i.w];
        }
        want[o] = fmin(fmax(want[o], -3), 4);
    }
    assert_floats_near(y, want, y_count(&s), 1e-4);
    mdg_arena_free(a);
}

static void conv2d_s8_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r, false);
}

static void depthwise_conv2d_s8_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r, true);
}

static void conv2d_f32_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < ROUNDS; i++) check_f32(&r, false);
}

static void depthwise_conv2d_f32_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < ROUNDS; i++) check_f32(&r, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv2d_s8_matches_its_definition),
        cmocka_unit_test(depthwise_conv2d_s8_matches_its_definition),
        cmocka_unit_test(int16_convolutions_match_their_definition),
        cmocka_unit_test(wide_sums_wrap_only_with_a_narrow_bias),
        cmocka_unit_test(conv2d_f32_matches_its_definition),
        cmocka_unit_test(depthwise_conv2d_f32_matches_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
