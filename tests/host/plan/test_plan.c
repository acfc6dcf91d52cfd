/* SPDX-License-Identifier: MIT
 *
 * Plans: nothing that lives at the same time overlaps, in-place chains cost one buffer, the bound is a bound.
 */
#include "host/lower/nets.h"

#include "plan/overlap.h"
#include "plan/plan.h"
#include "util/rng.h"

static int add_buffer(mdg_program *p, size_t bytes) {
    return mdg_program_add_buffer(p, MDG_BUF_ARENA, "b", "uint8_t", bytes, NULL);
}

/* A random program of copies, some of them in place: each call reads up to two earlier buffers and writes a
 * new one. */
static mdg_program random_program(mdg_arena *a, mdg_rng *r) {
    static mdg_graph graph = {.source = "random"};
    mdg_program p = {.arena = a, .graph = &graph};
    int n = 1;
    int made[64] = {add_buffer(&p, 1 + mdg_rng_below(r, 500))};
    const int calls = 2 + (int)mdg_rng_below(r, 40);
    for (int i = 0; i < calls; i++) {
        mdg_call *c = mdg_program_add_call(&p, MDG_K_copy, NULL);
        const int from = made[n - 1 - (int)mdg_rng_below(r, n < 5 ? (uint32_t)n : 5)];
        mdg_call_add_in(c, from);
        if (mdg_rng_below(r, 2)) mdg_call_add_in(c, made[mdg_rng_below(r, (uint32_t)n)]);
        made[n] = add_buffer(&p, mdg_rng_below(r, 2) ? p.buffers[from].bytes : 1 + mdg_rng_below(r, 500));
        mdg_call_add_out(c, made[n++]);
        if (mdg_rng_below(r, 2)) c->inplace_in = c->inplace_out = 0;
    }
    p.n_inputs = p.n_outputs = 1;
    p.inputs = mdg_arena_alloc(a, sizeof *p.inputs);
    p.inputs[0].buffer = made[0];
    p.outputs = mdg_arena_alloc(a, sizeof *p.outputs);
    p.outputs[0].buffer = made[n - 1];
    mdg_program_lifetimes(&p);
    return p;
}

static bool share_bytes(const mdg_buffer *a, const mdg_buffer *b) {
    return a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

/* Two buffers may share bytes only if one dies in the call in which the other is born, at a distance that the
 * call allows. */
static bool may_share(const mdg_program *p, int i, int j) {
    const mdg_buffer *a = &p->buffers[i], *b = &p->buffers[j];
    if (a->last < b->first || b->last < a->first) return true;
    if (a->first > b->first) return may_share(p, j, i);
    const mdg_call *c = &p->calls[a->last];
    if (a->last != b->first || c->out[0] != j) return false;
    for (int k = 0; k < c->n_in; k++) {
        mdg_overlap o;
        const size_t distance = a->offset - b->offset;
        if (c->in[k] == i && mdg_call_overlap(p, c, k, &o))
            return a->offset >= b->offset + o.lead &&
                   (o.step ? (distance - o.lead) % o.step == 0 : distance == o.lead);
    }
    return false;
}

static void nothing_alive_overlaps(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < 300; round++) {
        mdg_arena *a = mdg_arena_new();
        mdg_program p = random_program(a, &r);
        const mdg_plan_opts opts = {.align = 1 << mdg_rng_below(&r, 6)};
        assert_int_equal(mdg_plan(&p, &opts, NULL), MDG_OK);
        assert_true(p.arena_bytes >= p.arena_bound_bytes);
        for (int i = 0; i < p.n_buffers; i++) {
            if (p.buffers[i].first > p.buffers[i].last) continue;
            assert_int_equal(p.buffers[i].offset % (size_t)opts.align, 0);
            assert_true(p.buffers[i].offset + p.buffers[i].bytes <= p.arena_bytes);
            for (int j = 0; j < i; j++)
                assert_true(may_share(&p, i, j) || !share_bytes(&p.buffers[i], &p.buffers[j]));
        }
        mdg_arena_free(a);
    }
}

static void chain_in_place_takes_one_buffer(void **state) {
    (void)state;
    mdg_arena *a = mdg_arena_new();
    mdg_program p;
    assert_int_equal(mdg_lower(net_relus(a, 5, 32), a, &p, NULL), MDG_OK);
    assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
    assert_int_equal(p.arena_bytes, 128);
    assert_int_equal(p.arena_bound_bytes, 128);
    mdg_arena_free(a);
}

/* 75 bytes, since the reference reads a window again for its last channel */
static void conv_overlaps_as_far_as_is_safe(void **state) {
    (void)state;
    mdg_arena *a = mdg_arena_new();
    mdg_program p;
    assert_int_equal(mdg_lower(net_conv(a, 5), a, &p, NULL), MDG_OK);
    assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
    assert_int_equal(p.arena_bound_bytes, 80 + 64);
    assert_int_equal(p.arena_bytes, 80 + 64);
    assert_int_equal(mdg_plan(&p, &(mdg_plan_opts){.apart = true}, NULL), MDG_OK);
    assert_int_equal(p.arena_bound_bytes, 64 + 128);
    assert_int_equal(p.arena_bytes, 64 + 128);
    mdg_arena_free(a);
}

/* A buffer to place: bytes, and its life */
typedef struct life {
    int bytes, first, last;
} life;

/* All orders of placing, each buffer at its lowest place, among those of n */
static int least_bytes(const life *l, int n, int *offset, unsigned placed) {
    int best = 1 << 30, total = 0;
    for (int i = 0; i < n; i++) {
        if (placed >> i & 1) {
            if (offset[i] + l[i].bytes > total) total = offset[i] + l[i].bytes;
            continue;
        }
        offset[i] = 0;
        for (int k = 0; k < n * n; k++) {
            const int j = k % n;
            const bool clash = (placed >> j & 1) && l[i].first <= l[j].last && l[j].first <= l[i].last &&
                               offset[i] < offset[j] + l[j].bytes && offset[j] < offset[i] + l[i].bytes;
            if (clash) offset[i] = offset[j] + l[j].bytes;
        }
        const int bytes = least_bytes(l, n, offset, placed | 1u << i);
        if (bytes < best) best = bytes;
    }
    return placed == (1u << n) - 1 ? total : best;
}

/* Buffers that are written and read at any time, against all plans there are */
static void finds_the_best_plan(void **state) {
    (void)state;
    enum { N = 6 };
    static mdg_graph graph = {.source = "random"};
    mdg_rng r = mdg_rng_of(5, 0);
    for (int round = 0; round < 60; round++) {
        mdg_arena *a = mdg_arena_new();
        mdg_program p = {.arena = a, .graph = &graph};
        life lives[N];
        int offset[N];
        for (int i = 0; i < N; i++) {
            lives[i] =
                (life){.bytes = 16 * (1 + (int)mdg_rng_below(&r, 6)), .first = (int)mdg_rng_below(&r, 5)};
            lives[i].last = lives[i].first + (int)mdg_rng_below(&r, 4);
            add_buffer(&p, (size_t)lives[i].bytes);
            p.buffers[i].first = lives[i].first, p.buffers[i].last = lives[i].last;
        }
        assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
        assert_int_equal(p.arena_bytes, least_bytes(lives, N, offset, 0));
        assert_int_equal(p.arena_bytes, p.arena_bound_bytes);
        mdg_arena_free(a);
    }
}

static void alignment_must_be_a_power_of_two(void **state) {
    (void)state;
    mdg_diag diag;
    mdg_program p = {.arena = NULL};
    assert_int_equal(mdg_plan(&p, &(mdg_plan_opts){.align = 12}, &diag), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_alive_overlaps),           cmocka_unit_test(chain_in_place_takes_one_buffer),
        cmocka_unit_test(conv_overlaps_as_far_as_is_safe),  cmocka_unit_test(finds_the_best_plan),
        cmocka_unit_test(alignment_must_be_a_power_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
