/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV against its definition: each input element scatters into the outputs that its taps reach.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

typedef struct data {
    mdg_conv2d_shape_params s;
    int n_x, n_w, n_y;
} data;

static data random_data(mdg_rng *r) {
    data d = {.s = {.batches = random_int(r, 1, 2)}};
    mdg_conv2d_shape_params *p = &d.s;
    p->in_h = random_int(r, 1, 5), p->in_w = random_int(r, 1, 5), p->in_c = random_int(r, 1, 6);
    p->out_h = random_int(r, 1, 9), p->out_w = random_int(r, 1, 9), p->out_c = random_int(r, 1, 4);
    p->kernel_h = random_int(r, 1, 4), p->kernel_w = random_int(r, 1, 4);
    p->stride_h = random_int(r, 1, 3), p->stride_w = random_int(r, 1, 3);
    p->pad_h = random_int(r, 0, 2), p->pad_w = random_int(r, 0, 2);
    d.n_x = p->batches * p->in_h * p->in_w * p->in_c;
    d.n_w = p->out_c * p->kernel_h * p->kernel_w * p->in_c;
    d.n_y = p->batches * p->out_h * p->out_w * p->out_c;
    return d;
}

/* The output that input element x reaches through weight w, or -1 */
static int target(const mdg_conv2d_shape_params *p, int x, int w) {
    if (x % p->in_c != w % p->in_c) return -1;
    const int ix = x / p->in_c % p->in_w, iy = x / p->in_c / p->in_w % p->in_h;
    const int b = x / p->in_c / p->in_w / p->in_h;
    const int kx = w / p->in_c % p->kernel_w, ky = w / p->in_c / p->kernel_w % p->kernel_h;
    const int oc = w / p->in_c / p->kernel_w / p->kernel_h;
    const int oy = iy * p->stride_h - p->pad_h + ky, ox = ix * p->stride_w - p->pad_w + kx;
    if (oy < 0 || oy >= p->out_h || ox < 0 || ox >= p->out_w) return -1;
    return ((b * p->out_h + oy) * p->out_w + ox) * p->out_c + oc;
}

static void check_integer(mdg_rng *r, bool is_s16) {
    mdg_arena *a = mdg_arena_new();
    const data d = random_data(r);
    mdg_conv2d_params p = {.batches = 0};
    memcpy(&p, &d.s, sizeof d.s);
    p.in_zero = is_s16 ? 0 : random_int(r, -128, 127), p.out_zero = is_s16 ? 0 : random_int(r, -128, 127);
    p.act_min = random_int(r, -128, 0), p.act_max = random_int(r, 1, 127);
    const int8_t *x8 = random_s8(r, a, d.n_x), *w = random_s8(r, a, d.n_w);
    const int16_t *x16 = random_s16(r, a, d.n_x);
    const int bits = is_s16 ? 64 : 32;
    const void *bias = random_int(r, 0, 3) ? random_bias(r, a, d.s.out_c, bits) : NULL;
    const int32_t *mult = random_s32(r, a, d.s.out_c, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, a, d.s.out_c, -16, 0);
    int64_t *sum = mdg_arena_array(a, (size_t)d.n_y, sizeof *sum);
    for (int o = 0; o < d.n_y; o++) sum[o] = bias_at(bias, bits, o % d.s.out_c);
    for (int i = 0; i < d.n_x * d.n_w; i++) {
        const int o = target(&d.s, i / d.n_w, i % d.n_w);
        if (o >= 0) sum[o] += ((int64_t)(is_s16 ? x16[i / d.n_w] : x8[i / d.n_w]) - p.in_zero) * w[i % d.n_w];
    }

    int16_t *y = mdg_arena_array(a, (size_t)d.n_y, sizeof *y);
    const void *in[] = {is_s16 ? (const void *)x16 : x8, w, bias, mult, shift};
    void *out[] = {y};
    (is_s16 ? mdg_transpose_conv_s16_b64 : mdg_transpose_conv_s8)(&p, in, out);
    for (int o = 0; o < d.n_y; o++) {
        const int oc = o % d.s.out_c;
        const int64_t q = oracle_rescale_s16(sum[o], bits, mult[oc], shift[oc]) + p.out_zero;
        assert_int_equal(is_s16 ? y[o] : ((const int8_t *)y)[o], oracle_clamp(q, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void integers_match_the_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_integer(&r, i % 2);
}

static void floats_match_the_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        const data d = random_data(&r);
        mdg_conv2d_f32_params p = {.batches = 0};
        memcpy(&p, &d.s, sizeof d.s);
        p.act_min = -3, p.act_max = 4;
        const float *x = random_f32(&r, a, d.n_x), *w = random_f32(&r, a, d.n_w);
        const float *bias = round % 2 ? random_f32(&r, a, d.s.out_c) : NULL;
        float *y = mdg_arena_array(a, (size_t)d.n_y, sizeof *y);
        double *want = mdg_arena_array(a, (size_t)d.n_y, sizeof *want);
        for (int o = 0; o < d.n_y; o++) want[o] = bias ? (double)bias[o % d.s.out_c] : 0;
        for (int i = 0; i < d.n_x * d.n_w; i++) {
            const int o = target(&d.s, i / d.n_w, i % d.n_w);
            if (o >= 0) want[o] += (double)x[i / d.n_w] * (double)w[i % d.n_w];
        }
        for (int o = 0; o < d.n_y; o++) want[o] = fmin(fmax(want[o], -3), 4);
        const void *in[] = {x, w, bias};
        void *out[] = {y};
        mdg_transpose_conv_f32(&p, in, out);
        assert_floats_near(y, want, d.n_y, 1e-4);
        mdg_arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_match_the_definition),
        cmocka_unit_test(floats_match_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
