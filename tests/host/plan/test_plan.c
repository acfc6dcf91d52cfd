/* SPDX-License-Identifier: MIT
 *
 * Plans: nothing that lives at the same time overlaps, in-place chains cost one buffer, the bound is a bound.
 */
#include "host/lower/nets.h"

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

/* Two buffers may share bytes only if one dies in the call, working in place, in which the other is born. */
static bool may_share(const mdg_program *p, int i, int j) {
    const mdg_buffer *a = &p->buffers[i], *b = &p->buffers[j];
    if (a->last < b->first || b->last < a->first) return true;
    if (a->first > b->first) return may_share(p, j, i);
    const mdg_call *c = &p->calls[a->last];
    return a->last == b->first && c->inplace_in >= 0 && c->in[c->inplace_in] == i &&
           c->out[c->inplace_out] == j;
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

static void conv_keeps_input_and_output_apart(void **state) {
    (void)state;
    mdg_arena *a = mdg_arena_new();
    mdg_program p;
    assert_int_equal(mdg_lower(net_conv(a, 5), a, &p, NULL), MDG_OK);
    assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
    assert_int_equal(p.arena_bound_bytes, 60 + 120);
    assert_int_equal(p.arena_bytes, 64 + 128);
    mdg_arena_free(a);
}

static void alignment_must_be_a_power_of_two(void **state) {
    (void)state;
    mdg_diag diag;
    mdg_program p = {.arena = NULL};
    assert_int_equal(mdg_plan(&p, &(mdg_plan_opts){.align = 12}, &diag), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_alive_overlaps),
        cmocka_unit_test(chain_in_place_takes_one_buffer),
        cmocka_unit_test(conv_keeps_input_and_output_apart),
        cmocka_unit_test(alignment_must_be_a_power_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
