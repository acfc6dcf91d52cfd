/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL against the sum over explicit coordinates of both operands, transposed or repeated.
 */
#include "oracle.h"

enum { ROUNDS = 300 };

/* An operand of five dimensions, the last two as they lie in memory */
typedef struct operand {
    int dim[5], n;
    bool is_transposed;
} operand;

static int at(const operand *o, const int *batch, int row, int column) {
    const int i[5] = {batch[0], batch[1], batch[2], o->is_transposed ? column : row,
                      o->is_transposed ? row : column};
    int index = 0;
    for (int d = 0; d < 5; d++) index = index * o->dim[d] + i[d] % o->dim[d];
    return index;
}

static operand random_operand(mdg_rng *r, const int32_t *batch, int rows, int columns) {
    operand o = {.is_transposed = random_int(r, 0, 1), .n = rows * columns};
    for (int d = 0; d < 3; d++) o.n *= o.dim[d] = random_int(r, 0, 2) ? batch[d] : 1;
    o.dim[3] = o.is_transposed ? columns : rows;
    o.dim[4] = o.is_transposed ? rows : columns;
    return o;
}

static void set_strides(const operand *o, int32_t *batch, int32_t *row, int32_t *column) {
    int stride = o->dim[3] * o->dim[4];
    for (int d = 2; d >= 0; d--) {
        batch[d] = o->dim[d] == 1 ? 0 : stride;
        stride *= o->dim[d];
    }
    *row = o->is_transposed ? 1 : o->dim[4];
    *column = o->is_transposed ? o->dim[4] : 1;
}

typedef struct problem {
    mdg_batch_matmul_params p;
    operand a, b;
    int n;
} problem;

static problem random_problem(mdg_rng *r) {
    problem q = {.n = 1};
    for (int d = 0; d < 3; d++) q.n *= q.p.batch[d] = random_int(r, 1, 3);
    q.p.rows = random_int(r, 1, 5), q.p.depth = random_int(r, 1, 9), q.p.columns = random_int(r, 1, 5);
    q.n *= q.p.rows * q.p.columns;
    q.a = random_operand(r, q.p.batch, q.p.rows, q.p.depth);
    q.b = random_operand(r, q.p.batch, q.p.depth, q.p.columns);
    set_strides(&q.a, q.p.a_batch_stride, &q.p.a_row_stride, &q.p.a_column_stride);
    set_strides(&q.b, q.p.b_batch_stride, &q.p.b_row_stride, &q.p.b_column_stride);
    q.p.mult = random_mult(r), q.p.shift = random_int(r, -14, 0);
    return q;
}

/* Indices of the operands' elements in term k of output o */
static void term(const problem *q, int o, int k, int *a, int *b) {
    const int column = o % q->p.columns, row = o / q->p.columns % q->p.rows;
    const int n = o / q->p.columns / q->p.rows;
    const int batch[3] = {n / q->p.batch[2] / q->p.batch[1], n / q->p.batch[2] % q->p.batch[1],
                          n % q->p.batch[2]};
    *a = at(&q->a, batch, row, k);
    *b = at(&q->b, batch, k, column);
}

static void int8_matches_the_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        problem q = random_problem(&r);
        q.p.a_zero = random_int(&r, -128, 127), q.p.b_zero = random_int(&r, -128, 127);
        q.p.out_zero = random_int(&r, -128, 127);
        const int8_t *a = random_s8(&r, arena, q.a.n), *b = random_s8(&r, arena, q.b.n);
        int8_t *y = mdg_arena_alloc(arena, (size_t)q.n);
        const void *in[] = {a, b};
        void *out[] = {y};
        mdg_batch_matmul_s8(&q.p, in, out);
        for (int o = 0; o < q.n; o++) {
            int64_t sum = 0;
            for (int k = 0, i, j; k < q.p.depth; k++) {
                term(&q, o, k, &i, &j);
                sum += ((int64_t)a[i] - q.p.a_zero) * (b[j] - q.p.b_zero);
            }
            const int64_t want = oracle_requantize(sum, q.p.mult, q.p.shift) + q.p.out_zero;
            assert_int_equal(y[o], oracle_clamp(want, INT8_MIN, INT8_MAX));
        }
        mdg_arena_free(arena);
    }
}

static void int16_matches_the_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        problem q = random_problem(&r);
        q.p.shift -= 8;
        const int16_t *a = random_s16(&r, arena, q.a.n), *b = random_s16(&r, arena, q.b.n);
        int16_t *y = mdg_arena_array(arena, (size_t)q.n, sizeof *y);
        const void *in[] = {a, b};
        void *out[] = {y};
        mdg_batch_matmul_s16(&q.p, in, out);
        for (int o = 0; o < q.n; o++) {
            int64_t sum = 0;
            for (int k = 0, i, j; k < q.p.depth; k++) {
                term(&q, o, k, &i, &j);
                sum += (int64_t)a[i] * b[j];
            }
            const int64_t want = oracle_requantize_s64(sum, q.p.mult, q.p.shift);
            assert_int_equal(y[o], oracle_clamp(want, INT16_MIN, INT16_MAX));
        }
        mdg_arena_free(arena);
    }
}

static void f32_matches_the_definition(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        const problem q = random_problem(&r);
        mdg_batch_matmul_shape_params p;
        memcpy(&p, &q.p, sizeof p);
        const float *a = random_f32(&r, arena, q.a.n), *b = random_f32(&r, arena, q.b.n);
        float *y = mdg_arena_array(arena, (size_t)q.n, sizeof *y);
        double *want = mdg_arena_array(arena, (size_t)q.n, sizeof *want);
        for (int o = 0; o < q.n; o++) {
            for (int k = 0, i, j; k < q.p.depth; k++) {
                term(&q, o, k, &i, &j);
                want[o] += (double)a[i] * (double)b[j];
            }
        }
        const void *in[] = {a, b};
        void *out[] = {y};
        mdg_batch_matmul_f32(&p, in, out);
        assert_floats_near(y, want, q.n, 1e-4);
        mdg_arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_matches_the_definition),
        cmocka_unit_test(int16_matches_the_definition),
        cmocka_unit_test(f32_matches_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
