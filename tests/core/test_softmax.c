/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX against exp in double: int8 is within one step of 1/256, whatever the scale; rows do not mix.
 */
#include "oracle.h"

enum { ROUNDS = 400 };

/* The parameters that lowering makes of an input scale: scale * 2^26 as mult and shift, and the radius of
 * Q5.26 */
static mdg_softmax_params params_of(double scale, int rows, int depth) {
    mdg_softmax_params p = {.rows = rows, .depth = depth};
    int exponent;
    p.mult = (int32_t)floor(frexp(scale * (1 << 26), &exponent) * 2147483648.0);
    p.shift = exponent;
    p.diff_min = -(int32_t)floor(31.0 * (1 << 26) / ldexp(1, exponent));
    return p;
}

static void int8_is_within_one_step(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const int rows = random_int(&r, 1, 3), depth = random_int(&r, 1, 40);
        const double scale = exp((double)mdg_rng_uniform(&r, -6, 1));
        const mdg_softmax_params p = params_of(scale, rows, depth);
        const int8_t *x = random_s8(&r, a, rows * depth);
        int8_t *y = mdg_arena_alloc(a, (size_t)(rows * depth));
        const void *in[] = {x};
        void *out[] = {y};
        mdg_softmax_s8(&p, in, out);
        for (int i = 0; i < rows * depth; i++) {
            double sum = 0;
            for (int c = 0; c < depth; c++) sum += exp(scale * (x[i / depth * depth + c] - x[i]));
            assert_true(fabs(fmin(256 / sum - 128, 127) - y[i]) <= 1.0);
        }
        mdg_arena_free(a);
    }
}

static void int8_to_int16_is_fine(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const int rows = random_int(&r, 1, 3), depth = random_int(&r, 1, 40);
        const double scale = exp((double)mdg_rng_uniform(&r, -6, 1));
        const mdg_softmax_params p = params_of(scale, rows, depth);
        const int8_t *x = random_s8(&r, a, rows * depth);
        int16_t *y = mdg_arena_array(a, (size_t)(rows * depth), sizeof *y);
        const void *in[] = {x};
        void *out[] = {y};
        mdg_softmax_s8_s16(&p, in, out);
        for (int i = 0; i < rows * depth; i++) {
            double sum = 0;
            for (int c = 0; c < depth; c++) sum += exp(scale * (x[i / depth * depth + c] - x[i]));
            assert_true(fabs(fmin(65536 / sum - 32768, 32767) - y[i]) <= 2.0);
        }
        mdg_arena_free(a);
    }
}

/* Tables as lowering makes them, but without its correction of interpolated middles */
static void fill_tables(int16_t *exp_table, int16_t *reciprocal_table) {
    for (int i = 0; i <= 512; i++) {
        exp_table[i] = (int16_t)fmin(round(32768 * exp(-10 + 10 * i / 512.0)), 32767);
        reciprocal_table[i] = (int16_t)fmin(round(32768 / (1 + i / 512.0)), 32767);
    }
}

static void int16_is_fine(void **state) {
    (void)state;
    static int16_t tables[2][513];
    fill_tables(tables[0], tables[1]);
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const int rows = random_int(&r, 1, 3), depth = random_int(&r, 1, 40);
        const double scale = exp((double)mdg_rng_uniform(&r, -14, -5));
        mdg_softmax_params p = {.rows = rows, .depth = depth};
        int exponent;
        p.mult = (int32_t)floor(frexp(scale * 6553.5, &exponent) * 2147483648.0);
        p.shift = exponent;
        const int16_t *x = random_s16(&r, a, rows * depth);
        int16_t *y = mdg_arena_array(a, (size_t)(rows * depth), sizeof *y);
        const void *in[] = {x, tables[0], tables[1]};
        void *out[] = {y};
        mdg_softmax_s16(&p, in, out);
        for (int i = 0; i < rows * depth; i++) {
            const int16_t *row = x + i / depth * depth;
            double sum = 0;
            int max = INT16_MIN;
            for (int c = 0; c < depth; c++) max = row[c] > max ? row[c] : max;
            for (int c = 0; c < depth; c++) sum += exp(fmax(scale * (row[c] - max), -10));
            const double want = 32768 * exp(fmax(scale * (x[i] - max), -10)) / sum;
            assert_true(fabs(fmin(want, 32767) - y[i]) <= 4 + depth); /* each exponential is rounded */
        }
        mdg_arena_free(a);
    }
}

static void many_equal_classes_stay_in_bounds(void **state) {
    (void)state;
    enum { DEPTH = 8191 };
    static int8_t x[DEPTH], y[DEPTH];
    const mdg_softmax_params p = params_of(0.1, 1, DEPTH);
    const void *in[] = {x};
    void *out[] = {y};
    mdg_softmax_s8(&p, in, out);
    for (int i = 0; i < DEPTH; i++) assert_int_equal(y[i], -128);
}

static void f32_sums_to_one(void **state) {
    (void)state;
    const float x[] = {1000.0f, 1001.0f, 999.0f, -3.0f, -3.0f, -3.0f};
    const double e = 1 / (exp(-1) + 1 + exp(-2));
    const double want[] = {e * exp(-1), e, e * exp(-2), 1.0 / 3, 1.0 / 3, 1.0 / 3};
    const mdg_softmax_f32_params p = {.rows = 2, .depth = 3, .beta = 1.0f};
    float y[6];
    const void *in[] = {x};
    void *out[] = {y};
    mdg_softmax_f32(&p, in, out);
    assert_floats_near(y, want, 6, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_is_within_one_step), cmocka_unit_test(int8_to_int16_is_fine),
        cmocka_unit_test(int16_is_fine),           cmocka_unit_test(many_equal_classes_stay_in_bounds),
        cmocka_unit_test(f32_sums_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
