/* SPDX-License-Identifier: MIT
 *
 * The samples, read and run, against an evaluator of ONNX that is written for the test; and what the graphs
 * look like: no TRANSPOSE left, activations and norms folded in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/host/onnx/oracle.h"
#include "tests/host/onnx/run.h"
#include "tflite/tflite.h"

static mdg_graph *read_model(mdg_arena *arena, const char *name, const onnx_model *m) {
    mdg_diag diag = {0};
    mdg_graph *g = NULL;
    const mdg_bytes bytes = onnx_bytes(m);
    if (mdg_onnx_read(&bytes, name, arena, &g, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return g;
}

static mdg_exec *open_model(mdg_arena *arena, const mdg_graph *g) {
    mdg_diag diag = {0};
    mdg_exec *x = NULL;
    if (mdg_exec_open(g, arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return x;
}

static int count_ops(const mdg_graph *g, mdg_opcode code) {
    int n = 0;
    for (int i = 0; i < g->subgraphs[0].n_ops; i++) n += g->subgraphs[0].ops[i].code == code;
    return n;
}

static void agrees_with_the_oracle(void **state) {
    (void)state;
    bool all = true;
    for (int k = 0; k < ONNX_SAMPLE_COUNT; k++) {
        const onnx_sample *s = &onnx_samples[k];
        mdg_arena *arena = mdg_arena_new();
        const onnx_model *m = s->make(arena);
        const mdg_graph *g = read_model(arena, s->name, m);
        mdg_exec *x = open_model(arena, g);
        run_difference d = {.n = 0};
        for (uint64_t seed = 0; seed < 5; seed++) {
            oracle *o = mdg_arena_alloc(arena, sizeof *o);
            o->arena = arena;
            const mdg_bytes in = run_input(arena, g, seed), got = run_midge(arena, s, g, x, &in);
            if (!oracle_run(o, m, &in)) break; /* QOperators: below */
            const mdg_bytes want = oracle_outputs(o, m);
            assert_int_equal(got.size, want.size);
            run_compare(s, g, &got, &want, &d);
        }
        const bool good = d.largest <= (s->step[0] > 0 ? 1.001 : 1e-4);
        printf("%-14s %6zu numbers, %6zu equal, largest difference %.3g%s\n", s->name, d.n, d.equal,
               d.largest, good ? "" : "  TOO LARGE");
        all = all && good && (d.n > 0 || strncmp(s->name, "qoperator", 9) == 0);
        mdg_arena_free(arena);
    }
    assert_true(all);
}

static void leaves_no_transposes(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    for (int k = 0; k < ONNX_SAMPLE_COUNT; k++) {
        const onnx_sample *s = &onnx_samples[k];
        assert_int_equal(count_ops(read_model(arena, s->name, s->make(arena)), MDG_OP_TRANSPOSE),
                         s->transposes);
    }
    mdg_arena_free(arena);
}

static void folds_norms_and_activations(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_graph *g = read_model(arena, "cnn", sample_cnn(arena));
    const mdg_subgraph *s = &g->subgraphs[0];
    assert_int_equal(count_ops(g, MDG_OP_RELU) + count_ops(g, MDG_OP_MUL) + count_ops(g, MDG_OP_ADD), 0);
    assert_int_equal(s->ops[0].code, MDG_OP_CONV_2D);
    assert_int_equal(((const mdg_conv2d_attrs *)s->ops[0].attrs)->activation, MDG_ACT_RELU);
    assert_int_equal(((const mdg_conv2d_attrs *)s->ops[0].attrs)->padding, MDG_PADDING_SAME);
    assert_int_equal(s->tensors[s->inputs[0]].shape.dim[3], 3); /* NHWC */
    assert_string_equal(s->tensors[s->inputs[0]].name, "x");
    assert_string_equal(s->tensors[s->outputs[0]].name, "y");
    const mdg_graph *dense = read_model(arena, "dense", sample_dense(arena));
    assert_int_equal(count_ops(dense, MDG_OP_MUL), 0);
    assert_int_equal(count_ops(dense, MDG_OP_ADD), 1); /* of the operand that is no bias */
    mdg_arena_free(arena);
}

/* Between the ends, a QDQ network has integer operators only. */
static void computes_in_integers(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_graph *graphs[] = {read_model(arena, "cnn", sample_qdq_cnn(arena)),
                                 read_model(arena, "u8", sample_qdq_u8(arena)),
                                 read_model(arena, "mobile", sample_qdq_mobile(arena)),
                                 read_model(arena, "curves", sample_qdq_curves(arena)),
                                 read_model(arena, "trained", sample_qdq_trained(arena)),
                                 read_model(arena, "qoperator", sample_qoperator(arena))};
    for (size_t k = 0; k < sizeof graphs / sizeof *graphs; k++) {
        const mdg_subgraph *s = &graphs[k]->subgraphs[0];
        int ends = 0;
        for (int i = 0; i < s->n_ops; i++) {
            const mdg_opcode code = s->ops[i].code;
            const bool is_end = code == MDG_OP_QUANTIZE || code == MDG_OP_DEQUANTIZE;
            ends += is_end;
            if (!is_end && code != MDG_OP_RESHAPE)
                assert_int_equal(mdg_op_output(s, &s->ops[i], 0)->type, MDG_INT8);
        }
        assert_int_equal(ends, s->n_inputs + s->n_outputs);
    }
    mdg_arena_free(arena);
}

/* The scales of the file arrive as they are. */
static void keeps_scales(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_graph *g = read_model(arena, "u8", sample_qdq_u8(arena));
    const mdg_subgraph *s = &g->subgraphs[0];
    const mdg_op *conv = &s->ops[1];
    assert_int_equal(conv->code, MDG_OP_CONV_2D);
    const mdg_tensor *x = mdg_op_input(s, conv, 0), *w = mdg_op_input(s, conv, 1),
                     *b = mdg_op_input(s, conv, 2);
    assert_true(x->quant.scale[0] == 0.0079f);
    assert_int_equal(x->quant.zero_point[0], 127 - 128);
    assert_int_equal(w->quant.count, 4);
    assert_int_equal(w->quant.axis, 0);
    for (int c = 0; c < 4; c++) assert_true(b->quant.scale[c] == 0.0079f * w->quant.scale[c]);
    mdg_arena_free(arena);
}

static void becomes_a_tflite_file(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    for (int k = 0; k < ONNX_SAMPLE_COUNT; k++) {
        const mdg_graph *g = read_model(arena, onnx_samples[k].name, onnx_samples[k].make(arena));
        mdg_diag diag = {0};
        mdg_bytes bytes;
        mdg_graph *again;
        if (mdg_tflite_write(g, arena, &bytes, &diag) != MDG_OK ||
            mdg_tflite_read(&bytes, "again", arena, &again, &diag) != MDG_OK ||
            !mdg_graph_equal(g, again, &diag))
            fail_msg("%s: %s", onnx_samples[k].name, diag.text);
    }
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_oracle),
        cmocka_unit_test(leaves_no_transposes),
        cmocka_unit_test(folds_norms_and_activations),
        cmocka_unit_test(computes_in_integers),
        cmocka_unit_test(keeps_scales),
        cmocka_unit_test(becomes_a_tflite_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
