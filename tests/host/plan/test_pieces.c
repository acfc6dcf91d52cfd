/* SPDX-License-Identifier: MIT
 *
 * Buffers that are used part by part.
 */
#include "core/oracle.h"

#include "plan/pieces.h"
#include "plan/plan.h"

enum { ROWS = 8, ROW = 32 };

static const mdg_tensor tensor = {.name = "t", .type = MDG_INT8};

static int add_part(mdg_program *p, int whole, int row) {
    const int part = mdg_program_add_buffer(p, MDG_BUF_ARENA, "row", "int8_t", ROW, NULL);
    p->buffers[part].whole = whole;
    p->buffers[part].place = (size_t)(row * ROW);
    return part;
}

/* A picture that is clamped row by row, the first row first or last */
static mdg_program by_rows(mdg_arena *arena, bool downwards) {
    static const mdg_clamp_params params = {.count = ROW, .min = -5, .max = 5};
    mdg_program p = {.arena = arena};
    const int x = mdg_program_add_buffer(&p, MDG_BUF_ARENA, "x", "int8_t", ROWS * ROW, NULL);
    const int y = mdg_program_add_buffer(&p, MDG_BUF_ARENA, "y", "int8_t", ROWS * ROW, NULL);
    p.inputs = mdg_arena_copy(arena, &(mdg_io){x, &tensor}, sizeof(mdg_io));
    p.outputs = mdg_arena_copy(arena, &(mdg_io){y, &tensor}, sizeof(mdg_io));
    p.n_inputs = p.n_outputs = 1;
    for (int i = 0; i < ROWS; i++) {
        const int row = downwards ? i : ROWS - 1 - i;
        const int in = add_part(&p, x, row), out = add_part(&p, y, row);
        mdg_call *c = mdg_program_add_call(&p, MDG_K_clamp_s8, &params);
        mdg_call_add_in(c, in);
        mdg_call_add_out(c, out);
    }
    mdg_program_lifetimes(&p);
    return p;
}

static void finds_when_rows_are_used(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_program p = by_rows(arena, true);
    const mdg_pieces x = mdg_plan_pieces(&p, 0), y = mdg_plan_pieces(&p, 1);
    assert_int_equal(x.n, ROWS);
    assert_int_equal(y.n, ROWS);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(x.list[i].first, -1);
        assert_int_equal(x.list[i].last, i);
        assert_int_equal(y.list[i].first, i);
        assert_int_equal(y.list[i].last, ROWS);
        assert_int_equal(mdg_plan_live(&x, i), (ROWS - i) * ROW);
    }
    mdg_clash c;
    assert_true(mdg_plan_clash(&x, &y, &c));
    assert_int_equal(c.low, -ROW);
    assert_int_equal(c.high, ROWS * ROW);
    mdg_arena_free(arena);
}

/* The output follows the input, one row before it: in front of it or, upwards, behind it. */
static void lets_rows_follow_each_other(void **state) {
    (void)state;
    for (int downwards = 0; downwards < 2; downwards++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_program p = by_rows(arena, downwards);
        assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
        assert_int_equal(p.arena_bytes, (ROWS + 1) * ROW);
        assert_int_equal(p.arena_bound_bytes, (ROWS + 1) * ROW);
        for (int i = 2; i < p.n_buffers; i++)
            assert_int_equal(p.buffers[i].offset, p.buffers[p.buffers[i].whole].offset + p.buffers[i].place);
        mdg_arena_free(arena);
    }
}

/* Rows that are written again begin anew; between, their memory is free. */
static void forgets_between_two_fillings(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_program p = by_rows(arena, true);
    p.calls[3].in[0] = p.calls[0].out[0]; /* row 0 of y is read in call 3 and written again in call 6 */
    p.calls[6].out[0] = p.calls[0].out[0];
    mdg_program_lifetimes(&p);
    const mdg_pieces y = mdg_plan_pieces(&p, 1);
    assert_int_equal(y.list[0].first, 0);
    assert_int_equal(y.list[0].last, 3);
    assert_int_equal(y.list[1].first, 6);
    assert_int_equal(y.list[1].last, ROWS);
    assert_int_equal(y.list[1].from, 0);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_when_rows_are_used),
        cmocka_unit_test(lets_rows_follow_each_other),
        cmocka_unit_test(forgets_between_two_fillings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
