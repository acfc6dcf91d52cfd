/* SPDX-License-Identifier: MIT
 *
 * Operators that work row by row against their definition in double: L2_NORMALIZATION, LOG_SOFTMAX,
 * EMBEDDING_LOOKUP. Integers are within one step.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

static void l2_normalization_has_unit_rows(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const int rows = random_int(&r, 1, 3), depth = random_int(&r, 1, 40), n = rows * depth;
        const mdg_l2_normalization_params p = {rows, depth, random_int(&r, -128, 127)};
        const mdg_rows_params p32 = {rows, depth};
        const int8_t *x = random_s8(&r, a, n);
        const float *x32 = random_f32(&r, a, n);
        int8_t *y = mdg_arena_alloc(a, (size_t)n);
        float *y32 = mdg_arena_array(a, (size_t)n, sizeof *y32);
        double *want32 = mdg_arena_array(a, (size_t)n, sizeof *want32);
        const void *in[] = {x}, *in32[] = {x32};
        void *out[] = {y}, *out32[] = {y32};
        mdg_l2_normalization_s8(&p, in, out);
        mdg_l2_normalization_f32(&p32, in32, out32);
        for (int i = 0; i < n; i++) {
            double sum = 0, sum32 = 0;
            for (int c = i / depth * depth; c < (i / depth + 1) * depth; c++) {
                sum += pow(x[c] - p.in_zero, 2);
                sum32 += pow((double)x32[c], 2);
            }
            const double want = sum > 0 ? 128 * (x[i] - p.in_zero) / sqrt(sum) : 0;
            assert_true(fabs(y[i] - fmin(want, 127)) <= 0.51);
            want32[i] = (double)x32[i] / sqrt(sum32);
        }
        assert_floats_near(y32, want32, n, 1e-5);
        mdg_arena_free(a);
    }
}

static mdg_log_softmax_params log_params_of(double scale, int rows, int depth) {
    mdg_log_softmax_params p = {.rows = rows, .depth = depth};
    int exponent;
    p.mult = (int32_t)floor(frexp(scale * (1 << 26), &exponent) * 2147483648.0);
    p.shift = exponent;
    p.diff_min = -(int32_t)floor(31.0 * (1 << 26) / ldexp(1, exponent));
    p.inverse_mult =
        (int32_t)fmin(floor(frexp(ldexp(1, 31 - p.shift) / p.mult, &exponent) * 2147483648.0), INT32_MAX);
    p.inverse_shift = exponent;
    return p;
}

static void log_softmax_int8_is_within_one_step(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const int rows = random_int(&r, 1, 3), depth = random_int(&r, 1, 40);
        const double scale = exp((double)mdg_rng_uniform(&r, -6, 0));
        const mdg_log_softmax_params p = log_params_of(scale, rows, depth);
        const int8_t *x = random_s8(&r, a, rows * depth);
        int8_t *y = mdg_arena_alloc(a, (size_t)(rows * depth));
        const void *in[] = {x};
        void *out[] = {y};
        mdg_log_softmax_s8(&p, in, out);
        for (int i = 0; i < rows * depth; i++) {
            double sum = 0;
            for (int c = 0; c < depth; c++) sum += exp(scale * (x[i / depth * depth + c] - x[i]));
            assert_true(fabs(fmax(127 - 16 * log(sum), -128) - y[i]) <= 1.0);
        }
        mdg_arena_free(a);
    }
}

static void log_softmax_takes_its_largest_row(void **state) {
    (void)state;
    enum { DEPTH = 4095 };
    static int8_t x[DEPTH], y[DEPTH];
    const mdg_log_softmax_params p = log_params_of(0.1, 1, DEPTH);
    const void *in[] = {x};
    void *out[] = {y};
    mdg_log_softmax_s8(&p, in, out);
    for (int i = 0; i < DEPTH; i++) assert_int_equal(y[i], 127 - 133); /* 16 ln(4095) */
}

static void log_softmax_f32_sums_to_one(void **state) {
    (void)state;
    const float x[] = {1000.0f, 1001.0f, 999.0f, -3.0f, -3.0f, -3.0f};
    const double log_sum = log(exp(-1) + 1 + exp(-2));
    const double want[] = {-1 - log_sum, -log_sum, -2 - log_sum, -log(3), -log(3), -log(3)};
    const mdg_rows_params p = {2, 3};
    float y[6];
    const void *in[] = {x};
    void *out[] = {y};
    mdg_log_softmax_f32(&p, in, out);
    assert_floats_near(y, want, 6, 1e-5);
}

static void lookup_copies_rows_and_zeroes_what_is_outside(void **state) {
    (void)state;
    static const int8_t table[3][2] = {{1, -2}, {3, -4}, {5, -128}};
    static const int32_t x[] = {2, -1, 0, 3, INT32_MIN, INT32_MAX, 1};
    static const int8_t want[7][2] = {{5, -128}, {0, 0}, {1, -2}, {0, 0}, {0, 0}, {0, 0}, {3, -4}};
    const mdg_embedding_lookup_params p = {.count = 7, .rows = 3, .row_size = 2, .scale = 0.5f};
    int8_t y[7][2];
    float y32[7][2];
    const void *in[] = {x, table};
    void *out[] = {y}, *out32[] = {y32};
    mdg_embedding_lookup(&p, in, out);
    mdg_embedding_lookup_s8_f32(&p, in, out32);
    assert_memory_equal(y, want, sizeof want);
    for (int i = 0; i < 14; i++) assert_true((double)y32[i / 2][i % 2] == 0.5 * want[i / 2][i % 2]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(l2_normalization_has_unit_rows),
        cmocka_unit_test(log_softmax_int8_is_within_one_step),
        cmocka_unit_test(log_softmax_takes_its_largest_row),
        cmocka_unit_test(log_softmax_f32_sums_to_one),
        cmocka_unit_test(lookup_copies_rows_and_zeroes_what_is_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
