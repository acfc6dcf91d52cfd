/* SPDX-License-Identifier: MIT
 *
 * The fixed-point primitives against TFLM's wording of them, and against real arithmetic.
 */
#include "oracle.h"

#include "core/fixed.h"
#include "core/fixed_exp.h"
#include "core/fixed_log.h"
#include "core/fixed_sigmoid.h"
#include "core/fixed_sqrt.h"
#include "core/kernels/scalar/high_mul.h"

static void high_mul_rounds_as_tflm(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < 200000; i++) {
        const int32_t a = (int32_t)mdg_rng_u64(&r), b = (int32_t)mdg_rng_u64(&r);
        assert_int_equal(mdg_rounding_doubling_high_mul(a, b), oracle_high_mul(a, b));
        assert_int_equal(mdg_high_mul_by_halves(a, b & INT32_MAX), oracle_high_mul(a, b & INT32_MAX));
    }
    static const int32_t extremes[] = {INT32_MIN, INT32_MIN + 1, -65536, -1, 0, 1, 65535, 65536, INT32_MAX};
    for (int i = 0; i < 81; i++) {
        const int32_t a = extremes[i / 9], b = extremes[i % 9] & INT32_MAX;
        assert_int_equal(mdg_high_mul_by_halves(a, b), oracle_high_mul(a, b));
    }
    assert_int_equal(mdg_rounding_doubling_high_mul(INT32_MIN, INT32_MIN), INT32_MAX);
    assert_int_equal(mdg_rounding_doubling_high_mul(1, 1 << 30), 1);
    assert_int_equal(mdg_rounding_doubling_high_mul(-1, 1 << 30), 0);
}

static void shift_rounds_halves_away_from_zero(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int n = 0; n <= 31; n++)
        for (int i = 0; i < 5000; i++) {
            const int32_t x = (int32_t)mdg_rng_u64(&r) >> random_int(&r, 0, 31);
            assert_int_equal(mdg_rounding_shift_right(x, n), oracle_shift_right(x, n));
        }
    assert_int_equal(mdg_rounding_shift_right(-5, 1), -3);
    assert_int_equal(mdg_rounding_shift_right(5, 1), 3);
}

static void requantize_shifts_both_ways(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < 100000; i++) {
        const int32_t shift = random_int(&r, -31, 8), x = random_int(&r, -(1 << 22), 1 << 22);
        const int32_t mult = random_mult(&r);
        assert_int_equal(mdg_requantize(x, mult, shift), oracle_requantize(x, mult, shift));
    }
}

static void requantize_s64_rounds_once(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < 100000; i++) {
        const int64_t x = (int64_t)mdg_rng_u64(&r) >> 24;
        const int32_t mult = random_mult(&r), shift = random_int(&r, -31, -9);
        const int64_t reduced = mult < 0x7FFF0000 ? (mult + (1 << 15)) / (1 << 16) : 0x7FFF;
        const double want = floor(ldexp((double)(x * reduced), shift - 15) + 0.5);
        assert_true(fabs((double)mdg_requantize_s64(x, mult, shift) - want) < 0.5);
    }
}

static void exponential_is_close_to_exp(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(5, 0);
    assert_int_equal(mdg_exp_q5_26(0), INT32_MAX);
    for (int i = 0; i < 100000; i++) {
        const int32_t a = -(int32_t)(mdg_rng_u64(&r) >> random_int(&r, 33, 60));
        const double want = ldexp(exp(ldexp(a, -26)), 31);
        assert_true(fabs(mdg_exp_q5_26(a) - want) < 1000);
    }
}

static void reciprocal_is_close_to_division(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(6, 0);
    for (int i = 0; i < 100000; i++) {
        const int32_t a = (int32_t)(mdg_rng_u64(&r) >> 33);
        const double want = ldexp(1 / (1 + ldexp(a, -31)), 31);
        assert_true(fabs(mdg_reciprocal_of_one_plus_q31(a) - want) < 20);
    }
}

static void logarithm_is_close_to_log(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(7, 0);
    assert_int_equal(mdg_log_q5_26(1 << 19) / 1000, 0);
    for (int i = 0; i < 100000; i++) {
        const int32_t x = (1 << 19) + (int32_t)(mdg_rng_u64(&r) >> random_int(&r, 34, 60));
        assert_true(fabs(mdg_log_q5_26(x) - ldexp(log(ldexp(x, -19)), 26)) < 1000);
    }
}

static void inverse_square_root_is_close_to_division(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(8, 0);
    for (int i = 0; i < 100000; i++) {
        const int32_t x = (int32_t)(mdg_rng_u64(&r) >> random_int(&r, 33, 63));
        int32_t mult, shift;
        mdg_inverse_sqrt(x, &mult, &shift);
        const double want = x > 1 ? 1 / sqrt(x) : 1;
        assert_true(fabs(ldexp(mult, shift - 31) / want - 1) < 2e-6);
    }
}

static void sigmoid_and_tanh_are_close_and_bounded(void **state) {
    (void)state;
    uint16_t table[256];
    for (int i = 0; i < 256; i++) table[i] = (uint16_t)fmin(round(65536 / (1 + exp(-i / 24.0))), 65535);
    for (int x = INT16_MIN; x <= INT16_MAX; x++) {
        const int32_t argument = mdg_sigmoid_argument(x, 3, 0);
        const double real = ldexp(x, -12);
        assert_true(fabs(mdg_sigmoid_s16(argument, table) - ldexp(1 / (1 + exp(-real)), 15)) <= 2);
        assert_true(fabs(mdg_tanh_s16(argument, table) - ldexp(tanh(real), 15)) <= 5);
    }
    assert_int_equal(mdg_sigmoid_s16(3 << 29, table), INT16_MAX);
    assert_int_equal(mdg_tanh_s16(-(3 << 29), table), -INT16_MAX);
    assert_int_equal(mdg_sigmoid_argument(-5, 3, 1), -7); /* -7.5, halves up */
}

static void leading_zeros_are_counted(void **state) {
    (void)state;
    for (int n = 0; n < 32; n++) assert_int_equal(mdg_leading_zeros(0xFFFFFFFFu >> n), n);
    assert_int_equal(mdg_saturating_shift_left(1 << 30, 1), INT32_MAX);
    assert_int_equal(mdg_saturating_shift_left(-(1 << 30), 2), INT32_MIN);
    assert_int_equal(mdg_saturating_shift_left(-3, 4), -48);
}

/* Over [-16, 16), and the ends */
static void sigmoids_are_close_to_libm(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(8, 0);
    assert_int_equal(mdg_logistic_q4_27(0), 1 << 30);
    assert_int_equal(mdg_tanh_q4_27(0), 0);
    for (int i = 0; i < 100000; i++) {
        const int32_t x = i == 0 ? INT32_MAX : i == 1 ? -INT32_MAX : (int32_t)mdg_rng_u64(&r) >> (i % 20);
        const double real = ldexp(x, -27);
        assert_true(fabs(ldexp(mdg_logistic_q4_27(x), -31) - 1 / (1 + exp(-real))) < 1e-6);
        assert_true(fabs(ldexp(mdg_tanh_q4_27(x), -31) - tanh(real)) < 1e-6);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(high_mul_rounds_as_tflm),
        cmocka_unit_test(shift_rounds_halves_away_from_zero),
        cmocka_unit_test(requantize_shifts_both_ways),
        cmocka_unit_test(requantize_s64_rounds_once),
        cmocka_unit_test(exponential_is_close_to_exp),
        cmocka_unit_test(reciprocal_is_close_to_division),
        cmocka_unit_test(logarithm_is_close_to_log),
        cmocka_unit_test(inverse_square_root_is_close_to_division),
        cmocka_unit_test(sigmoid_and_tanh_are_close_and_bounded),
        cmocka_unit_test(leading_zeros_are_counted),
        cmocka_unit_test(sigmoids_are_close_to_libm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
