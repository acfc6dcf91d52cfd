/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "graph/op_table.h"
#include "tests/host/tflite/samples.h"

static void expect_refusal(const mdg_graph *g, const char *message) {
    mdg_diag diag = {0};
    assert_int_equal(mdg_graph_check(g, &diag), MDG_INVALID);
    if (!strstr(diag.text, message)) fail_msg("\"%s\" does not say \"%s\"", diag.text, message);
}

/* Gives each test a graph that the check accepts. */
static mdg_graph *sound_conv(mdg_arena *arena) {
    mdg_graph *g = sample_conv(arena);
    assert_int_equal(mdg_graph_check(g, NULL), MDG_OK);
    return g;
}

static void samples_are_sound(void **state) {
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        mdg_diag diag = {0};
        if (mdg_graph_check(samples[i].make(*state), &diag) != MDG_OK)
            fail_msg("%s: %s", samples[i].name, diag.text);
    }
}

static void indices_are_checked(void **state) {
    mdg_graph *g = sound_conv(*state);
    g->subgraphs[0].ops[0].inputs[1] = 6;
    expect_refusal(g, "subgraph 0: op 0 CONV_2D: input 1 is no tensor of the subgraph");
    g = sound_conv(*state);
    g->subgraphs[0].ops[0].inputs[2] = -1; /* an absent bias */
    assert_int_equal(mdg_graph_check(g, NULL), MDG_OK);
    g = sound_conv(*state);
    g->subgraphs[0].ops[0].outputs[0] = -1;
    expect_refusal(g, "op 0 CONV_2D: output 0 is no tensor of the subgraph");
    g = sound_conv(*state);
    g->subgraphs[0].outputs[0] = 6;
    expect_refusal(g, "output 0 is tensor 6 of 6");
}

static void order_is_checked(void **state) {
    mdg_graph *g = sound_conv(*state);
    mdg_subgraph *s = &g->subgraphs[0];
    const mdg_op first = s->ops[0];
    s->ops[0] = s->ops[1];
    s->ops[1] = first;
    expect_refusal(g, "op 0 RESHAPE: input 0 is read before anything has written it");
    g = sound_conv(*state);
    g->subgraphs[0].ops[1].outputs[0] = g->subgraphs[0].ops[0].outputs[0];
    expect_refusal(g, "op 1 RESHAPE: output 0 is an input or has been written before");
    g = sound_conv(*state);
    g->subgraphs[0].ops[1].outputs[0] = 1;
    expect_refusal(g, "op 1 RESHAPE: output 0 is a constant");
    g = sound_conv(*state);
    g->subgraphs[0].n_ops = 1;
    expect_refusal(g, "tensor 5 \"z\": is an output, but nothing writes it");
}

static void sizes_are_checked(void **state) {
    mdg_graph *g = sound_conv(*state);
    g->subgraphs[0].tensors[2].bytes = 13;
    expect_refusal(g, "tensor 2 \"constant\": its data has not the size of its shape and type");
    g = sound_conv(*state);
    g->subgraphs[0].tensors[0].shape = mdg_shape_of(4, 65536, 65536, 65536, 65536);
    expect_refusal(g, "tensor 0 \"x\": its shape is negative or too large");
    g = sound_conv(*state);
    g->subgraphs[0].tensors[0].shape.dim[1] = -4;
    expect_refusal(g, "tensor 0 \"x\": its shape is negative or too large");
}

static void quantisation_is_checked(void **state) {
    mdg_graph *g = sound_conv(*state);
    g->subgraphs[0].tensors[1].quant.axis = 1;
    expect_refusal(g, "tensor 1 \"constant\": the number of scales is not that of its channels");
    g = sound_conv(*state);
    g->subgraphs[0].tensors[1].quant.axis = 4;
    expect_refusal(g, "tensor 1 \"constant\": quantised along an axis that it does not have");
    g = sound_conv(*state);
    g->subgraphs[0].tensors[0].quant.zero_point[0] = 128;
    expect_refusal(g, "tensor 0 \"x\": a zero point lies outside the range of its type");
    g = sound_conv(*state);
    g->subgraphs[0].tensors[0].quant.scale[0] = -1.0f;
    expect_refusal(g, "tensor 0 \"x\": a scale is negative or not finite");
}

static void calls_are_checked(void **state) {
    mdg_graph *g = sample_control(*state);
    mdg_if_else_attrs *branch = g->subgraphs[0].ops[2].attrs;
    branch->else_subgraph = 3;
    expect_refusal(g, "op 2 IF: subgraph 3 is called, but the model has none of that number");
    branch->else_subgraph = 0;
    expect_refusal(g, "subgraph 0: calls itself");
}

static void differences_are_found(void **state) {
    mdg_diag diag = {0};
    const mdg_graph *a = sample_conv(*state);
    mdg_graph *b = sample_conv(*state);
    assert_true(mdg_graph_equal(a, b, &diag));
    ((mdg_conv2d_attrs *)b->subgraphs[0].ops[0].attrs)->stride_w = 1;
    assert_false(mdg_graph_equal(a, b, &diag));
    assert_string_equal(diag.text, "subgraph 0: op 0: stride_w differs");
    b = sample_conv(*state);
    b->subgraphs[0].tensors[1].quant.scale[2] = 0.5f;
    assert_false(mdg_graph_equal(a, b, &diag));
    assert_string_equal(diag.text, "subgraph 0: tensor 1: the quantisation differs");
    b = sample_conv(*state);
    mdg_tensor_set_data(&b->subgraphs[0].tensors[2], (const int32_t[]){100, -200, 301});
    assert_false(mdg_graph_equal(a, b, &diag));
    assert_string_equal(diag.text, "subgraph 0: tensor 2: the data differs");
}

static void print_names_everything(void **state) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    mdg_graph_print(sample_conv(*state), out);
    fclose(out);
    assert_string_equal(
        text,
        "graph graph: 1 subgraph, \"a convolution\"\n"
        "subgraph 0 \"main\": inputs t0, outputs t5\n"
        "  t0 int8[1?,4,4,1] \"x\"  scale 0.100000001 zero -3\n"
        "  t1 int8[3,2,2,1] \"constant\"  axis 0: 3 scales 0.125 .. 0.5 zero 0  const 12 bytes "
        "{1, -2, 3, -4, ...} crc32 d8faa216\n"
        "  t2 int32[3] \"constant\"  const 12 bytes {100, -200, 300}\n"
        "  t3 int8[1,2,2,3] \"y\"  scale 0.200000003 zero 4\n"
        "  t4 int32[2] \"constant\"  const 8 bytes {1, 12}\n"
        "  t5 int8[1,12] \"z\"  scale 0.200000003 zero 4\n"
        "  0 CONV_2D v0 (t0 t1 t2) -> t3 padding=valid stride_w=2 stride_h=2 activation=relu6 dilation_w=1 "
        "dilation_h=1 quantized_bias_type=float32\n"
        "  1 RESHAPE v0 (t3 t4) -> t5 new_shape=[1,12]\n");
    free(text);
}

static void macs_are_counted(void **state) {
    const mdg_subgraph *s = &sample_conv(*state)->subgraphs[0];
    assert_int_equal(mdg_op_macs(s, &s->ops[0]), 2 * 2 * 3 * 2 * 2 * 1);
    assert_int_equal(mdg_op_macs(s, &s->ops[1]), 0);
    const mdg_subgraph *odd = &sample_odd_tensors(*state)->subgraphs[0];
    assert_int_equal(mdg_op_macs(odd, &odd->ops[0]), 3);
}

/* Many more than any first allocation holds. */
static void graphs_grow(void **state) {
    mdg_graph *g = mdg_graph_new(*state);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    int32_t last = mdg_tensor_add(g, s, "in", MDG_FLOAT32, mdg_shape_of(1, 3));
    const int32_t first = last;
    for (int i = 0; i < 100; i++) {
        const int32_t next = mdg_tensor_add(g, s, "t", MDG_FLOAT32, mdg_shape_of(1, 3));
        sample_op(g, s, MDG_OP_RELU, (int32_t[]){last, -1}, next);
        last = next;
    }
    mdg_subgraph_set_io(g, s, 1, &first, 1, &last);
    assert_int_equal(s->n_tensors, 101);
    assert_int_equal(mdg_graph_check(g, NULL), MDG_OK);
}

static void every_operator_is_found_again(void **state) {
    (void)state;
    int builtins = 0, customs = 0;
    for (int i = 0; i < MDG_OP_CUSTOM; i++) {
        const mdg_op_info *info = mdg_op_info_of((mdg_opcode)i);
        assert_int_equal(info->kind == MDG_CLASS_CUSTOM ? mdg_opcode_of_custom(info->name)
                                                        : mdg_opcode_of_builtin(info->builtin),
                         i);
        builtins += info->kind == MDG_CLASS_BUILTIN;
        customs += info->kind == MDG_CLASS_CUSTOM;
    }
    assert_int_equal(builtins, 100);
    assert_int_equal(customs, 23);
    assert_int_equal(mdg_opcode_of_builtin(5000), MDG_OP_COUNT);
    assert_int_equal(mdg_opcode_of_custom("NobodyKnows"), MDG_OP_CUSTOM);
}

static int begin(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int end(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(samples_are_sound),     TEST(indices_are_checked),          TEST(order_is_checked),
        TEST(sizes_are_checked),     TEST(quantisation_is_checked),      TEST(calls_are_checked),
        TEST(differences_are_found), TEST(print_names_everything),       TEST(macs_are_counted),
        TEST(graphs_grow),           TEST(every_operator_is_found_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
