/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/affine.h"
#include "quant/observer.h"
#include "util/rng.h"

static void test_range_with_zero_at_an_end(void **state) {
    (void)state;
    const mdg_affine positive = mdg_affine_of_range(0.0f, 6.0f), negative = mdg_affine_of_range(-2.0f, -1.0f);
    assert_float_equal(positive.scale, 6.0f / 255.0f, 1e-9f);
    assert_int_equal(positive.zero_point, -128);
    assert_int_equal(negative.zero_point, 127);
    assert_float_equal(negative.scale, 2.0f / 255.0f, 1e-9f);
}

static void test_range_around_zero(void **state) {
    (void)state;
    const mdg_affine a = mdg_affine_of_range(-1.0f, 3.0f);
    assert_float_equal(a.scale, 4.0f / 255.0f, 1e-9f);
    assert_int_equal(a.zero_point, -64);
    assert_int_equal(mdg_affine_to_int8(a, 0.0f), -64);
}

static void test_empty_range_is_usable(void **state) {
    (void)state;
    const mdg_affine a = mdg_affine_of_range(0.0f, 0.0f);
    assert_true(a.scale > 0.0f);
    assert_int_equal(mdg_affine_to_int8(a, 0.0f), a.zero_point);
}

/* Whatever the range: 0 is exact, and no value within it is off by more than a step (half a step of rounding,
 * half a step of the zero point's rounding). */
static void test_any_range(void **state) {
    (void)state;
    mdg_rng rng = mdg_rng_of(1, 0);
    for (int i = 0; i < 2000; i++) {
        const float p = mdg_rng_uniform(&rng, -50.0f, 50.0f), q = mdg_rng_uniform(&rng, -50.0f, 50.0f);
        const float lo = fminf(p, q), hi = fmaxf(p, q), x = mdg_rng_uniform(&rng, lo, hi);
        const mdg_affine a = mdg_affine_of_range(lo, hi);
        const int8_t back = mdg_affine_to_int8(a, x);
        assert_in_range(a.zero_point + 128, 0, 255);
        assert_true(fabsf(a.scale * (float)(back - a.zero_point) - x) <= a.scale * 1.001f);
        assert_int_equal(mdg_affine_to_int8(a, 0.0f), a.zero_point);
    }
}

static void test_rounds_halves_away_from_zero_and_saturates(void **state) {
    (void)state;
    const mdg_affine a = {0.5f, 3};
    assert_int_equal(mdg_affine_to_int8(a, 0.25f), 4);
    assert_int_equal(mdg_affine_to_int8(a, -0.25f), 2);
    assert_int_equal(mdg_affine_to_int8(a, 1e9f), 127);
    assert_int_equal(mdg_affine_to_int8(a, -1e9f), -128);
    assert_int_equal(mdg_weight_to_int8(-1e9f, 2.0f), -127);
}

static void test_weight_scale_leaves_room_for_the_bias(void **state) {
    (void)state;
    assert_float_equal(mdg_weight_scale(2.54f, 1.0f, 0.02f, 1.0f), 0.02f, 1e-9f);
    assert_float_equal(mdg_weight_scale(0.0f, 0.0f, 0.02f, 1.27f), 0.01f, 1e-9f);
    const float input_scale = 0.01f, bias = 1000.0f, scale = mdg_weight_scale(1e-9f, bias, input_scale, 1.0f);
    const int32_t q = mdg_bias_to_int32(bias, input_scale * scale);
    assert_true(q > (1 << 28) && q <= (1 << 29) + 64);
}

static void test_bias(void **state) {
    (void)state;
    assert_int_equal(mdg_bias_to_int32(0.1f, 0.0004f), 250);
    assert_int_equal(mdg_bias_to_int32(-0.1f, 0.0004f), -250);
    assert_int_equal(mdg_bias_to_int32(1e20f, 1.0f), INT32_MAX);
    assert_int_equal(mdg_bias_to_int32(-1e20f, 1.0f), INT32_MIN);
}

enum { N = 20000 };

/* A bell of deviation 1 with one value at 100. */
static void observe_bell(mdg_observer *o, mdg_arena *arena) {
    static float x[N];
    mdg_rng rng = mdg_rng_of(2, 0);
    for (int i = 0; i < N; i++) x[i] = i ? mdg_rng_normal(&rng) : 100.0f;
    mdg_observer_extremes(o, x, N);
    mdg_observer_start_histogram(o, arena);
    mdg_observer_count(o, x, N);
}

static void test_methods_treat_an_outlier_differently(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_observer o = {0};
    float lo, hi;
    observe_bell(&o, arena);
    mdg_observer_range(&o, MDG_RANGE_MINMAX, 0.0f, &lo, &hi);
    assert_float_equal(hi, 100.0f, 0.0f);
    assert_true(lo < -3.0f && lo > -6.0f);
    mdg_observer_range(&o, MDG_RANGE_PERCENTILE, 99.9f, &lo, &hi);
    assert_true(hi > 2.8f && hi < 4.5f && lo < -2.8f && lo > -4.5f);
    mdg_observer_range(&o, MDG_RANGE_MSE, 0.0f, &lo, &hi);
    assert_true(hi < 100.0f && hi > 20.0f);
    mdg_arena_free(arena);
}

static void test_percentile_100_keeps_all(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_observer o = {0};
    float lo, hi;
    observe_bell(&o, arena);
    mdg_observer_range(&o, MDG_RANGE_PERCENTILE, 100.0f, &lo, &hi);
    assert_float_equal(hi, 100.0f, 1e-3f);
    assert_float_equal(lo, o.lo, 1e-3f);
    mdg_arena_free(arena);
}

static void test_values_that_are_not_finite_are_noticed(void **state) {
    (void)state;
    mdg_observer o = {0};
    mdg_observer_extremes(&o, (float[]){1.0f, NAN, -2.0f}, 3);
    assert_true(o.has_nonfinite);
    assert_true(o.lo == -2.0f && o.hi == 1.0f && o.n == 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range_with_zero_at_an_end),
        cmocka_unit_test(test_range_around_zero),
        cmocka_unit_test(test_empty_range_is_usable),
        cmocka_unit_test(test_any_range),
        cmocka_unit_test(test_rounds_halves_away_from_zero_and_saturates),
        cmocka_unit_test(test_weight_scale_leaves_room_for_the_bias),
        cmocka_unit_test(test_bias),
        cmocka_unit_test(test_methods_treat_an_outlier_differently),
        cmocka_unit_test(test_percentile_100_keeps_all),
        cmocka_unit_test(test_values_that_are_not_finite_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
