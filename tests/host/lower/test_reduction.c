/* SPDX-License-Identifier: MIT
 *
 * Reductions, ARG_MAX, ARG_MIN and CUMSUM on random shapes and axes, against explicit coordinates.
 */
#include "runs.h"

#include <float.h>
#include <math.h>

enum { ROUNDS = 200, MAX = 1024 };

/* A network of one operator on input 0 with a constant list of axes */
typedef struct trial {
    mdg_graph *g;
    mdg_shape in, out;
    int n_axes;
    int32_t axes[4];
    bool reduced[MDG_MAX_RANK];
} trial;

static trial trial_new(mdg_rng *r) {
    trial t = {.in = run_random_shape(r, 1, 4, 5)};
    for (int d = 0; d < t.in.rank; d++) {
        t.reduced[d] = run_random(r, 0, 1);
        if (t.reduced[d])
            t.axes[t.n_axes++] = run_random(r, 0, 1) ? d : d - t.in.rank;
        else
            t.out.dim[t.out.rank++] = t.in.dim[d];
    }
    return t;
}

static void trial_build(trial *t, mdg_arena *a, mdg_opcode code, mdg_type in, mdg_type out) {
    t->g = net_new(a);
    net_tensor(t->g, in, t->in, in == MDG_FLOAT32 ? 0 : 0.5f, in == MDG_INT8 ? 3 : 0);
    net_tensor(t->g, out, t->out, out == MDG_FLOAT32 ? 0 : 0.5f, out == MDG_INT8 ? 3 : 0);
    const int32_t c = run_const_i32(t->g, t->n_axes, t->axes);
    net_op(t->g, code, 2, (int32_t[]){0, c}, 1);
    net_io(t->g, 0, 1);
}

/* The output element that input element i belongs to */
static int32_t output_of(const trial *t, int32_t i) {
    int32_t index[MDG_MAX_RANK], kept[MDG_MAX_RANK];
    int n = 0;
    run_index(&t->in, i, index);
    for (int d = 0; d < t->in.rank; d++)
        if (!t->reduced[d]) kept[n++] = index[d];
    return run_element(&t->out, kept);
}

static void extremes_are_found(void **state) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        trial t = trial_new(&r);
        const bool max = round & 1;
        const int32_t n = (int32_t)mdg_shape_elements(&t.in), m = (int32_t)mdg_shape_elements(&t.out);
        int8_t x[MAX];
        float xf[MAX], want[MAX];
        for (int32_t i = 0; i < m; i++) want[i] = max ? -1e9f : 1e9f;
        for (int32_t i = 0; i < n; i++) {
            float *best = &want[output_of(&t, i)];
            x[i] = (int8_t)run_random(&r, -128, 127);
            xf[i] = x[i];
            if (max ? xf[i] > *best : xf[i] < *best) *best = xf[i];
        }
        trial_build(&t, *state, max ? MDG_OP_REDUCE_MAX : MDG_OP_REDUCE_MIN, MDG_INT8, MDG_INT8);
        const int8_t *y = run_net(t.g, x, NULL);
        for (int32_t i = 0; i < m; i++) assert_int_equal(y[i], (int)want[i]);
        trial_build(&t, *state, max ? MDG_OP_REDUCE_MAX : MDG_OP_REDUCE_MIN, MDG_FLOAT32, MDG_FLOAT32);
        assert_memory_equal(run_net(t.g, xf, NULL), want, (size_t)m * sizeof *want);
    }
}

/* TFLM compares with the largest finite numbers first: NaN and infinities of the wrong side lose. */
static void extremes_of_no_numbers(void **state) {
    const float x[] = {NAN, -INFINITY};
    const float want = -FLT_MAX;
    trial t = {.in = mdg_shape_of(1, 2), .n_axes = 1};
    trial_build(&t, *state, MDG_OP_REDUCE_MAX, MDG_FLOAT32, MDG_FLOAT32);
    assert_memory_equal(run_net(t.g, x, NULL), &want, sizeof want);
}

static void all_means_every_one(void **state) {
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        trial t = trial_new(&r);
        const int32_t n = (int32_t)mdg_shape_elements(&t.in);
        uint8_t x[MAX], want[MAX];
        memset(want, 1, sizeof want);
        for (int32_t i = 0; i < n; i++) {
            x[i] = run_random(&r, 0, 7) != 0;
            if (!x[i]) want[output_of(&t, i)] = 0;
        }
        trial_build(&t, *state, MDG_OP_REDUCE_ALL, MDG_BOOL, MDG_BOOL);
        assert_memory_equal(run_net(t.g, x, NULL), want, (size_t)mdg_shape_elements(&t.out));
    }
}

/* Equal scales: a sum is the sum, saturated. */
static void sums_add_up(void **state) {
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        trial t = trial_new(&r);
        const int32_t n = (int32_t)mdg_shape_elements(&t.in), m = (int32_t)mdg_shape_elements(&t.out);
        const int32_t range = round & 1 ? 32767 : 200;
        int16_t x[MAX];
        float xf[MAX];
        int64_t want[MAX] = {0};
        for (int32_t i = 0; i < n; i++) {
            x[i] = (int16_t)run_random(&r, -range, range);
            xf[i] = x[i];
            want[output_of(&t, i)] += x[i];
        }
        trial_build(&t, *state, MDG_OP_SUM, MDG_FLOAT32, MDG_FLOAT32);
        const float *yf = run_net(t.g, xf, NULL);
        for (int32_t i = 0; i < m; i++) assert_true(yf[i] == (float)want[i]); /* below 2^24: exact */
        trial_build(&t, *state, MDG_OP_SUM, MDG_INT16, MDG_INT16);
        const int16_t *y = run_net(t.g, x, NULL);
        for (int32_t i = 0; i < m; i++)
            assert_int_equal(y[i], want[i] > 32767 ? 32767 : want[i] < -32768 ? -32768 : want[i]);
    }
}

static void broken_axes_are_refused(void **state) {
    trial t = {.in = mdg_shape_of(2, 2, 3), .n_axes = 1, .axes = {2}};
    trial_build(&t, *state, MDG_OP_SUM, MDG_FLOAT32, MDG_FLOAT32);
    run_assert_refused(t.g, MDG_INVALID, "op 0 SUM: axis 2 of an input with 2 dimensions");
    t.axes[0] = 0;
    trial_build(&t, *state, MDG_OP_SUM, MDG_FLOAT32, MDG_FLOAT32);
    run_assert_refused(t.g, MDG_INVALID, "expected 3 elements");
    trial_build(&t, *state, MDG_OP_REDUCE_MAX, MDG_INT16, MDG_INT16);
    run_assert_refused(t.g, MDG_UNSUPPORTED, "types int16,int32->int16 are not supported; supported: int8");
    trial_build(&t, *state, MDG_OP_REDUCE_MAX, MDG_INT8, MDG_INT8);
    t.g->subgraphs[0].tensors[1].quant.zero_point[0] = 4;
    run_assert_refused(t.g, MDG_UNSUPPORTED, "differ in scale or zero point");
}

/* [outer][axis][inner] of a random shape */
typedef struct line {
    mdg_shape shape;
    int axis;
    int32_t outer, n, inner;
} line;

static line random_line(mdg_rng *r) {
    line l = {.shape = run_random_shape(r, 1, 4, 5), .outer = 1, .inner = 1};
    l.axis = run_random(r, 0, l.shape.rank - 1);
    for (int d = 0; d < l.axis; d++) l.outer *= l.shape.dim[d];
    for (int d = l.axis + 1; d < l.shape.rank; d++) l.inner *= l.shape.dim[d];
    l.n = l.shape.dim[l.axis];
    return l;
}

static int32_t place(const line *l, int32_t outer, int32_t k, int32_t inner) {
    return (outer * l->n + k) * l->inner + inner;
}

static void first_of_the_best_is_named(void **state) {
    mdg_rng r = mdg_rng_of(4, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const line l = random_line(&r);
        const bool max = round & 1;
        trial t = {.in = l.shape, .n_axes = 1, .axes = {l.axis - l.shape.rank}};
        int8_t x[MAX];
        for (int32_t i = 0; i < mdg_shape_elements(&l.shape); i++) x[i] = (int8_t)run_random(&r, -3, 3);
        for (int d = 0; d < l.shape.rank; d++)
            if (d != l.axis) t.out.dim[t.out.rank++] = l.shape.dim[d];
        trial_build(&t, *state, max ? MDG_OP_ARG_MAX : MDG_OP_ARG_MIN, MDG_INT8, MDG_INT32);
        const int32_t *y = run_net(t.g, x, NULL);
        for (int32_t i = 0; i < l.outer * l.inner; i++) {
            const int32_t o = i / l.inner, c = i % l.inner;
            for (int32_t k = 0; k < l.n; k++) {
                const int gain = (x[place(&l, o, k, c)] - x[place(&l, o, y[i], c)]) * (max ? 1 : -1);
                assert_true(k < y[i] ? gain < 0 : gain <= 0);
            }
        }
    }
}

static void sums_accumulate(void **state) {
    mdg_rng r = mdg_rng_of(5, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const line l = random_line(&r);
        const bool exclusive = round & 1, reverse = round >> 1 & 1;
        trial t = {.in = l.shape, .out = l.shape, .n_axes = 1, .axes = {l.axis}};
        float x[MAX];
        int8_t q[MAX];
        for (int32_t i = 0; i < mdg_shape_elements(&l.shape); i++)
            x[i] = q[i] = (int8_t)run_random(&r, -9, 9);
        const float *y = NULL;
        const int8_t *yq = NULL;
        for (int quantised = 0; quantised < 2; quantised++) {
            const mdg_type type = quantised ? MDG_INT8 : MDG_FLOAT32;
            trial_build(&t, *state, MDG_OP_CUMSUM, type, type);
            *(mdg_cumsum_attrs *)t.g->subgraphs[0].ops[0].attrs = (mdg_cumsum_attrs){exclusive, reverse};
            const void *result = run_net(t.g, quantised ? (const void *)q : x, NULL);
            if (quantised)
                yq = result;
            else
                y = result;
        }
        for (int32_t o = 0; o < l.outer; o++)
            for (int32_t c = 0; c < l.inner; c++)
                for (int32_t k = 0; k < l.n; k++) {
                    float want = 0;
                    int want_q =
                        -3 + 3; /* TFLM begins with minus the zero point 3, and adds that of the output */
                    for (int32_t j = 0; j < l.n; j++) {
                        const bool counts = j == k ? !exclusive : reverse ? j > k : j < k;
                        if (counts) want += x[place(&l, o, j, c)], want_q += q[place(&l, o, j, c)] - 3;
                    }
                    assert_true(y[place(&l, o, k, c)] == want);
                    assert_int_equal(yq[place(&l, o, k, c)], want_q);
                }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_TEST(extremes_are_found), RUN_TEST(extremes_of_no_numbers),  RUN_TEST(all_means_every_one),
        RUN_TEST(sums_add_up),        RUN_TEST(broken_axes_are_refused), RUN_TEST(first_of_the_best_is_named),
        RUN_TEST(sums_accumulate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
