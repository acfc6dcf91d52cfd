/* SPDX-License-Identifier: MIT
 *
 * What the suites do not reach: variables that the body of a loop exchanges, operators on constants.
 */
#include "host/lower/nets.h"

#include "exec/exec.h"

/* A scalar tensor of a subgraph */
static int scalar(mdg_graph *g, int subgraph, mdg_type type) {
    return mdg_tensor_add(g, &g->subgraphs[subgraph], "s", type, mdg_shape_of(1, 1));
}

static int scalar_const(mdg_graph *g, int subgraph, int32_t value) {
    const int t = scalar(g, subgraph, MDG_INT32);
    g->subgraphs[subgraph].tensors[t].data = mdg_arena_copy(g->arena, &value, sizeof value);
    return t;
}

static void set_io(mdg_graph *g, int subgraph, int n_in, const int32_t *in, int n_out, const int32_t *out) {
    mdg_subgraph *s = &g->subgraphs[subgraph];
    s->inputs = mdg_arena_copy(g->arena, in, (size_t)n_in * sizeof *in);
    s->outputs = mdg_arena_copy(g->arena, out, (size_t)n_out * sizeof *out);
    s->n_inputs = n_in, s->n_outputs = n_out;
}

static mdg_op *add_op(mdg_graph *g, int subgraph, mdg_opcode code, const int32_t inputs[2], int output) {
    mdg_op *op = mdg_op_add(g, &g->subgraphs[subgraph], code, 2, 1);
    memcpy(op->inputs, inputs, 2 * sizeof *inputs);
    op->outputs[0] = output;
    op->attrs = mdg_arena_alloc(g->arena, sizeof(mdg_add_attrs));
    return op;
}

/* while (i < 3) { i, a, b = i + 1, b, a } */
static mdg_graph *exchanging_loop(mdg_arena *arena) {
    mdg_graph *g = net_new(arena);
    mdg_subgraph_add(g, "cond");
    mdg_subgraph_add(g, "body");
    int32_t t[3][6];
    for (int s = 0; s < 3; s++)
        for (int k = 0; k < (s ? 3 : 6); k++) t[s][k] = scalar(g, s, MDG_INT32);
    const int less = scalar(g, 1, MDG_BOOL), three = scalar_const(g, 1, 3);
    add_op(g, 1, MDG_OP_LESS, (const int32_t[]){t[1][0], three}, less)->attrs = NULL;
    set_io(g, 1, 3, t[1], 1, &(const int32_t){less});
    const int next = scalar(g, 2, MDG_INT32), one = scalar_const(g, 2, 1);
    add_op(g, 2, MDG_OP_ADD, (const int32_t[]){t[2][0], one}, next);
    set_io(g, 2, 3, t[2], 3, (const int32_t[]){next, t[2][2], t[2][1]});
    mdg_op *loop = mdg_op_add(g, &g->subgraphs[0], MDG_OP_WHILE, 3, 3);
    memcpy(loop->inputs, t[0], 3 * sizeof(int32_t));
    memcpy(loop->outputs, t[0] + 3, 3 * sizeof(int32_t));
    mdg_while_loop_attrs *a = mdg_arena_alloc(arena, sizeof *a);
    *a = (mdg_while_loop_attrs){.cond_subgraph = 1, .body_subgraph = 2};
    loop->attrs = a;
    set_io(g, 0, 3, t[0], 3, t[0] + 3);
    return g;
}

static void loop_exchanges_its_variables(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_exec *x;
    if (mdg_exec_open(exchanging_loop(arena), arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int32_t start = 0; start < 5; start++) {
        const int32_t in[3] = {start, 10, 20};
        for (int k = 0; k < 3; k++) memcpy(mdg_exec_input(x, k), &in[k], sizeof in[k]);
        mdg_exec_invoke(x, NULL);
        const bool exchanged = start < 3 && (3 - start) % 2 == 1;
        const int32_t want[3] = {start < 3 ? 3 : start, exchanged ? 20 : 10, exchanged ? 10 : 20};
        for (int k = 0; k < 3; k++) assert_memory_equal(mdg_exec_output(x, k), &want[k], sizeof want[k]);
    }
    mdg_arena_free(arena);
}

/* A loop of five rounds; then one that never ends, since its condition looks at what no round changes. */
static void endless_loops_are_stopped(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_exec *x;
    mdg_graph *g = exchanging_loop(arena);
    assert_int_equal(mdg_exec_open(g, arena, &x, &diag), MDG_OK);
    memcpy(mdg_exec_input(x, 0), &(const int32_t){-2}, sizeof(int32_t));
    mdg_exec_limit_rounds(x, 5);
    assert_int_equal(mdg_exec_invoke(x, NULL), MDG_OK);
    memcpy(mdg_exec_input(x, 0), &(const int32_t){-3}, sizeof(int32_t));
    assert_int_equal(mdg_exec_invoke(x, NULL), MDG_BUDGET);
    assert_int_equal(mdg_exec_why(x, &diag), MDG_BUDGET);
    assert_non_null(strstr(diag.text, "net: subgraph 0 op 0 WHILE: loops have gone round 5 times"));

    g->subgraphs[2].outputs[0] = g->subgraphs[2].inputs[0];
    assert_int_equal(mdg_exec_open(g, arena, &x, &diag), MDG_OK);
    memcpy(mdg_exec_input(x, 0), &(const int32_t){0}, sizeof(int32_t));
    assert_int_equal(mdg_exec_invoke(x, NULL), MDG_BUDGET);
    mdg_arena_free(arena);
}

/* Writes y = x + (2 + 3): the sum of constants is no call of the program. */
static void constants_are_folded(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g = net_new(arena);
    const int x = scalar(g, 0, MDG_INT32), y = scalar(g, 0, MDG_INT32), five = scalar(g, 0, MDG_INT32);
    add_op(g, 0, MDG_OP_ADD, (const int32_t[]){scalar_const(g, 0, 2), scalar_const(g, 0, 3)}, five);
    add_op(g, 0, MDG_OP_ADD, (const int32_t[]){x, five}, y);
    net_io(g, x, y);
    mdg_exec *e;
    assert_int_equal(mdg_exec_open(g, arena, &e, NULL), MDG_OK);
    assert_int_equal(mdg_exec_program(e)->n_calls, 1);
    memcpy(mdg_exec_input(e, 0), &(const int32_t){37}, sizeof(int32_t));
    mdg_exec_invoke(e, NULL);
    assert_memory_equal(mdg_exec_output(e, 0), &(const int32_t){42}, sizeof(int32_t));
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loop_exchanges_its_variables),
        cmocka_unit_test(constants_are_folded),
        cmocka_unit_test(endless_loops_are_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
