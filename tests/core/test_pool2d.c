/* SPDX-License-Identifier: MIT
 *
 * Pooling against the definition: every element of the input is asked whether it lies in the window.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

static mdg_pool2d_shape_params random_shape(mdg_rng *r) {
    mdg_pool2d_shape_params p = {.batches = random_int(r, 1, 2), .channels = random_int(r, 1, 9)};
    p.in_h = random_int(r, 1, 9), p.in_w = random_int(r, 1, 9);
    p.kernel_h = random_int(r, 1, 4), p.kernel_w = random_int(r, 1, 4);
    p.stride_h = random_int(r, 1, 3), p.stride_w = random_int(r, 1, 3);
    p.pad_h = random_int(r, 0, p.kernel_h - 1), p.pad_w = random_int(r, 0, p.kernel_w - 1);
    p.out_h = (p.in_h + p.pad_h - 1) / p.stride_h + 1, p.out_w = (p.in_w + p.pad_w - 1) / p.stride_w + 1;
    return p;
}

static int x_count(const mdg_pool2d_shape_params *p) {
    return p->batches * p->in_h * p->in_w * p->channels;
}
static int y_count(const mdg_pool2d_shape_params *p) {
    return p->batches * p->out_h * p->out_w * p->channels;
}

/* Is input element i under the window of output element o? */
static bool is_under(const mdg_pool2d_shape_params *p, int i, int o) {
    const int ix = i / p->channels % p->in_w, iy = i / p->channels / p->in_w % p->in_h;
    const int ox = o / p->channels % p->out_w, oy = o / p->channels / p->out_w % p->out_h;
    const int dy = iy - (oy * p->stride_h - p->pad_h), dx = ix - (ox * p->stride_w - p->pad_w);
    const int ib = i / p->channels / p->in_w / p->in_h, ob = o / p->channels / p->out_w / p->out_h;
    return ib == ob && i % p->channels == o % p->channels && dy >= 0 && dy < p->kernel_h && dx >= 0 &&
           dx < p->kernel_w;
}

static void check_s8(mdg_rng *r) {
    mdg_arena *a = mdg_arena_new();
    const mdg_pool2d_shape_params s = random_shape(r);
    mdg_pool2d_params p;
    memcpy(&p, &s, sizeof s);
    p.act_min = random_int(r, -128, -20), p.act_max = random_int(r, 20, 127);
    const int8_t *x = random_s8(r, a, x_count(&s));
    int8_t *average = mdg_arena_alloc(a, (size_t)y_count(&s)), *max = mdg_arena_alloc(a, (size_t)y_count(&s));
    const void *in[] = {x};
    void *out[] = {average}, *out_max[] = {max};
    mdg_average_pool2d_s8(&p, in, out);
    mdg_max_pool2d_s8(&p, in, out_max);
    for (int o = 0; o < y_count(&s); o++) {
        double sum = 0;
        int count = 0, largest = -1000;
        for (int i = 0; i < x_count(&s); i++) {
            if (!is_under(&s, i, o)) continue;
            sum += x[i];
            count++;
            if (x[i] > largest) largest = x[i];
        }
        assert_int_equal(average[o], oracle_clamp((int64_t)round(sum / count), p.act_min, p.act_max));
        assert_int_equal(max[o], oracle_clamp(largest, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void check_s16(mdg_rng *r) {
    mdg_arena *a = mdg_arena_new();
    const mdg_pool2d_shape_params s = random_shape(r);
    mdg_pool2d_params p;
    memcpy(&p, &s, sizeof s);
    p.act_min = random_int(r, INT16_MIN, -20), p.act_max = random_int(r, 20, INT16_MAX);
    const int16_t *x = random_s16(r, a, x_count(&s));
    int16_t *average = mdg_arena_array(a, (size_t)y_count(&s), sizeof *average);
    int16_t *max = mdg_arena_array(a, (size_t)y_count(&s), sizeof *max);
    const void *in[] = {x};
    void *out[] = {average}, *out_max[] = {max};
    mdg_average_pool2d_s16(&p, in, out);
    mdg_max_pool2d_s16(&p, in, out_max);
    for (int o = 0; o < y_count(&s); o++) {
        double sum = 0;
        int count = 0, largest = -100000;
        for (int i = 0; i < x_count(&s); i++) {
            if (!is_under(&s, i, o)) continue;
            sum += x[i];
            count++;
            if (x[i] > largest) largest = x[i];
        }
        assert_int_equal(average[o], oracle_clamp((int64_t)round(sum / count), p.act_min, p.act_max));
        assert_int_equal(max[o], oracle_clamp(largest, p.act_min, p.act_max));
    }
    mdg_arena_free(a);
}

static void check_f32(mdg_rng *r) {
    mdg_arena *a = mdg_arena_new();
    const mdg_pool2d_shape_params s = random_shape(r);
    mdg_pool2d_f32_params p;
    memcpy(&p, &s, sizeof s);
    p.act_min = -1, p.act_max = 1.5f;
    const float *x = random_f32(r, a, x_count(&s));
    const size_t n = (size_t)y_count(&s);
    float *average = mdg_arena_array(a, n, sizeof *average), *max = mdg_arena_array(a, n, sizeof *max);
    float *l2 = mdg_arena_array(a, n, sizeof *l2);
    double *want = mdg_arena_array(a, n, sizeof *want), *want_max = mdg_arena_array(a, n, sizeof *want_max);
    double *want_l2 = mdg_arena_array(a, n, sizeof *want_l2);
    const void *in[] = {x};
    void *out[] = {average}, *out_max[] = {max}, *out_l2[] = {l2};
    mdg_average_pool2d_f32(&p, in, out);
    mdg_l2_pool2d_f32(&p, in, out_l2);
    mdg_max_pool2d_f32(&p, in, out_max);
    for (int o = 0; o < (int)n; o++) {
        int count = 0;
        double sum = 0, squares = 0, largest = -1e9;
        for (int i = 0; i < x_count(&s); i++) {
            if (!is_under(&s, i, o)) continue;
            sum += (double)x[i];
            squares += (double)x[i] * (double)x[i];
            count++;
            largest = fmax(largest, (double)x[i]);
        }
        want[o] = fmin(fmax(sum / count, -1), 1.5);
        want_max[o] = fmin(fmax(largest, -1), 1.5);
        want_l2[o] = fmin(sqrt(squares / count), 1.5);
    }
    assert_floats_near(l2, want_l2, (int)n, 1e-5);
    assert_floats_near(average, want, (int)n, 1e-5);
    assert_floats_near(max, want_max, (int)n, 0);
    mdg_arena_free(a);
}

static void int8_pools_match_their_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_s8(&r);
}

static void int16_pools_match_their_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < ROUNDS; i++) check_s16(&r);
}

static void float_pools_match_their_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_f32(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_pools_match_their_definition),
        cmocka_unit_test(int16_pools_match_their_definition),
        cmocka_unit_test(float_pools_match_their_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
