/* SPDX-License-Identifier: MIT
 *
 * SUB, SQUARED_DIFFERENCE, DIV, FLOOR_MOD, ADD_N, PRELU, LEAKY_RELU, ABS, CAST, SELECT_V2, lookups: against
 * their definitions, with the values that lie at the edge.
 */
#include "oracle.h"

enum { COUNT = 2000 };

static void run(mdg_kernel_fn *kernel, const void *params, const void *a, const void *b, void *y) {
    const void *in[] = {a, b};
    void *out[] = {y};
    kernel(params, in, out);
}

static void fill_s16(mdg_rng *r, int16_t *x, int n) {
    for (int i = 0; i < n; i++) {
        const int dice = random_int(r, 0, 9);
        x[i] = (int16_t)(dice == 0 ? INT16_MIN : dice == 1 ? INT16_MAX : random_int(r, INT16_MIN, INT16_MAX));
    }
}

static mdg_add_params random_scaling(mdg_rng *r, int left_shift, int bits) {
    const int32_t limit = 1 << (bits - 1);
    mdg_add_params p = {.rank = 1, .dim = {COUNT}, .a_stride = {1}, .b_stride = {1}};
    p.left_shift = left_shift;
    p.a_zero = bits == 16 ? 0 : random_int(r, -limit, limit - 1);
    p.b_zero = bits == 16 ? 0 : random_int(r, -limit, limit - 1);
    p.out_zero = random_int(r, -limit, limit - 1);
    p.a_mult = random_mult(r), p.b_mult = random_mult(r), p.out_mult = random_mult(r);
    p.a_shift = random_int(r, -4, -1), p.b_shift = random_int(r, -4, -1);
    p.out_shift = random_int(r, -left_shift, -1);
    p.act_min = -limit + 3, p.act_max = limit - 5;
    return p;
}

static int64_t out_of(const mdg_add_params *p, int64_t x) {
    return oracle_clamp(oracle_requantize(x, p->out_mult, p->out_shift) + p->out_zero, p->act_min,
                        p->act_max);
}

static int64_t difference_of(const mdg_add_params *p, int64_t a, int64_t b) {
    const int64_t one = (int64_t)1 << p->left_shift;
    return oracle_requantize((a - p->a_zero) * one, p->a_mult, p->a_shift) -
           oracle_requantize((b - p->b_zero) * one, p->b_mult, p->b_shift);
}

static void differences_match_their_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < 20; round++) {
        mdg_arena *arena = mdg_arena_new();
        const int8_t *a = random_s8(&r, arena, COUNT), *b = random_s8(&r, arena, COUNT);
        static int16_t a16[COUNT], b16[COUNT], y16[COUNT];
        static int8_t y[COUNT];
        fill_s16(&r, a16, COUNT), fill_s16(&r, b16, COUNT);

        mdg_add_params p = random_scaling(&r, 20, 8);
        run(mdg_sub_s8, &p, a, b, y);
        for (int i = 0; i < COUNT; i++) assert_int_equal(y[i], out_of(&p, difference_of(&p, a[i], b[i])));
        p = random_scaling(&r, 15, 16);
        run(mdg_sub_s16, &p, a16, b16, y16);
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(y16[i], out_of(&p, difference_of(&p, a16[i], b16[i])));

        p = random_scaling(&r, 7, 8);
        p.out_shift -= 12;
        run(mdg_squared_difference_s8, &p, a, b, y);
        for (int i = 0; i < COUNT; i++) {
            const int64_t d = difference_of(&p, a[i], b[i]);
            assert_int_equal(y[i], out_of(&p, d * d));
        }
        mdg_arena_free(arena);
    }
}

/* Rounding to nearest several times is within one of the exact quotient. */
static void int8_quotients_are_within_one(void **state) {
    (void)state;
    for (int zero = -128; zero <= 127; zero += 51) {
        mdg_mul_params p = {.rank = 1, .dim = {1}, .a_stride = {1}, .b_stride = {1}, .mult = 1500000000};
        p.shift = 2;
        p.a_zero = zero, p.b_zero = -zero - 1, p.act_min = -128, p.act_max = 127;
        const double factor = 1500000000.0 / 2147483648.0 * 4.0;
        for (int32_t i = 0; i < 65536; i++) {
            const int8_t a = (int8_t)(i & 255), b = (int8_t)(i >> 8);
            int8_t y;
            run(mdg_div_s8, &p, &a, &b, &y);
            if (b == p.b_zero) continue;
            const double exact = (double)(a - p.a_zero) / (b - p.b_zero) * factor;
            const double want = exact < -128 ? -128 : exact > 127 ? 127 : exact;
            if (!(fabs(y - want) <= 1.0))
                fail_msg("%d / %d: %d, not %g", a - p.a_zero, b - p.b_zero, y, want);
        }
    }
}

static void division_by_zero_is_defined(void **state) {
    (void)state;
    mdg_mul_params p = {.rank = 1, .dim = {3}, .a_stride = {1}, .mult = 1 << 30, .shift = 1, .out_zero = 7};
    p.b_zero = 5, p.act_min = -100, p.act_max = 100;
    const int8_t a[] = {-3, 0, 3}, b = 5;
    int8_t y[3];
    run(mdg_div_s8, &p, a, &b, y);
    assert_true(y[0] == -100 && y[1] == 7 && y[2] == 100);

    const mdg_binary_i32_params q = {
        .rank = 1, .dim = {4}, .a_stride = {1}, .b_stride = {1}, .act_min = INT32_MIN, .act_max = INT32_MAX};
    const int32_t c[] = {INT32_MIN, 17, -17, INT32_MAX}, d[] = {-1, 0, 5, 1};
    int32_t z[4];
    run(mdg_div_s32, &q, c, d, z);
    assert_true(z[0] == INT32_MIN && z[1] == 0 && z[2] == -3 && z[3] == INT32_MAX);
}

/* Factors at both ends, as a hostile model may have them: shifts stay within 32 bits (sanitizers look). */
static void int8_division_takes_every_factor(void **state) {
    (void)state;
    for (int32_t shift = -31; shift <= 30; shift++) {
        mdg_mul_params p = {.rank = 1, .dim = {1}, .mult = INT32_MAX, .shift = shift};
        p.act_min = -128, p.act_max = 127;
        for (int a = -128; a <= 127; a++) {
            const int8_t x = (int8_t)a, one = 1;
            int8_t y;
            run(mdg_div_s8, &p, &x, &one, &y);
            const double exact = a * pow(2, shift);
            if (fabs(exact) < 100) assert_true(fabs(y - exact) <= 1);
            if (fabs(exact) > 200) assert_int_equal(y, exact < 0 ? -128 : 127);
        }
    }
}

static void floor_mod_has_the_sign_of_the_divisor(void **state) {
    (void)state;
    const mdg_broadcast_params p = {.rank = 1, .dim = {6}, .a_stride = {1}, .b_stride = {1}};
    const float a[] = {7, -7, 7, -7, 6, -6}, b[] = {3, 3, -3, -3, 3, 3}, want[] = {1, 2, -2, -1, 0, 0};
    const float quotient[] = {2, -3, -3, 2, 2, -2};
    float rest[6], y[6];
    run(mdg_floor_mod_f32, &p, a, b, rest);
    run(mdg_floor_div_f32, &p, a, b, y);
    for (int i = 0; i < 6; i++) assert_true(rest[i] == want[i] && y[i] == quotient[i]);
}

static void sums_of_many_wrap_nowhere(void **state) {
    (void)state;
    static int8_t x[24][2];
    const void *in[24];
    for (int k = 0; k < 24; k++) in[k] = x[k], x[k][0] = 127, x[k][1] = -128;
    int8_t y[2];
    void *out[] = {y};
    /* 2 * 0.1 / (2^20 * 0.5) */
    const mdg_add_n_params p = {
        .count = 2, .inputs = 24, .in_zero = 0, .out_zero = 3, .mult = 1717986918, .shift = -21};
    mdg_add_n_s8(&p, in, out);
    assert_int_equal(y[0], 127);
    assert_int_equal(y[1], -128);
    mdg_add_n_s8(
        &(mdg_add_n_params){.count = 2, .inputs = 2, .out_zero = 3, .mult = 1717986918, .shift = -21}, in,
        out);
    assert_int_equal(y[0], 54);  /* 254 * 0.2 + 3 = 53.8 */
    assert_int_equal(y[1], -48); /* -256 * 0.2 + 3 = -48.2 */
}

static void slopes_apply_below_zero(void **state) {
    (void)state;
    const int16_t x[] = {INT16_MIN, -1000, -1, 0, 1, 1000, INT16_MAX};
    int16_t y[7];
    /* 1 and -0.25 */
    mdg_leaky_relu_params p = {.count = 7, .mult = 1 << 30, .shift = 1, .slope_mult = -(1 << 30)};
    p.slope_shift = -1;
    run(mdg_leaky_relu_s16, &p, x, NULL, y);
    const int16_t want[] = {8192, 250, 1 /* rounded twice */, 0, 1, 1000, INT16_MAX};
    assert_memory_equal(y, want, sizeof want);

    const int8_t slope[] = {127, -128, 4, 0, 0, 0, 5};
    mdg_prelu_params q = {
        .rank = 1, .dim = {7}, .a_stride = {1}, .b_stride = {1}, .mult = 1 << 30, .shift = 1};
    q.b_zero = 4, q.slope_mult = 1 << 30, q.slope_shift = -6; /* 2^-7 */
    run(mdg_prelu_s16, &q, x, slope, y);
    const int16_t prelu[] = {-31488, 1031, 0, 0, 1, 1000, INT16_MAX};
    assert_memory_equal(y, prelu, sizeof prelu);
}

static void absolute_values_rescale_and_wrap(void **state) {
    (void)state;
    const int8_t x[] = {-128, 10, 11, 127};
    int8_t y[4];
    mdg_requantize_params p = {.count = 4, .in_zero = 10, .out_zero = -128, .mult = 1 << 30, .shift = 1};
    p.act_min = -128, p.act_max = 127;
    run(mdg_abs_s8, &p, x, NULL, y);
    assert_true(y[0] == 10 && y[1] == -128 && y[2] == -127 && y[3] == -11);
    const int16_t plain[] = {INT16_MIN, -5};
    int16_t z[2];
    p = (mdg_requantize_params){.count = 2, .mult = 1 << 30, .shift = 1, .act_min = INT16_MIN};
    p.act_max = INT16_MAX + 1;
    run(mdg_abs_s16, &p, plain, NULL, z);
    assert_true(z[0] == INT16_MIN && z[1] == 5);
}

static void casts_of_odd_floats_are_defined(void **state) {
    (void)state;
    const float x[] = {NAN, INFINITY, -INFINITY, 2147483648.0f, -2.9f, 2.9f, 300.0f, 4294967040.0f};
    const mdg_unary_params p = {.count = 8};
    int32_t s32[8];
    uint32_t u32[8];
    int8_t s8[8];
    run(mdg_cast_f32_s32, &p, x, NULL, s32);
    run(mdg_cast_f32_u32, &p, x, NULL, u32);
    run(mdg_cast_f32_s8, &p, x, NULL, s8);
    for (int i = 0; i < 4; i++) assert_true(s32[i] == INT32_MIN && s8[i] == 0);
    assert_true(s32[4] == -2 && s32[5] == 2 && s32[6] == 300 && s8[6] == 44 && s8[4] == -2);
    assert_true(u32[3] == 2147483648u && u32[4] == 4294967294u && u32[7] == 4294967040u && u32[0] == 0);
}

static void selection_walks_three_operands(void **state) {
    (void)state;
    mdg_select_params p = {.rank = 3, .dim = {2, 3, 4}};
    memcpy(p.condition_stride, (const int32_t[]){3, 1, 0}, 3 * sizeof(int32_t));
    memcpy(p.a_stride, (const int32_t[]){12, 4, 1}, 3 * sizeof(int32_t));
    memcpy(p.b_stride, (const int32_t[]){0, 0, 1}, 3 * sizeof(int32_t));
    const uint8_t c[6] = {1, 0, 0, 0, 1, 255};
    int64_t a[24], b[4] = {-1, -2, -3, -4}, y[24];
    for (int i = 0; i < 24; i++) a[i] = INT64_MAX - i;
    const void *in[] = {c, a, b};
    void *out[] = {y};
    mdg_select_64(&p, in, out);
    for (int i = 0; i < 24; i++) assert_true(y[i] == (c[i / 4] ? a[i] : b[i % 4]));
}

static void difference_to_a_zero_point_wraps(void **state) {
    (void)state;
    const int32_t x[] = {INT32_MIN, INT32_MAX, 100};
    int8_t y[3];
    mdg_requantize_params p = {.count = 3, .in_zero = 0, .out_zero = 1, .mult = 1 << 30, .shift = -5};
    p.act_min = -128, p.act_max = 127;
    run(mdg_requantize_s32_s8, &p, x, NULL, y);
    assert_true(y[0] == -128 && y[1] == 127 && y[2] == 3); /* 100 / 64 + 1 */
    p.in_zero = INT32_MIN;
    run(mdg_requantize_s32_s8, &p, x, NULL, y);
    assert_int_equal(y[0], 1);
}

static void wide_integers_wrap(void **state) {
    (void)state;
    const mdg_binary_i32_params p = {
        .rank = 1, .dim = {2}, .a_stride = {1}, .b_stride = {1}, .act_min = INT32_MIN, .act_max = INT32_MAX};
    const int32_t a[] = {INT32_MIN, 65536}, b[] = {1, 65537};
    int32_t y[2];
    run(mdg_sub_s32, &p, a, b, y);
    assert_true(y[0] == INT32_MAX && y[1] == -1);
    run(mdg_mul_s32, &p, a, b, y);
    assert_true(y[0] == INT32_MIN && y[1] == 65536);
    run(mdg_squared_difference_s32, &p, a, b, y);
    assert_true(y[0] == 1 && y[1] == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_match_their_definition),
        cmocka_unit_test(int8_quotients_are_within_one),
        cmocka_unit_test(division_by_zero_is_defined),
        cmocka_unit_test(int8_division_takes_every_factor),
        cmocka_unit_test(floor_mod_has_the_sign_of_the_divisor),
        cmocka_unit_test(sums_of_many_wrap_nowhere),
        cmocka_unit_test(slopes_apply_below_zero),
        cmocka_unit_test(absolute_values_rescale_and_wrap),
        cmocka_unit_test(casts_of_odd_floats_are_defined),
        cmocka_unit_test(selection_walks_three_operands),
        cmocka_unit_test(difference_to_a_zero_point_wraps),
        cmocka_unit_test(wide_integers_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
