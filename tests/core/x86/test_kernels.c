/* SPDX-License-Identifier: MIT
 *
 * The kernels for x86-64 against those of core/kernels/ref, byte for byte, on random shapes. Each operand is
 * a block of memory of its own, so that AddressSanitizer sees every access beyond it.
 */
#include "core/oracle.h"

#include "core/kernels/x86/reference.h"

enum { ROUNDS = 3000, MAX_BLOCKS = 8, MAX_MACS = 300000 };

/* The memory of a case */
typedef struct blocks {
    void *at[MAX_BLOCKS];
    int n;
} blocks;

static void *block(blocks *b, size_t bytes) {
    assert_true(b->n < MAX_BLOCKS);
    return b->at[b->n++] = malloc(bytes);
}

static void free_blocks(blocks *b) {
    while (b->n > 0) free(b->at[--b->n]);
}

static int8_t *bytes(mdg_rng *r, blocks *b, int n) {
    int8_t *x = block(b, (size_t)n);
    const bool extreme = random_int(r, 0, 9) == 0;
    for (int i = 0; i < n; i++)
        x[i] = (int8_t)(extreme ? random_int(r, 0, 1) * 255 - 128 : random_int(r, -128, 127));
    return x;
}

static int32_t *words(mdg_rng *r, blocks *b, int n, int32_t lo, int32_t hi) {
    int32_t *x = block(b, (size_t)n * sizeof *x);
    for (int i = 0; i < n; i++) x[i] = random_int(r, lo, hi);
    return x;
}

static int32_t *biases(mdg_rng *r, blocks *b, int n) {
    switch (random_int(r, 0, 3)) {
    case 0: return NULL;
    case 1: return words(r, b, n, INT32_MAX - 100000, INT32_MAX); /* sums wrap around */
    default: return words(r, b, n, -100000, 100000);
    }
}

static int32_t *multipliers(mdg_rng *r, blocks *b, int n) {
    int32_t *mult = words(r, b, n, 1 << 30, INT32_MAX);
    if (random_int(r, 0, 9) == 0) mult[random_int(r, 0, n - 1)] = 0;
    return mult;
}

/* Mostly such that results differ, now and then anything */
static int32_t *shifts(mdg_rng *r, blocks *b, int n) {
    return random_int(r, 0, 5) ? words(r, b, n, -12, -4) : words(r, b, n, -31, 30);
}

static void random_range(mdg_rng *r, int32_t *lo, int32_t *hi) {
    const bool is_full = random_int(r, 0, 2) != 0;
    *lo = is_full ? -128 : random_int(r, -128, 0);
    *hi = is_full ? 127 : random_int(r, 0, 127);
}

/* Runs both kernels and compares what they wrote. */
static void compare(mdg_kernel_fn *kernel, mdg_kernel_fn *reference, const void *params, const void **in,
                    int n) {
    int8_t *y = malloc((size_t)n), *want = malloc((size_t)n);
    void *out[] = {y}, *out_want[] = {want};
    memset(y, 0x55, (size_t)n);
    kernel(params, in, out);
    reference(params, in, out_want);
    for (int i = 0; i < n; i++)
        if (y[i] != want[i]) fail_msg("element %d of %d is %d, expected %d", i, n, y[i], want[i]);
    free(y);
    free(want);
}

/* -- Convolutions -- */

static void random_window(mdg_rng *r, mdg_conv2d_params *p) {
    p->in_h = random_int(r, 1, 12), p->in_w = random_int(r, 1, 12);
    p->out_h = random_int(r, 1, 7), p->out_w = random_int(r, 1, 11);
    p->kernel_h = random_int(r, 1, 5), p->kernel_w = random_int(r, 1, 5);
    p->stride_h = random_int(r, 1, 3), p->stride_w = random_int(r, 1, 3);
    p->dilation_h = random_int(r, 1, 3), p->dilation_w = random_int(r, 0, 3) ? 1 : random_int(r, 2, 3);
    p->pad_h = random_int(r, 0, 4), p->pad_w = random_int(r, 0, 4);
}

static void make_pointwise(mdg_conv2d_params *p) {
    p->kernel_h = p->kernel_w = p->stride_h = p->stride_w = p->dilation_h = p->dilation_w = 1;
    p->pad_h = p->pad_w = 0;
    p->out_h = p->in_h, p->out_w = p->in_w;
}

/* Rows of several tiles, kernels too wide for the buffers */
static void make_wide(mdg_rng *r, mdg_conv2d_params *p) {
    p->in_h = p->out_h = p->kernel_h = 1;
    p->in_w = random_int(r, 500, 3000), p->out_w = random_int(r, 500, 3000);
    if (random_int(r, 0, 3) == 0) p->kernel_w = random_int(r, 100, 1000), p->dilation_w = random_int(r, 1, 9);
}

static void shrink(mdg_conv2d_params *p) {
    int32_t *size[] = {&p->out_h, &p->out_w, &p->batches};
    for (int i = 0; i < 3; i++)
        while (*size[i] > 1 && (int64_t)p->batches * p->out_h * p->out_w * p->out_c * p->kernel_h *
                                       p->kernel_w * p->filter_c >
                                   MAX_MACS)
            *size[i] /= 2;
}

static mdg_conv2d_params random_conv(mdg_rng *r, bool depthwise) {
    mdg_conv2d_params p = {.batches = random_int(r, 1, 2), .depth_multiplier = 1};
    const int groups = random_int(r, 0, 3) ? 1 : random_int(r, 2, 4), kind = random_int(r, 0, 19);
    random_window(r, &p);
    if (kind < 4) make_pointwise(&p);
    if (kind == 4) make_wide(r, &p);
    p.filter_c = depthwise ? 1 : random_int(r, 1, kind == 5 ? 600 : 40);
    p.in_c = depthwise ? random_int(r, 0, 4) ? random_int(r, 1, 50) : 1 : p.filter_c * groups;
    if (depthwise && (p.in_c == 1 || kind == 6)) p.depth_multiplier = random_int(r, 1, 40);
    p.out_c = depthwise ? p.in_c * p.depth_multiplier : groups * random_int(r, 1, 40);
    shrink(&p);
    if (kind < 4) p.in_h = p.out_h, p.in_w = p.out_w;
    p.in_zero = random_int(r, -128, 127), p.out_zero = random_int(r, -128, 127);
    random_range(r, &p.act_min, &p.act_max);
    return p;
}

static void check_conv(mdg_rng *r, bool depthwise) {
    blocks b = {.n = 0};
    const mdg_conv2d_params p = random_conv(r, depthwise);
    const int weights = p.kernel_h * p.kernel_w * p.out_c * p.filter_c;
    const void *in[] = {bytes(r, &b, p.batches * p.in_h * p.in_w * p.in_c), bytes(r, &b, weights),
                        biases(r, &b, p.out_c), multipliers(r, &b, p.out_c), shifts(r, &b, p.out_c)};
    const int n = p.batches * p.out_h * p.out_w * p.out_c;
    if (depthwise)
        compare(mdg_depthwise_conv2d_s8, mdg_ref_depthwise_conv2d_s8, &p, in, n);
    else
        compare(mdg_conv2d_s8, mdg_ref_conv2d_s8, &p, in, n);
    free_blocks(&b);
}

static void conv2d_s8_is_the_reference(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < ROUNDS; i++) check_conv(&r, false);
}

static void depthwise_conv2d_s8_is_the_reference(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_conv(&r, true);
}

/* -- Fully connected -- */

static void check_fully_connected(mdg_rng *r, bool per_channel) {
    blocks b = {.n = 0};
    mdg_fully_connected_params p = {.batches = random_int(r, 1, 3),
                                    .in_c = random_int(r, 1, random_int(r, 0, 9) ? 100 : 20000)};
    p.out_c = random_int(r, 1, p.in_c > 100 ? 10 : 40);
    p.in_zero = random_int(r, -128, 127), p.out_zero = random_int(r, -128, 127);
    p.filter_zero = random_int(r, 0, 1) ? random_int(r, -128, 127) : 0;
    random_range(r, &p.act_min, &p.act_max);
    const void *in[] = {bytes(r, &b, p.batches * p.in_c), bytes(r, &b, p.out_c * p.in_c),
                        biases(r, &b, p.out_c), multipliers(r, &b, p.out_c), shifts(r, &b, p.out_c)};
    p.mult = *(const int32_t *)in[3], p.shift = *(const int32_t *)in[4];
    if (per_channel)
        compare(mdg_fully_connected_per_channel_s8, mdg_ref_fully_connected_per_channel_s8, &p, in,
                p.batches * p.out_c);
    else
        compare(mdg_fully_connected_s8, mdg_ref_fully_connected_s8, &p, in, p.batches * p.out_c);
    free_blocks(&b);
}

static void fully_connected_s8_is_the_reference(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < ROUNDS; i++) check_fully_connected(&r, i % 2);
}

/* -- ADD -- */

/* Two rows, of which an operand has one or both, or a single element repeated */
static void check_add(mdg_rng *r) {
    blocks b = {.n = 0};
    const int n = random_int(r, 1, 70), a_kind = random_int(r, 0, 2), b_kind = random_int(r, 0, 2);
    mdg_add_params p = {.rank = 2, .dim = {2, n}, .left_shift = 20};
    p.a_stride[0] = a_kind == 0 ? n : 0, p.a_stride[1] = a_kind < 2;
    p.b_stride[0] = b_kind == 0 ? n : 0, p.b_stride[1] = b_kind < 2;
    p.a_zero = random_int(r, -128, 127), p.b_zero = random_int(r, -128, 127);
    p.out_zero = random_int(r, -128, 127);
    p.a_mult = random_mult(r), p.b_mult = random_mult(r), p.out_mult = random_mult(r);
    p.a_shift = random_int(r, -5, 0), p.b_shift = random_int(r, -5, 0), p.out_shift = random_int(r, -22, -15);
    random_range(r, &p.act_min, &p.act_max);
    const int counts[] = {2 * n, n, 1};
    const void *in[] = {bytes(r, &b, counts[a_kind]), bytes(r, &b, counts[b_kind])};
    compare(mdg_add_s8, mdg_ref_add_s8, &p, in, 2 * n);
    free_blocks(&b);
}

static void add_s8_is_the_reference(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < ROUNDS; i++) check_add(&r);
}

/* The output may stand where the first operand does. */
static void add_s8_works_in_place(void **state) {
    (void)state;
    enum { N = 45 };
    const mdg_add_params p = {.rank = 1,
                              .dim = {N},
                              .a_stride = {1},
                              .b_stride = {1},
                              .left_shift = 20,
                              .a_mult = 1 << 30,
                              .b_mult = 1 << 30,
                              .out_mult = 1 << 30,
                              .out_shift = -18,
                              .act_min = -128,
                              .act_max = 127};
    int8_t a[N], b[N], want[N];
    for (int i = 0; i < N; i++) a[i] = (int8_t)(3 * i - 60), b[i] = (int8_t)(50 - i);
    const void *in[] = {a, b};
    void *out[] = {want}, *in_place[] = {a};
    mdg_ref_add_s8(&p, in, out);
    mdg_add_s8(&p, in, in_place);
    assert_memory_equal(a, want, N);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv2d_s8_is_the_reference),
        cmocka_unit_test(depthwise_conv2d_s8_is_the_reference),
        cmocka_unit_test(fully_connected_s8_is_the_reference),
        cmocka_unit_test(add_s8_is_the_reference),
        cmocka_unit_test(add_s8_works_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
