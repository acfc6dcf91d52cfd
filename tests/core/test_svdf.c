/* SPDX-License-Identifier: MIT
 *
 * SVDF against its definition over several steps: the history of features is kept whole, and weighed anew at
 * each step.
 */
#include "oracle.h"

enum { ROUNDS = 100, STEPS = 9 };

typedef struct sizes {
    int batches, in_c, units, rank, memory, filters;
} sizes;

static sizes random_sizes(mdg_rng *r) {
    sizes s = {.batches = random_int(r, 1, 3), .in_c = random_int(r, 1, 9), .units = random_int(r, 1, 5)};
    s.rank = random_int(r, 1, 3), s.memory = random_int(r, 1, 6);
    s.filters = s.units * s.rank;
    return s;
}

/* Index of the feature that filter f of batch b had `age` steps before step t; -1 before the first */
static int feature_at(const sizes *s, int t, int age, int b, int f) {
    return t < age ? -1 : ((t - age) * s->batches + b) * s->filters + f;
}

static void check_s8(mdg_rng *r, bool has_s16_state) {
    mdg_arena *a = mdg_arena_new();
    const sizes s = random_sizes(r);
    const int64_t low = has_s16_state ? INT16_MIN : INT8_MIN, high = has_s16_state ? INT16_MAX : INT8_MAX;
    mdg_svdf_params p = {.batches = s.batches, .in_c = s.in_c, .units = s.units, .rank = s.rank};
    p.memory = s.memory, p.in_zero = random_int(r, -128, 127), p.out_zero = random_int(r, -128, 127);
    p.state_zero = has_s16_state ? 0 : random_int(r, -128, 127);
    p.feature_mult = random_mult(r), p.feature_shift = random_int(r, -12, 0);
    p.out_mult = random_mult(r), p.out_shift = random_int(r, has_s16_state ? -20 : -12, 0);
    const int8_t *w = random_s8(r, a, s.filters * s.in_c), *time8 = random_s8(r, a, s.filters * s.memory);
    const int16_t *time16 = random_s16(r, a, s.filters * s.memory);
    const int32_t *bias = random_int(r, 0, 3) ? random_s32(r, a, s.units, -10000, 10000) : NULL;
    int64_t *features = mdg_arena_array(a, (size_t)(STEPS * s.batches * s.filters), sizeof *features);
    const int n_state = s.batches * s.filters * s.memory;
    int16_t *state = mdg_arena_array(a, (size_t)n_state, sizeof *state);
    memset(state, p.state_zero, (size_t)n_state * sizeof *state);
    int8_t *y = mdg_arena_alloc(a, (size_t)(s.batches * s.units));
    for (int t = 0; t < STEPS; t++) {
        const int8_t *x = random_s8(r, a, s.batches * s.in_c);
        const void *in[] = {x, w, has_s16_state ? (const void *)time16 : time8, bias};
        void *out[] = {y, state};
        (has_s16_state ? mdg_svdf_s8_state16 : mdg_svdf_s8_state8)(&p, in, out);
        for (int i = 0; i < s.batches * s.filters; i++) {
            const int b = i / s.filters, f = i % s.filters;
            int64_t sum = 0;
            for (int c = 0; c < s.in_c; c++)
                sum += ((int64_t)x[b * s.in_c + c] - p.in_zero) * w[f * s.in_c + c];
            const int64_t q = oracle_requantize(sum, p.feature_mult, p.feature_shift) + p.state_zero;
            features[feature_at(&s, t, 0, b, f)] = oracle_clamp(q, low, high) - p.state_zero;
        }
        for (int i = 0; i < s.batches * s.units; i++) {
            int64_t sum = bias ? bias[i % s.units] : 0;
            for (int k = 0; k < s.rank * s.memory; k++) {
                const int f = i % s.units * s.rank + k / s.memory, j = k % s.memory;
                const int feature = feature_at(&s, t, s.memory - 1 - j, i / s.units, f);
                const int64_t weight = has_s16_state ? time16[f * s.memory + j] : time8[f * s.memory + j];
                if (feature >= 0) sum += weight * features[feature];
            }
            const int64_t q =
                oracle_requantize((int32_t)(uint32_t)(uint64_t)sum, p.out_mult, p.out_shift) + p.out_zero;
            assert_int_equal(y[i], oracle_clamp(q, INT8_MIN, INT8_MAX));
        }
    }
    mdg_arena_free(a);
}

static void check_f32(mdg_rng *r) {
    mdg_arena *a = mdg_arena_new();
    const sizes s = random_sizes(r);
    const mdg_svdf_f32_params p = {s.batches, s.in_c, s.units, s.rank, s.memory, -3, 4};
    const float *w = random_f32(r, a, s.filters * s.in_c), *time = random_f32(r, a, s.filters * s.memory);
    const float *bias = random_int(r, 0, 3) ? random_f32(r, a, s.units) : NULL;
    double *features = mdg_arena_array(a, (size_t)(STEPS * s.batches * s.filters), sizeof *features);
    const size_t n = (size_t)(s.batches * s.units);
    float *state = mdg_arena_array(a, (size_t)(s.batches * s.filters * s.memory), sizeof *state);
    float *y = mdg_arena_array(a, n, sizeof *y);
    double *want = mdg_arena_array(a, n, sizeof *want);
    for (int t = 0; t < STEPS; t++) {
        const float *x = random_f32(r, a, s.batches * s.in_c);
        const void *in[] = {x, w, time, bias};
        void *out[] = {y, state};
        mdg_svdf_f32(&p, in, out);
        for (int i = 0; i < s.batches * s.filters; i++)
            for (int c = 0; c < s.in_c; c++)
                features[feature_at(&s, t, 0, i / s.filters, i % s.filters)] +=
                    (double)x[i / s.filters * s.in_c + c] * (double)w[i % s.filters * s.in_c + c];
        for (int i = 0; i < (int)n; i++) {
            want[i] = bias ? (double)bias[i % s.units] : 0;
            for (int k = 0; k < s.rank * s.memory; k++) {
                const int f = i % s.units * s.rank + k / s.memory, j = k % s.memory;
                const int feature = feature_at(&s, t, s.memory - 1 - j, i / s.units, f);
                if (feature >= 0) want[i] += (double)time[f * s.memory + j] * features[feature];
            }
            want[i] = fmin(fmax(want[i], -3), 4);
        }
        assert_floats_near(y, want, (int)n, 1e-3);
    }
    mdg_arena_free(a);
}

static void int8_remembers_features(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r, i % 2);
}

static void f32_remembers_features(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_f32(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_remembers_features),
        cmocka_unit_test(f32_remembers_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
