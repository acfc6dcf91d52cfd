/* SPDX-License-Identifier: MIT
 *
 * Operators on single elements: ADD and MUL with broadcasting, rescaling, rounding, clamping.
 */
#include "oracle.h"

enum { ROUNDS = 200 };

/* A shape of four dimensions in which each operand has its own size or 1; no dimensions merged */
static mdg_broadcast_params random_broadcast(mdg_rng *r, int *n, int *a_count, int *b_count) {
    mdg_broadcast_params p = {.rank = 4};
    *n = *a_count = *b_count = 1;
    for (int d = 3; d >= 0; d--) {
        const int kind = random_int(r, 0, 3); /* 0: a repeats, 1: b repeats */
        p.dim[d] = random_int(r, 1, 4);
        p.a_stride[d] = kind == 0 ? 0 : *a_count;
        p.b_stride[d] = kind == 1 ? 0 : *b_count;
        *n *= p.dim[d];
        if (kind != 0) *a_count *= p.dim[d];
        if (kind != 1) *b_count *= p.dim[d];
    }
    return p;
}

static int index_of(const mdg_broadcast_params *p, const int32_t *stride, int i) {
    int offset = 0;
    for (int d = 3; d >= 0; i /= p->dim[d--]) offset += i % p->dim[d] * stride[d];
    return offset;
}

static void add_s8_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        int n, na, nb;
        const mdg_broadcast_params s = random_broadcast(&r, &n, &na, &nb);
        mdg_add_params p;
        memcpy(&p, &s, sizeof s);
        p.a_zero = random_int(&r, -128, 127), p.b_zero = random_int(&r, -128, 127),
        p.out_zero = random_int(&r, -128, 127);
        p.left_shift = 20;
        p.a_mult = random_mult(&r), p.b_mult = random_mult(&r), p.out_mult = random_mult(&r);
        p.a_shift = random_int(&r, -4, -1), p.b_shift = random_int(&r, -4, -1),
        p.out_shift = random_int(&r, -20, -16);
        p.act_min = random_int(&r, -128, -50), p.act_max = random_int(&r, 50, 127);
        const int8_t *a = random_s8(&r, arena, na), *b = random_s8(&r, arena, nb);
        int8_t *y = mdg_arena_alloc(arena, (size_t)n);
        const void *in[] = {a, b};
        void *out[] = {y};
        mdg_add_s8(&p, in, out);
        for (int i = 0; i < n; i++) {
            const int64_t av = (int64_t)a[index_of(&s, s.a_stride, i)] - p.a_zero;
            const int64_t bv = (int64_t)b[index_of(&s, s.b_stride, i)] - p.b_zero;
            const int64_t sum = oracle_requantize(av * 1048576, p.a_mult, p.a_shift) +
                                oracle_requantize(bv * 1048576, p.b_mult, p.b_shift);
            const int64_t q = oracle_requantize(sum, p.out_mult, p.out_shift) + p.out_zero;
            assert_int_equal(y[i], oracle_clamp(q, p.act_min, p.act_max));
        }
        mdg_arena_free(arena);
    }
}

static void mul_s8_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        int n, na, nb;
        const mdg_broadcast_params s = random_broadcast(&r, &n, &na, &nb);
        mdg_mul_params p;
        memcpy(&p, &s, sizeof s);
        p.a_zero = random_int(&r, -128, 127), p.b_zero = random_int(&r, -128, 127),
        p.out_zero = random_int(&r, -128, 127);
        p.mult = random_mult(&r), p.shift = random_int(&r, -10, 0), p.act_min = -128, p.act_max = 127;
        const int8_t *a = random_s8(&r, arena, na), *b = random_s8(&r, arena, nb);
        int8_t *y = mdg_arena_alloc(arena, (size_t)n);
        const void *in[] = {a, b};
        void *out[] = {y};
        mdg_mul_s8(&p, in, out);
        for (int i = 0; i < n; i++) {
            const int64_t product = ((int64_t)a[index_of(&s, s.a_stride, i)] - p.a_zero) *
                                    ((int64_t)b[index_of(&s, s.b_stride, i)] - p.b_zero);
            const int64_t q = oracle_requantize(product, p.mult, p.shift) + p.out_zero;
            assert_int_equal(y[i], oracle_clamp(q, -128, 127));
        }
        mdg_arena_free(arena);
    }
}

static void float_sums_and_products_broadcast(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        int n, na, nb;
        const mdg_broadcast_params s = random_broadcast(&r, &n, &na, &nb);
        mdg_binary_f32_params p;
        memcpy(&p, &s, sizeof s);
        p.act_min = -1, p.act_max = 2;
        const float *a = random_f32(&r, arena, na), *b = random_f32(&r, arena, nb);
        float *sum = mdg_arena_array(arena, (size_t)n, sizeof *sum);
        float *product = mdg_arena_array(arena, (size_t)n, sizeof *product);
        const void *in[] = {a, b};
        void *out[] = {sum}, *out_product[] = {product};
        mdg_add_f32(&p, in, out);
        mdg_mul_f32(&p, in, out_product);
        for (int i = 0; i < n; i++) {
            const float av = a[index_of(&s, s.a_stride, i)], bv = b[index_of(&s, s.b_stride, i)];
            assert_true(sum[i] == fminf(fmaxf(av + bv, -1), 2));
            assert_true(product[i] == fminf(fmaxf(av * bv, -1), 2));
        }
        mdg_arena_free(arena);
    }
}

static void rescaling_covers_every_int8(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(4, 0);
    int8_t x[256], y[256];
    for (int i = 0; i < 256; i++) x[i] = (int8_t)(i - 128);
    const void *in[] = {x};
    void *out[] = {y};
    for (int round = 0; round < ROUNDS; round++) {
        mdg_requantize_params p = {.count = 256, .act_min = -100, .act_max = 90};
        p.in_zero = random_int(&r, -128, 127), p.out_zero = random_int(&r, -128, 127);
        p.mult = random_mult(&r), p.shift = random_int(&r, -8, 4);
        mdg_requantize_s8_s8(&p, in, out);
        for (int i = 0; i < 256; i++) {
            const int64_t q = oracle_requantize(x[i] - p.in_zero, p.mult, p.shift) + p.out_zero;
            assert_int_equal(y[i], oracle_clamp(q, -100, 90));
        }
    }
}

static void quantize_rounds_halves_away_from_zero(void **state) {
    (void)state;
    const float x[] = {0.25f,  -0.25f,   0.2499999f, 0.75f, -0.75f, 1e30f,
                       -1e30f, INFINITY, -INFINITY,  NAN,   0.0f,   60.0f};
    const int8_t want[] = {4, 2, 3, 5, 1, 127, -128, 127, -128, -128, 3, 123};
    const mdg_affine_params p = {.count = 12, .scale = 0.5f, .zero = 3};
    int8_t y[12];
    const void *in[] = {x};
    void *out[] = {y};
    mdg_quantize_f32_s8(&p, in, out);
    assert_memory_equal(y, want, sizeof want);
}

static void dequantize_is_exact(void **state) {
    (void)state;
    int8_t x[256];
    float y[256];
    for (int i = 0; i < 256; i++) x[i] = (int8_t)(i - 128);
    const void *in[] = {x};
    void *out[] = {y};
    const mdg_affine_params p = {.count = 256, .scale = 0.0123456789f, .zero = -77};
    mdg_dequantize_s8_f32(&p, in, out);
    for (int i = 0; i < 256; i++) assert_true(y[i] == (float)((double)p.scale * (x[i] + 77)));
}

static void clamps_keep_nan(void **state) {
    (void)state;
    const float x[] = {-1.0f, 3.0f, 7.0f, NAN, INFINITY};
    const int8_t q[] = {-128, 5, 127};
    float y[5], z[5];
    int8_t w[3];
    const void *in[] = {x}, *in_q[] = {q};
    void *out[] = {y}, *out_relu[] = {z}, *out_q[] = {w};
    mdg_clamp_f32(&(mdg_clamp_f32_params){.count = 5, .min = 0, .max = 6}, in, out);
    mdg_relu_f32(&(mdg_unary_params){.count = 5}, in, out_relu);
    mdg_clamp_s8(&(mdg_clamp_params){.count = 3, .min = -20, .max = 100}, in_q, out_q);
    assert_true(y[0] == 0 && y[1] == 3 && y[2] == 6 && isnan(y[3]) && y[4] == 6);
    assert_true(z[0] == 0 && z[1] == 3 && z[2] == 7 && isnan(z[3]) && isinf(z[4]));
    assert_true(w[0] == -20 && w[1] == 5 && w[2] == 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_s8_matches_its_definition),
        cmocka_unit_test(mul_s8_matches_its_definition),
        cmocka_unit_test(float_sums_and_products_broadcast),
        cmocka_unit_test(rescaling_covers_every_int8),
        cmocka_unit_test(quantize_rounds_halves_away_from_zero),
        cmocka_unit_test(dequantize_is_exact),
        cmocka_unit_test(clamps_keep_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
