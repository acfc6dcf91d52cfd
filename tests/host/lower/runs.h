/* SPDX-License-Identifier: MIT
 *
 * runs.h: networks of one operator, run and compared with an oracle.
 */
#ifndef MDG_TEST_RUNS_H
#define MDG_TEST_RUNS_H

#include "exec/exec.h"
#include "nets.h"
#include "util/rng.h"

static inline int32_t run_random(mdg_rng *r, int32_t lo, int32_t hi) {
    return lo + (int32_t)mdg_rng_below(r, (uint32_t)(hi - lo) + 1);
}

static inline mdg_shape run_random_shape(mdg_rng *r, int min_rank, int max_rank, int32_t max_dim) {
    mdg_shape s = {.rank = run_random(r, min_rank, max_rank)};
    for (int d = 0; d < s.rank; d++) s.dim[d] = run_random(r, 1, max_dim);
    return s;
}

/* Numbers through a shape, the last dimension fastest: index[] of element i */
static inline void run_index(const mdg_shape *s, int32_t i, int32_t index[MDG_MAX_RANK]) {
    for (int d = s->rank - 1; d >= 0; d--) {
        index[d] = i % s->dim[d];
        i /= s->dim[d];
    }
}

static inline int32_t run_element(const mdg_shape *s, const int32_t *index) {
    int32_t i = 0;
    for (int d = 0; d < s->rank; d++) i = i * s->dim[d] + index[d];
    return i;
}

static inline int32_t run_const_i32(mdg_graph *g, int n, const int32_t *values) {
    return net_const(g, MDG_INT32, mdg_shape_of(1, n), 0, values);
}

/* Runs the network on one input; returns its first output. */
static inline const void *run_net(mdg_graph *g, const void *x, mdg_exec **exec) {
    mdg_diag diag = {""};
    mdg_exec *e;
    if (mdg_exec_open(g, g->arena, &e, &diag) != MDG_OK) fail_msg("%s", diag.text);
    memcpy(mdg_exec_input(e, 0), x, mdg_exec_input_bytes(e, 0));
    mdg_exec_invoke(e, NULL);
    if (exec) *exec = e;
    return mdg_exec_output(e, 0);
}

static inline void run_assert_refused(const mdg_graph *g, mdg_status status, const char *words) {
    mdg_diag diag = {""};
    mdg_program p;
    const mdg_status got = mdg_lower(g, g->arena, &p, &diag);
    if (got != status || !strstr(diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)got, diag.text, words);
}

static inline int run_setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static inline int run_teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define RUN_TEST(f) cmocka_unit_test_setup_teardown(f, run_setup, run_teardown)

#endif
