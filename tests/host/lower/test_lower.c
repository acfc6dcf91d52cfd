/* SPDX-License-Identifier: MIT
 *
 * Lowering: what it computes, what it refuses and with which words, how control flow lives.
 */
#include "nets.h"

typedef struct result {
    mdg_status status;
    mdg_diag diag;
    mdg_program program;
} result;

static result lower(const mdg_graph *g) {
    result r = {.diag = {""}};
    r.status = mdg_lower(g, g->arena, &r.program, &r.diag);
    return r;
}

static void assert_refused(const mdg_graph *g, mdg_status status, const char *words) {
    const result r = lower(g);
    if (r.status != status || !strstr(r.diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)r.status, r.diag.text, words);
}

static void conv_has_tflms_parameters(void **state) {
    mdg_arena *a = *state;
    const result r = lower(net_conv(a, 5));
    assert_int_equal(r.status, MDG_OK);
    assert_int_equal(r.program.n_calls, 1);
    const mdg_call *c = &r.program.calls[0];
    const mdg_conv2d_params *p = c->params;
    assert_int_equal(c->kernel, MDG_K_conv2d_s8);
    assert_int_equal(p->pad_h, 1);
    assert_int_equal(p->in_zero, 3);
    assert_int_equal(p->out_zero, -128);
    assert_int_equal(p->act_min, -128); /* 0 */
    assert_int_equal(p->act_max, -122); /* 6 */
    const int32_t *mult = r.program.buffers[c->in[3]].data, *shift = r.program.buffers[c->in[4]].data;
    assert_int_equal(mult[0], 3 << 29); /* 0.5 * 0.375 / 1 = 0.75 * 2^-2 */
    assert_int_equal(shift[0], -2);
    assert_int_equal(c->n_in, 5);
}

static void absent_bias_becomes_null(void **state) {
    mdg_arena *a = *state;
    mdg_graph *g = net_conv(a, 5);
    g->subgraphs[0].ops[0].n_inputs = 2;
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    assert_int_equal(r.program.calls[0].in[2], -1);
    assert_true(r.program.calls[0].in[3] >= 0);
}

static void wrong_output_shape_is_refused(void **state) {
    assert_refused(net_conv(*state, 4), MDG_INVALID, "net: op 0 CONV_2D: the output has 4 rows");
}

static void zero_stride_is_refused(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    mdg_conv2d_attrs attrs = *(const mdg_conv2d_attrs *)g->subgraphs[0].ops[0].attrs;
    attrs.stride_h = 0;
    g->subgraphs[0].ops[0].attrs = &attrs;
    assert_refused(g, MDG_INVALID, "stride 0");
    attrs.stride_h = 1;
    attrs.dilation_h = INT32_MAX;
    assert_refused(g, MDG_UNSUPPORTED, "too large");
}

/* Same padding: the output is as large as the input, however far the window reaches. */
static void windows_spread_too_far_are_refused(void **state) {
    const int32_t dilations[][2] = {{1 << 26, 1}, {1, 100000000}, {1, INT32_MAX}};
    mdg_graph *g = net_conv(*state, 5);
    mdg_conv2d_attrs *attrs = g->subgraphs[0].ops[0].attrs;
    for (size_t i = 0; i < sizeof dilations / sizeof *dilations; i++) {
        attrs->dilation_h = dilations[i][0], attrs->dilation_w = dilations[i][1];
        assert_refused(g, MDG_UNSUPPORTED, i < 2 ? "are too far spread" : "is too large");
    }
    attrs->dilation_h = attrs->dilation_w = 1 << 20;
    assert_int_equal(lower(g).status, MDG_OK);
}

static void missing_quantisation_is_refused(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    g->subgraphs[0].tensors[0].quant.count = 0;
    assert_refused(g, MDG_INVALID, "\"t0\" has no quantisation");
}

static void short_bias_is_refused(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    mdg_tensor *bias = &g->subgraphs[0].tensors[2];
    bias->shape.dim[0] = 3;
    bias->bytes = 12;
    assert_refused(g, MDG_INVALID, "\"t2\" is [3], expected 4 elements");
}

static void unknown_types_name_the_known_ones(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    mdg_tensor *x = &g->subgraphs[0].tensors[0];
    x->type = MDG_UINT8;
    assert_refused(g, MDG_UNSUPPORTED,
                   "types uint8,int8,int32->int8 are not supported; supported: int8,int8->int8");
}

static void extreme_scales_are_refused(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    g->subgraphs[0].tensors[0].quant.scale[0] = 1e30f;
    assert_refused(g, MDG_INVALID, "out of range");
}

static void input_that_is_output_is_copied(void **state) {
    mdg_graph *g = net_relus(*state, 0, 8);
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    assert_int_equal(r.program.n_calls, 1);
    assert_int_equal(r.program.calls[0].kernel, MDG_K_copy);
    assert_int_not_equal(r.program.inputs[0].buffer, r.program.outputs[0].buffer);
}

static int add_arena(mdg_program *p, const char *name) {
    return mdg_program_add_buffer(p, MDG_BUF_ARENA, name, "uint8_t", 16, NULL);
}

static void add_copy(mdg_program *p, int from, int to) {
    mdg_call *c = mdg_program_add_call(p, MDG_K_copy, NULL);
    mdg_call_add_in(c, from);
    mdg_call_add_out(c, to);
}

/* [0][3] and [2][3] to [2][3]; an operator that computes with the empty one is refused. */
static void empty_part_of_a_concatenation_is_skipped(void **state) {
    mdg_arena *a = *state;
    mdg_graph *g = net_new(a);
    const int32_t empty = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 0, 3), 0, 0);
    const int32_t x = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 2, 3), 0, 0);
    const int32_t y = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 2, 3), 0, 0);
    mdg_op *op = net_op(g, MDG_OP_CONCATENATION, 2, (const int32_t[]){empty, x}, y);
    op->attrs = mdg_arena_alloc(a, sizeof(mdg_concatenation_attrs));
    mdg_subgraph_set_io(g, &g->subgraphs[0], 2, (const int32_t[]){empty, x}, 2, (const int32_t[]){y, empty});
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    assert_int_equal(r.program.n_calls, 1);
    assert_int_equal(r.program.calls[0].in[0], r.program.inputs[1].buffer);
    op->code = MDG_OP_RELU;
    op->n_inputs = 1;
    assert_refused(g, MDG_UNSUPPORTED, "tensor \"t0\" is empty");
}

static void steps_know_where_to_jump(void **state) {
    mdg_program p = {.arena = *state};
    const int c = add_arena(&p, "c");
    mdg_program_add_step(&p, MDG_STEP_IF, c);
    mdg_program_add_step(&p, MDG_STEP_LOOP, -1);
    mdg_program_add_step(&p, MDG_STEP_IF, c);
    mdg_program_add_step(&p, MDG_STEP_END_IF, -1);
    mdg_program_add_step(&p, MDG_STEP_BREAK_UNLESS, c);
    mdg_program_add_step(&p, MDG_STEP_END_LOOP, -1);
    mdg_program_add_step(&p, MDG_STEP_ELSE, -1);
    mdg_program_add_step(&p, MDG_STEP_END_IF, -1);
    mdg_program_lifetimes(&p);
    const int want[] = {7, 0, 3, 0, 5, 1, 7, 0};
    for (int i = 0; i < 8; i++) assert_int_equal(p.calls[i].jump, want[i]);
}

static void buffers_live_through_loops(void **state) {
    mdg_program p = {.arena = *state};
    const int before = add_arena(&p, "before"), inside = add_arena(&p, "inside"),
              after = add_arena(&p, "after");
    add_copy(&p, before, inside);                /* 0 */
    mdg_program_add_step(&p, MDG_STEP_LOOP, -1); /* 1 */
    add_copy(&p, before, inside);                /* 2 */
    mdg_program_add_step(&p, MDG_STEP_BREAK_UNLESS, inside);
    add_copy(&p, inside, after); /* 4 */
    mdg_program_add_step(&p, MDG_STEP_END_LOOP, -1);
    add_copy(&p, after, after); /* 6 */
    mdg_program_lifetimes(&p);
    assert_int_equal(p.buffers[before].last, 5);
    assert_int_equal(p.buffers[inside].last, 5);
    assert_int_equal(p.buffers[after].first, 1);
    assert_int_equal(p.buffers[after].last, 6);
}

static int arena_setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int arena_teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(conv_has_tflms_parameters),
        TEST(absent_bias_becomes_null),
        TEST(wrong_output_shape_is_refused),
        TEST(zero_stride_is_refused),
        TEST(windows_spread_too_far_are_refused),
        TEST(missing_quantisation_is_refused),
        TEST(short_bias_is_refused),
        TEST(unknown_types_name_the_known_ones),
        TEST(extreme_scales_are_refused),
        TEST(input_that_is_output_is_copied),
        TEST(steps_know_where_to_jump),
        TEST(buffers_live_through_loops),
        TEST(empty_part_of_a_concatenation_is_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
