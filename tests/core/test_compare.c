/* SPDX-License-Identifier: MIT
 *
 * Comparisons, MAXIMUM, MINIMUM and logical operators on one row of operands.
 */
#include "oracle.h"

enum { COUNT = 4000 };

static const mdg_broadcast_params one_row = {
    .rank = 1, .dim = {COUNT, 1, 1, 1, 1, 1, 1, 1}, .a_stride = {1}, .b_stride = {1}};

static void run(mdg_kernel_fn *kernel, const void *params, const void *a, const void *b, void *y) {
    const void *in[] = {a, b};
    void *out[] = {y};
    kernel(params, in, out);
}

static void floats_compare_with_nan(void **state) {
    (void)state;
    static float a[COUNT], b[COUNT], max[COUNT], min[COUNT];
    static uint8_t eq[COUNT], ne[COUNT], lt[COUNT], le[COUNT];
    static const float values[] = {0.0f, -0.0f, 1.0f, -1.0f, INFINITY, -INFINITY, NAN, 2.5f};
    for (int i = 0; i < COUNT; i++) a[i] = values[i % 8], b[i] = values[i / 8 % 8];
    run(mdg_equal_f32, &one_row, a, b, eq);
    run(mdg_not_equal_f32, &one_row, a, b, ne);
    run(mdg_less_f32, &one_row, a, b, lt);
    run(mdg_less_equal_f32, &one_row, a, b, le);
    run(mdg_maximum_f32, &one_row, a, b, max);
    run(mdg_minimum_f32, &one_row, a, b, min);
    for (int i = 0; i < COUNT; i++) {
        const bool unordered = isnan(a[i]) || isnan(b[i]);
        assert_int_equal(lt[i], !unordered && a[i] - b[i] < 0);
        assert_int_equal(eq[i], !unordered && !(a[i] < b[i]) && !(b[i] < a[i]));
        assert_int_equal(ne[i], !eq[i]);
        assert_int_equal(le[i], lt[i] || eq[i]);
        const float larger = unordered ? b[i] : fmaxf(a[i], b[i]),
                    smaller = unordered ? b[i] : fminf(a[i], b[i]);
        assert_true(max[i] == larger || (isnan(max[i]) && isnan(larger)));
        assert_true(min[i] == smaller || (isnan(min[i]) && isnan(smaller)));
    }
}

static void integers_compare(void **state) {
    (void)state;
    static int32_t a[COUNT], b[COUNT], max[COUNT], sum[COUNT];
    static int64_t a64[COUNT], b64[COUNT], min[COUNT];
    static uint8_t lt[COUNT], lt64[COUNT], eq64[COUNT];
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < COUNT; i++) {
        a[i] = (int32_t)mdg_rng_u64(&r) >> (i % 32), b[i] = (int32_t)mdg_rng_u64(&r) >> (i % 32);
        a64[i] = (int64_t)mdg_rng_u64(&r) >> (i % 64), b64[i] = i % 3 ? a64[i] : -a64[i] - 1;
    }
    run(mdg_less_s32, &one_row, a, b, lt);
    run(mdg_maximum_s32, &one_row, a, b, max);
    run(mdg_add_s32, &one_row, a, b, sum);
    run(mdg_less_s64, &one_row, a64, b64, lt64);
    run(mdg_equal_s64, &one_row, a64, b64, eq64);
    run(mdg_minimum_s64, &one_row, a64, b64, min);
    for (int i = 0; i < COUNT; i++) {
        const int64_t difference = (int64_t)a[i] - b[i];
        assert_int_equal(lt[i], difference < 0);
        assert_int_equal(max[i], b[i] + (difference > 0 ? difference : 0));
        assert_int_equal((uint32_t)sum[i], (uint32_t)((int64_t)a[i] + b[i]));
        assert_int_equal(lt64[i], i % 3 == 0 && a64[i] < 0);
        assert_int_equal(eq64[i], i % 3 != 0);
        assert_true(min[i] == (lt64[i] ? a64[i] : b64[i]));
    }
}

static void int8_compares_real_values(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    mdg_arena *arena = mdg_arena_new();
    mdg_compare_params p;
    memcpy(&p, &one_row, sizeof one_row);
    p.a_zero = -7, p.b_zero = 30;
    p.a_mult = p.b_mult = 1 << 30; /* scales 1/4 and 1/8 */
    p.a_shift = -1, p.b_shift = -2;
    const int8_t *a = random_s8(&r, arena, COUNT), *b = random_s8(&r, arena, COUNT);
    static uint8_t lt[COUNT], le[COUNT], eq[COUNT], ne[COUNT];
    run(mdg_less_s8, &p, a, b, lt);
    run(mdg_less_equal_s8, &p, a, b, le);
    run(mdg_equal_s8, &p, a, b, eq);
    run(mdg_not_equal_s8, &p, a, b, ne);
    for (int i = 0; i < COUNT; i++) {
        const double difference = (a[i] + 7) / 4.0 - (b[i] - 30) / 8.0;
        assert_int_equal(lt[i], difference < 0);
        assert_int_equal(le[i], difference <= 0);
        assert_int_equal(eq[i], difference == 0);
        assert_int_equal(ne[i], difference != 0);
    }
    mdg_arena_free(arena);
}

static void logic_has_its_truth_table(void **state) {
    (void)state;
    static uint8_t a[COUNT], b[COUNT], both[COUNT], any[COUNT], no[COUNT];
    for (int i = 0; i < COUNT; i++) a[i] = i & 1, b[i] = i >> 1 & 1;
    run(mdg_logical_and_bool, &one_row, a, b, both);
    run(mdg_logical_or_bool, &one_row, a, b, any);
    run(mdg_logical_not_bool, &(mdg_unary_params){.count = COUNT}, a, NULL, no);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(both[i], i % 4 == 3);
        assert_int_equal(any[i], i % 4 != 0);
        assert_int_equal(no[i], i % 2 == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_compare_with_nan),
        cmocka_unit_test(integers_compare),
        cmocka_unit_test(int8_compares_real_values),
        cmocka_unit_test(logic_has_its_truth_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
