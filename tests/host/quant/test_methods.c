/* SPDX-License-Identifier: MIT
 *
 * What makes quantisation errors smaller: each method on a network that has the ill it is for, and none where
 * it does harm.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host/quant/float_net.h"

enum { N_X = 8 * 8 * 2 };

/* Pixels that resemble their neighbours, as those of real data do: all are one wave, and a little noise. */
static void fill_wave(void *context, int i, float *x) {
    (void)context;
    mdg_rng r = mdg_rng_of(7, (uint64_t)i);
    const float phase = mdg_rng_uniform(&r, 0.0f, 6.3f), slope = mdg_rng_uniform(&r, 0.1f, 0.6f);
    for (int k = 0; k < N_X; k++)
        x[k] = sinf(phase + slope * (float)(k / 2)) + 0.2f * mdg_rng_normal(&r) + 0.3f;
}

static const mdg_calibration samples = {.n = 64, .fill = fill_wave};

static int set_up(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int tear_down(void **state) {
    mdg_arena_free(*state);
    return 0;
}

static mdg_graph *quantized(const float_net *n, const mdg_quant_opts *opts) {
    return net_quantized(n, opts, &samples);
}

/* Of the layer before the softmax, over all samples. */
static double sqnr(const float_net *n, const mdg_quant_opts *opts) {
    mdg_diag diag = {{0}};
    mdg_quant_report report;
    const mdg_graph *q = quantized(n, opts);
    if (mdg_quant_measure(n->graph, q, &samples, n->graph->arena, NULL, &report, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    for (int i = 0; i < report.n_layers; i++)
        if (report.layers[i].tensor == NET_FC) return report.layers[i].sqnr_db;
    fail_msg("no layer");
    return 0.0;
}

/* The same function, with channels between conv and dw that differ by up to a factor of 4^5. */
static float_net uneven_net(mdg_arena *arena) {
    float_net n = net_little(arena, 3);
    float *conv = net_values(&n, NET_CONV_W), *bias = net_values(&n, NET_CONV_B),
          *dw = net_values(&n, NET_DW_W), factor = 1.0f;
    for (int c = 0; c < 6; c++, factor *= 4.0f) {
        for (int i = 0; i < 18; i++) conv[c * 18 + i] *= factor;
        bias[c] *= factor;
        for (int i = 0; i < 9; i++) dw[i * 6 + c] /= factor;
    }
    return n;
}

static double sqnr_with(const float_net *n, mdg_quant_opts opts) {
    return sqnr(n, &opts);
}

/* ==== Each method for what it is for ==== */

static void test_equalize(void **state) {
    const float_net even = net_little(*state, 3), uneven = uneven_net(*state);
    const double good = sqnr_with(&even, (mdg_quant_opts){0});
    assert_true(sqnr_with(&uneven, (mdg_quant_opts){0}) < good - 20.0);
    assert_true(sqnr_with(&uneven, (mdg_quant_opts){.equalize = "yes"}) > good - 1.0);
    assert_true(sqnr_with(&even, (mdg_quant_opts){.equalize = "yes"}) > good - 1.0);
}

static void test_bias_correction(void **state) {
    const float_net n = net_little(*state, 3);
    const double plain = sqnr_with(&n, (mdg_quant_opts){.weights = "int4"});
    assert_true(sqnr_with(&n, (mdg_quant_opts){.weights = "int4", .bias_correction = "yes"}) > plain + 5.0);
}

static void test_adaptive_rounding(void **state) {
    const float_net n = net_little(*state, 3);
    const double corrected = sqnr_with(&n, (mdg_quant_opts){.weights = "int4", .bias_correction = "yes"});
    assert_true(sqnr_with(&n, (mdg_quant_opts){.weights = "int4", .adaptive_rounding = "yes"}) >
                corrected + 2.0);
}

/* The float graph is the caller's, whatever is tried. */
static void test_leaves_the_float_graph(void **state) {
    const float_net n = uneven_net(*state);
    const size_t bytes = 6 * 18 * sizeof(float);
    float *before = mdg_arena_copy(*state, net_values(&n, NET_CONV_W), bytes);
    quantized(&n, &(mdg_quant_opts){.equalize = "yes", .adaptive_rounding = "yes"});
    assert_memory_equal(before, net_values(&n, NET_CONV_W), bytes);
}

/* ==== The choice ==== */

static const mdg_quant_opts automatic = {
    .weights = "int4", .equalize = "auto", .bias_correction = "auto", .adaptive_rounding = "auto"};

static void test_auto_takes_what_helps(void **state) {
    const float_net n = uneven_net(*state);
    mdg_quant_methods used = {0};
    mdg_quant_opts opts = automatic;
    opts.used = &used;
    const double db = sqnr(&n, &opts);
    assert_true(used.equalize && used.adaptive_rounding);
    assert_true(db > sqnr_with(&n, (mdg_quant_opts){.weights = "int4"}) + 15.0);
}

static void test_auto_leaves_what_does_not(void **state) {
    float_net n = net_little(*state, 3);
    mdg_quant_methods used = {.equalize = true};
    /* with one channel there is nothing to even out */
    float *conv = net_values(&n, NET_CONV_W), *dw = net_values(&n, NET_DW_W);
    for (int i = 18; i < 6 * 18; i++) conv[i] = 0.0f;
    for (int i = 0; i < 9; i++)
        for (int c = 1; c < 6; c++) dw[i * 6 + c] = 0.0f;
    quantized(&n, &(mdg_quant_opts){.equalize = "auto", .used = &used});
    assert_false(used.equalize);
}

static void test_unknown_choice(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_quant_opts opts = {.equalize = "perhaps"};
    mdg_diag diag = {{0}};
    mdg_graph *q = NULL;
    assert_int_equal(mdg_quantize(n.graph, &opts, &samples, *state, NULL, &q, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "perhaps"));
    assert_non_null(strstr(diag.text, "no, yes, auto"));
}

/* ==== int4 ==== */

static void test_int4_tensors(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_tensor *t = quantized(&n, &(mdg_quant_opts){.weights = "int4"})->subgraphs[0].tensors;
    assert_int_equal(t[NET_CONV_W].type, MDG_INT4);
    assert_int_equal(t[NET_CONV_W].bytes, 6 * 18 / 2);
    assert_int_equal(t[NET_CONV_W].quant.count, 6);
    assert_int_equal(t[NET_DW_W].type, MDG_INT4);
    assert_int_equal(t[NET_DW_W].quant.axis, 3);
    assert_int_equal(t[NET_FC_W].quant.count, 1); /* TFLM's dense layer knows no other */
    assert_int_equal(t[NET_FC_B].type, MDG_INT32);
}

/* Each step is within half a scale of its weight, or at the end of what 4 bits hold. */
static void test_int4_rounds(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_tensor *t =
        &quantized(&n, &(mdg_quant_opts){.weights = "int4"})->subgraphs[0].tensors[NET_CONV_W];
    const uint8_t *packed = t->data;
    for (int i = 0; i < 6 * 18; i++) {
        const int half = i % 2 ? packed[i / 2] >> 4 : packed[i / 2] & 15, step = half >= 8 ? half - 16 : half;
        const float exact = net_values(&n, NET_CONV_W)[i] / t->quant.scale[i / 18];
        assert_true(fabsf(exact - (float)step) <= 0.5001f || (abs(step) == 7 && fabsf(exact) > 7.0f));
    }
}

/* ==== Clusters ==== */

static int distinct_steps(const mdg_tensor *t) {
    bool has[256] = {false};
    int n = 0;
    for (size_t i = 0; i < t->bytes; i++) {
        const int at = ((const int8_t *)t->data)[i] + 128;
        n += !has[at];
        has[at] = true;
    }
    return n;
}

static void test_clusters_have_16_values(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_quant_opts opts[] = {{.weights = "cluster16"},
                                   {.weights = "cluster16", .adaptive_rounding = "yes"}};
    for (int i = 0; i < 2; i++) {
        const mdg_tensor *t = quantized(&n, &opts[i])->subgraphs[0].tensors;
        assert_int_equal(t[NET_CONV_W].type, MDG_INT8);
        assert_in_range(distinct_steps(&t[NET_CONV_W]), 10, 16);
        assert_true(distinct_steps(&t[NET_DW_W]) > 16); /* no kernel decodes these */
    }
}

/* Of 16 values where they are needed, against 15 even steps */
static void test_clusters_are_finer_than_int4(void **state) {
    const float_net n = net_little(*state, 3);
    const double int4 = sqnr(&n, &(mdg_quant_opts){.weights = "int4"}),
                 cluster16 = sqnr(&n, &(mdg_quant_opts){.weights = "cluster16"}),
                 int8 = sqnr(&n, &(mdg_quant_opts){.weights = "int8"});
    print_message("int4 %.1f, cluster16 %.1f, int8 %.1f dB\n", int4, cluster16, int8);
    assert_true(cluster16 > int4 + 1.0);
    assert_true(int8 > cluster16);
}

static void test_bits_of_each_operator(void **state) {
    const float_net n = net_little(*state, 3);
    const uint8_t bits[] = {8, 4, 8, 8, 8, 8};
    const mdg_tensor *t = quantized(&n, &(mdg_quant_opts){.op_bits = bits})->subgraphs[0].tensors;
    assert_int_equal(t[NET_CONV_W].type, MDG_INT8);
    assert_int_equal(t[NET_DW_W].type, MDG_INT4);
    assert_int_equal(t[NET_FC_W].type, MDG_INT8);
}

static int count_ops(const mdg_subgraph *s, mdg_opcode code) {
    int n = 0;
    for (int i = 0; i < s->n_ops; i++) n += s->ops[i].code == code;
    return n;
}

/* Between layers of 16 bits values are finer; all others stay int8. */
static void test_int16_of_some_operators(void **state) {
    const float_net n = net_little(*state, 3);
    const uint8_t bits[] = {16, 16, 8, 8, 8, 8};
    const mdg_quant_opts opts = {.op_bits = bits};
    const mdg_subgraph *s = quantized(&n, &opts)->subgraphs;
    const mdg_op *conv = &n.graph->subgraphs[0].ops[0], *dw = &n.graph->subgraphs[0].ops[1],
                 *next = &n.graph->subgraphs[0].ops[2];
    assert_int_equal(s->tensors[conv->inputs[0]].type, MDG_INT8);
    assert_int_equal(s->tensors[conv->outputs[0]].type, MDG_INT16);
    assert_int_equal(s->tensors[dw->outputs[0]].type, MDG_INT16);
    assert_int_equal(s->tensors[next->outputs[0]].type, MDG_INT8);
    assert_int_equal(s->tensors[NET_CONV_B].type, MDG_INT64);
    assert_int_equal(s->tensors[NET_FC_B].type, MDG_INT32);
    assert_int_equal(count_ops(s, MDG_OP_QUANTIZE), 2); /* into the first, out of the second */
    assert_true(sqnr(&n, &opts) > sqnr(&n, &(mdg_quant_opts){0}));
}

/* A layer so coarse that the report warns of it, in JSON as well. */
static void test_warning_in_json(void **state) {
    const float_net n = uneven_net(*state);
    const mdg_graph *q = quantized(&n, &(mdg_quant_opts){.weights = "int4"});
    mdg_diag diag = {{0}};
    mdg_quant_report report;
    assert_int_equal(mdg_quant_measure(n.graph, q, &samples, *state, NULL, &report, &diag), MDG_OK);
    assert_true(report.n_warnings > 0);
    json_t *json = mdg_quant_report_json(&report);
    int n_warnings = 0;
    for (size_t i = 0; i < json_array_size(json_object_get(json, "layers")); i++)
        n_warnings +=
            json_is_string(json_object_get(json_array_get(json_object_get(json, "layers"), i), "warning"));
    assert_int_equal(n_warnings, report.n_warnings);
    json_decref(json);
}

/* ==== int16 activations ==== */

static void test_int16_is_finer(void **state) {
    const float_net n = net_little(*state, 3);
    const double narrow = sqnr_with(&n, (mdg_quant_opts){.dense_per_channel = true});
    assert_true(sqnr_with(&n, (mdg_quant_opts){.activations = "int16", .dense_per_channel = true}) >
                narrow + 3.0);
    /* what is left is the error of 8-bit weights, which bias correction and rounding make smaller */
    assert_true(sqnr_with(&n, (mdg_quant_opts){.activations = "int16",
                                               .dense_per_channel = true,
                                               .adaptive_rounding = "yes"}) > narrow + 12.0);
}

static void test_int16_tensors(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_graph *q = quantized(&n, &(mdg_quant_opts){.activations = "int16"});
    const mdg_subgraph *s = &q->subgraphs[0];
    assert_int_equal(s->tensors[s->inputs[0]].type, MDG_INT8);
    assert_int_equal(s->tensors[s->outputs[0]].type, MDG_INT8);
    assert_int_equal(s->ops[0].code, MDG_OP_QUANTIZE);
    assert_int_equal(s->ops[s->n_ops - 1].code, MDG_OP_QUANTIZE);
    assert_int_equal(s->tensors[NET_CONV].type, MDG_INT16);
    assert_int_equal(s->tensors[NET_CONV].quant.zero_point[0], 0);
    assert_int_equal(s->tensors[NET_CONV_W].type, MDG_INT8);
    assert_int_equal(s->tensors[NET_CONV_B].type, MDG_INT64);
    assert_true(s->tensors[NET_SCORES].quant.scale[0] == 1.0f / 32768.0f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_equalize),
        TEST(test_bias_correction),
        TEST(test_adaptive_rounding),
        TEST(test_leaves_the_float_graph),
        TEST(test_auto_takes_what_helps),
        TEST(test_auto_leaves_what_does_not),
        TEST(test_unknown_choice),
        TEST(test_int4_tensors),
        TEST(test_int4_rounds),
        TEST(test_clusters_have_16_values),
        TEST(test_clusters_are_finer_than_int4),
        TEST(test_bits_of_each_operator),
        TEST(test_int16_of_some_operators),
        TEST(test_warning_in_json),
        TEST(test_int16_is_finer),
        TEST(test_int16_tensors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
