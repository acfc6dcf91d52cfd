/* SPDX-License-Identifier: MIT
 *
 * Tensors without elements: what reads or writes nothing else becomes nothing, lists of parts pass over them,
 * and the rest of the operators refuses them.
 */
#include "runs.h"

static const float numbers[6] = {1, -2, 3, -4, 5, -6};

static int32_t floats(mdg_graph *g, int32_t rows) {
    return net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, rows, 3), 0, 0);
}

/* y [2][3] = concatenation of a [0][3] (a RELU of input 0), input 1, and a constant of no rows */
static mdg_graph *concatenation(mdg_arena *a) {
    mdg_graph *g = net_new(a);
    const int32_t in[2] = {floats(g, 0), floats(g, 2)};
    const int32_t relu = floats(g, 0), none = net_const(g, MDG_FLOAT32, mdg_shape_of(2, 0, 3), 0, ""),
                  y = floats(g, 2);
    net_op(g, MDG_OP_RELU, 1, in, relu);
    net_op(g, MDG_OP_CONCATENATION, 3, (const int32_t[]){relu, in[1], none}, y)->attrs =
        mdg_arena_alloc(a, sizeof(mdg_concatenation_attrs));
    net_io(g, in[0], y);
    g->subgraphs[0].n_inputs = 2;
    g->subgraphs[0].inputs = mdg_arena_copy(a, in, sizeof in);
    return g;
}

static void concatenation_passes_over_them(void **state) {
    mdg_graph *g = concatenation(*state);
    mdg_exec *x;
    mdg_diag diag = {""};
    if (mdg_exec_open(g, g->arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(mdg_exec_program(x)->n_calls, 1);
    assert_int_equal(mdg_exec_input_bytes(x, 0), 0);
    memcpy(mdg_exec_input(x, 1), numbers, sizeof numbers);
    assert_int_equal(mdg_exec_invoke(x, NULL), MDG_OK);
    assert_memory_equal(mdg_exec_output(x, 0), numbers, sizeof numbers);
}

/* SPLIT_V of [2][3] into 0 and 2 rows; the first part is an output of the model. */
static void a_part_may_be_empty(void **state) {
    mdg_graph *g = net_new(*state);
    const int32_t x = floats(g, 2), sizes = run_const_i32(g, 2, (const int32_t[]){0, 2});
    const int32_t axis = run_const_i32(g, 1, (const int32_t[]){0}), parts[2] = {floats(g, 0), floats(g, 2)};
    mdg_op *op = mdg_op_add(g, g->subgraphs, MDG_OP_SPLIT_V, 3, 2);
    memcpy(op->inputs, (const int32_t[]){x, sizes, axis}, 3 * sizeof(int32_t));
    memcpy(op->outputs, parts, sizeof parts);
    net_io(g, x, parts[0]);
    g->subgraphs[0].n_outputs = 2;
    g->subgraphs[0].outputs = mdg_arena_copy(g->arena, parts, sizeof parts);
    mdg_exec *e;
    run_net(g, numbers, &e);
    assert_int_equal(mdg_exec_output_bytes(e, 0), 0);
    assert_memory_equal(mdg_exec_output(e, 1), numbers, sizeof numbers);
}

static void the_shape_of_nothing_is_known(void **state) {
    mdg_graph *g = net_new(*state);
    const int32_t x = floats(g, 0), y = net_tensor(g, MDG_INT32, mdg_shape_of(1, 2), 0, 0);
    net_op(g, MDG_OP_SHAPE, 1, &x, y)->attrs = mdg_arena_alloc(g->arena, sizeof(mdg_shape_attrs));
    net_io(g, x, y);
    assert_memory_equal(run_net(g, "", NULL), ((const int32_t[]){0, 3}), 2 * sizeof(int32_t));
}

/* IF hands the empty tensor through both of its branches. */
static void control_flow_carries_them(void **state) {
    mdg_graph *g = net_new(*state);
    for (int s = 1; s < 3; s++) {
        mdg_subgraph *branch = mdg_subgraph_add(g, "branch");
        const int32_t t = mdg_tensor_add(g, branch, "t", MDG_FLOAT32, mdg_shape_of(2, 0, 3));
        mdg_subgraph_set_io(g, branch, 1, &t, 1, &t);
    }
    const int32_t in[2] = {net_tensor(g, MDG_BOOL, mdg_shape_of(1, 1), 0, 0),
                           net_const(g, MDG_FLOAT32, mdg_shape_of(2, 0, 3), 0, "")};
    const int32_t y = floats(g, 0);
    mdg_if_else_attrs attrs = {.then_subgraph = 1, .else_subgraph = 2};
    net_op(g, MDG_OP_IF, 2, in, y)->attrs = &attrs;
    net_io(g, in[0], y);
    mdg_exec *e;
    run_net(g, "", &e);
    assert_int_equal(mdg_exec_output_bytes(e, 0), 0);
}

/* What is empty is no operand of an image, which an image's reader would refuse. */
static void images_have_no_empty_operands(void **state) {
    mdg_graph *g = net_new(*state);
    const int32_t x = floats(g, 2), axes = run_const_i32(g, 0, NULL), y = floats(g, 2);
    net_op(g, MDG_OP_SUM, 2, (const int32_t[]){x, axes}, y)->attrs =
        mdg_arena_alloc(g->arena, sizeof(mdg_reducer_attrs));
    net_io(g, x, y);
    run_net(g, numbers, NULL);
}

static void others_refuse_them(void **state) {
    mdg_graph *g = net_new(*state);
    const int32_t in[2] = {floats(g, 0), net_const(g, MDG_FLOAT32, mdg_shape_of(2, 1, 3), 0, numbers)};
    const int32_t y = floats(g, 1);
    net_op(g, MDG_OP_ADD, 2, in, y)->attrs = mdg_arena_alloc(g->arena, sizeof(mdg_add_attrs));
    net_io(g, in[0], y);
    run_assert_refused(g, MDG_UNSUPPORTED, "tensor \"t0\" is empty");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_TEST(concatenation_passes_over_them), RUN_TEST(a_part_may_be_empty),
        RUN_TEST(the_shape_of_nothing_is_known),  RUN_TEST(control_flow_carries_them),
        RUN_TEST(images_have_no_empty_operands),  RUN_TEST(others_refuse_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
