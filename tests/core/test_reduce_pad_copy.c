/* SPDX-License-Identifier: MIT
 *
 * Kernels that move along dimensions: MEAN, PAD, copies.
 */
#include "oracle.h"

enum { ROUNDS = 200 };

/* x is [2][3][4][5]; `mask` says which dimensions are reduced */
static const int32_t x_dim[4] = {2, 3, 4, 5}, x_stride[4] = {60, 20, 5, 1};

static mdg_reduce_params shape_of(int mask) {
    mdg_reduce_params p = {.outputs = 1, .inputs = 1};
    for (int d = 0; d < 4; d++) {
        const bool reduced = mask >> d & 1;
        p.kept[d] = reduced ? 1 : x_dim[d];
        p.reduced[d] = reduced ? x_dim[d] : 1;
        p.kept_stride[d] = p.reduced_stride[d] = x_stride[d];
        p.outputs *= p.kept[d];
        p.inputs *= p.reduced[d];
    }
    return p;
}

/* The output that input element i adds to */
static int output_of(const mdg_reduce_params *p, int i) {
    int o = 0;
    for (int d = 0; d < 4; d++) o = o * p->kept[d] + i / x_stride[d] % x_dim[d] % p->kept[d];
    return o;
}

static void means_match_their_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int mask = 0; mask < 16; mask++) {
        mdg_arena *a = mdg_arena_new();
        mdg_reduce_params p = shape_of(mask);
        p.in_zero = random_int(&r, -128, 127), p.out_zero = random_int(&r, -50, 50);
        p.mult = random_mult(&r), p.shift = random_int(&r, -8, -2);
        const int8_t *x = random_s8(&r, a, 120);
        const float *xf = random_f32(&r, a, 120);
        int8_t y[120];
        float yf[120];
        int64_t sum[120] = {0};
        double sum_f[120] = {0};
        const void *in[] = {x}, *in_f[] = {xf};
        void *out[] = {y}, *out_f[] = {yf};
        mdg_mean_s8(&p, in, out);
        mdg_mean_f32(&p, in_f, out_f);
        for (int i = 0; i < 120; i++) {
            sum[output_of(&p, i)] += x[i] - p.in_zero;
            sum_f[output_of(&p, i)] += (double)xf[i];
        }
        for (int o = 0; o < p.outputs; o++) {
            const int64_t q = oracle_requantize(sum[o], p.mult, p.shift) + p.out_zero;
            assert_int_equal(y[o], oracle_clamp(q, -128, 127));
            sum_f[o] /= p.inputs;
        }
        assert_floats_near(yf, sum_f, p.outputs, 1e-5);
        mdg_arena_free(a);
    }
}

static void pad_surrounds_the_input(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        mdg_pad_params p = {.rank = random_int(&r, 1, 4)};
        int n_in = 1, n_out = 1;
        for (int d = 0; d < p.rank; d++) {
            p.in_dim[d] = random_int(&r, 1, 4), p.before[d] = random_int(&r, 0, 2);
            p.out_dim[d] = p.in_dim[d] + p.before[d] + random_int(&r, 0, 2);
            n_in *= p.in_dim[d], n_out *= p.out_dim[d];
        }
        const int32_t *x = random_s32(&r, a, n_in, 1, 1000), value = -7;
        int32_t *y = mdg_arena_array(a, (size_t)n_out, sizeof *y);
        const void *in[] = {x, &value};
        void *out[] = {y};
        mdg_pad_32(&p, in, out);
        for (int o = 0; o < n_out; o++) {
            int rest = o, from = 0, step = 1;
            for (int d = p.rank - 1; d >= 0; rest /= p.out_dim[d--]) {
                const int i = rest % p.out_dim[d] - p.before[d];
                if (i < 0 || i >= p.in_dim[d] || from < 0)
                    from = -1;
                else
                    from += i * step;
                step *= p.in_dim[d];
            }
            assert_int_equal(y[o], from < 0 ? value : x[from]);
        }
        mdg_arena_free(a);
    }
}

static void pad_widths_agree(void **state) {
    (void)state;
    const mdg_pad_params p = {.rank = 1, .in_dim = {2}, .out_dim = {5}, .before = {1}};
    const uint8_t x8[] = {1, 2}, v8 = 9, want8[] = {9, 1, 2, 9, 9};
    const uint16_t x16[] = {1000, 2000}, v16 = 9000, want16[] = {9000, 1000, 2000, 9000, 9000};
    uint8_t y8[5];
    uint16_t y16[5];
    const void *in8[] = {x8, &v8}, *in16[] = {x16, &v16};
    void *out8[] = {y8}, *out16[] = {y16};
    mdg_pad_8(&p, in8, out8);
    mdg_pad_16(&p, in16, out16);
    assert_memory_equal(y8, want8, sizeof want8);
    assert_memory_equal(y16, want16, sizeof want16);
}

static void copy_interleaves_blocks(void **state) {
    (void)state;
    const char x[] = "aabbcc";
    char y[] = "..................";
    const mdg_copy_params p = {.blocks = 3, .block_bytes = 2, .in_step = 2, .out_offset = 1, .out_step = 6};
    const void *in[] = {x};
    void *out[] = {y};
    mdg_copy(&p, in, out);
    assert_string_equal(y, ".aa....bb....cc...");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_match_their_definition),
        cmocka_unit_test(pad_surrounds_the_input),
        cmocka_unit_test(pad_widths_agree),
        cmocka_unit_test(copy_interleaves_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
