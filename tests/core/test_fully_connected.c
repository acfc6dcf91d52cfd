/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED against plain sums in 64 bits or double.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

static void check_s8(mdg_rng *r, bool per_channel) {
    mdg_arena *a = mdg_arena_new();
    mdg_fully_connected_params p = {.batches = random_int(r, 1, 3)};
    p.in_c = random_int(r, 1, 70), p.out_c = random_int(r, 1, 20);
    p.in_zero = random_int(r, -128, 127), p.out_zero = random_int(r, -128, 127);
    p.filter_zero = per_channel ? 0 : random_int(r, -128, 127);
    p.mult = random_mult(r), p.shift = random_int(r, -14, 1);
    p.act_min = random_int(r, -128, 0), p.act_max = random_int(r, 1, 127);
    const int8_t *x = random_s8(r, a, p.batches * p.in_c), *w = random_s8(r, a, p.out_c * p.in_c);
    const int32_t *bias = random_int(r, 0, 3) ? random_s32(r, a, p.out_c, -100000, 100000) : NULL;
    const int32_t *mult = random_s32(r, a, p.out_c, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, a, p.out_c, -14, 1);
    int8_t *y = mdg_arena_alloc(a, (size_t)(p.batches * p.out_c));
    const void *in[] = {x, w, bias, mult, shift};
    void *out[] = {y};
    (per_channel ? mdg_fully_connected_per_channel_s8 : mdg_fully_connected_s8)(&p, in, out);

    for (int i = 0; i < p.batches * p.out_c; i++) {
        const int b = i / p.out_c, oc = i % p.out_c;
        int64_t sum = bias ? bias[oc] : 0;
        for (int c = 0; c < p.in_c; c++)
            sum += ((int64_t)x[b * p.in_c + c] - p.in_zero) * ((int64_t)w[oc * p.in_c + c] - p.filter_zero);
        const int64_t scaled = per_channel ? oracle_requantize(sum, mult[oc], shift[oc])
                                           : oracle_requantize(sum, p.mult, p.shift);
        assert_int_equal(y[i], oracle_clamp(scaled + p.out_zero, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void per_tensor_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r, false);
}

static void per_channel_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r, true);
}

static void check_s16(mdg_rng *r, int bits, bool per_channel) {
    mdg_arena *a = mdg_arena_new();
    mdg_fully_connected_params p = {.batches = random_int(r, 1, 3)};
    p.in_c = random_int(r, 1, 70), p.out_c = random_int(r, 1, 20);
    p.in_zero = random_int(r, -100, 100), p.out_zero = random_int(r, -100, 100);
    p.filter_zero = per_channel ? 0 : random_int(r, -128, 127);
    p.mult = random_mult(r), p.shift = random_int(r, -16, 0);
    p.act_min = random_int(r, INT16_MIN, 0), p.act_max = random_int(r, 1, INT16_MAX);
    const int16_t *x = random_s16(r, a, p.batches * p.in_c);
    const int8_t *w = random_s8(r, a, p.out_c * p.in_c);
    const void *bias = random_int(r, 0, 3) ? random_bias(r, a, p.out_c, bits) : NULL;
    const int32_t *mult = random_s32(r, a, p.out_c, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, a, p.out_c, -16, 0);
    int16_t *y = mdg_arena_array(a, (size_t)(p.batches * p.out_c), sizeof *y);
    const void *in[] = {x, w, bias, per_channel ? mult : NULL, per_channel ? shift : NULL};
    void *out[] = {y};
    (bits == 64 ? mdg_fully_connected_s16_b64 : mdg_fully_connected_s16_b32)(&p, in, out);

    for (int i = 0; i < p.batches * p.out_c; i++) {
        const int b = i / p.out_c, oc = i % p.out_c;
        int64_t sum = bias_at(bias, bits, oc);
        for (int c = 0; c < p.in_c; c++)
            sum += ((int64_t)x[b * p.in_c + c] - p.in_zero) * ((int64_t)w[oc * p.in_c + c] - p.filter_zero);
        const int64_t q =
            oracle_rescale_s16(sum, bits, per_channel ? mult[oc] : p.mult, per_channel ? shift[oc] : p.shift);
        assert_int_equal(y[i], oracle_clamp(q + p.out_zero, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void int16_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < ROUNDS; i++) check_s16(&r, i % 2 ? 64 : 32, i % 4 < 2);
}

static void f32_matches_its_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        mdg_fully_connected_f32_params p = {.batches = random_int(&r, 1, 3), .act_min = -3, .act_max = 4};
        p.in_c = random_int(&r, 1, 70), p.out_c = random_int(&r, 1, 20);
        const int n = p.batches * p.out_c;
        const float *x = random_f32(&r, a, p.batches * p.in_c), *w = random_f32(&r, a, p.out_c * p.in_c);
        const float *bias = round % 2 ? random_f32(&r, a, p.out_c) : NULL;
        float *y = mdg_arena_array(a, (size_t)n, sizeof *y);
        double *want = mdg_arena_array(a, (size_t)n, sizeof *want);
        const void *in[] = {x, w, bias};
        void *out[] = {y};
        mdg_fully_connected_f32(&p, in, out);
        for (int i = 0; i < n; i++) {
            want[i] = bias ? (double)bias[i % p.out_c] : 0;
            for (int c = 0; c < p.in_c; c++)
                want[i] += (double)x[i / p.out_c * p.in_c + c] * (double)w[i % p.out_c * p.in_c + c];
            want[i] = fmin(fmax(want[i], -3), 4);
        }
        assert_floats_near(y, want, n, 1e-4);
        mdg_arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(per_tensor_matches_its_definition),
        cmocka_unit_test(per_channel_matches_its_definition),
        cmocka_unit_test(int16_matches_its_definition),
        cmocka_unit_test(f32_matches_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
