/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host/quant/float_net.h"
#include "tflite/tflite.h"

enum { N_X = 8 * 8 * 2 };

static int n_x = N_X;
static const mdg_calibration samples = {.n = 40, .fill = net_fill, .context = &n_x};
static const mdg_quant_opts minmax = {.calibration = "minmax"};

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

static void expect_failure(const float_net *n, const mdg_quant_opts *opts, const mdg_calibration *data,
                           mdg_status status, const char *text) {
    mdg_diag diag = {{0}};
    mdg_graph *q = NULL;
    assert_int_equal(mdg_quantize(n->graph, opts, data, n->graph->arena, NULL, &q, &diag), status);
    if (!strstr(diag.text, text)) fail_msg("\"%s\" is not in: %s", text, diag.text);
}

static const mdg_tensor *tensor_of(const mdg_graph *q, int t) {
    return &q->subgraphs[0].tensors[t];
}

static float largest_in_channel(const float *w, int n, int inner, int channels, int channel) {
    float most = 0.0f;
    for (int i = 0; i < n; i++)
        if (i / inner % channels == channel) most = fmaxf(most, fabsf(w[i]));
    return most;
}

/* ==== By the specification ==== */

static void check_weights(const float_net *n, const mdg_graph *q, int tensor, int inner, int channels) {
    const mdg_tensor *t = tensor_of(q, tensor);
    const float *w = net_values(n, tensor);
    const int8_t *steps = t->data;
    const int count = (int)mdg_shape_elements(&t->shape);
    assert_int_equal(t->type, MDG_INT8);
    assert_int_equal(t->quant.count, channels);
    for (int c = 0; c < channels; c++) {
        assert_true(t->quant.scale[c] == largest_in_channel(w, count, inner, channels, c) / 127.0f);
        assert_int_equal(t->quant.zero_point[c], 0);
    }
    for (int i = 0; i < count; i++)
        assert_int_equal(steps[i], (int)lroundf(w[i] * (127.0f / largest_in_channel(w, count, inner, channels,
                                                                                    i / inner % channels))));
}

static void check_bias(const float_net *n, const mdg_graph *q, int tensor, int input, int weights) {
    const mdg_tensor *t = tensor_of(q, tensor), *w = tensor_of(q, weights);
    const float input_scale = tensor_of(q, input)->quant.scale[0];
    const int count = (int)mdg_shape_elements(&t->shape);
    assert_int_equal(t->type, MDG_INT32);
    assert_int_equal(t->quant.count, w->quant.count);
    for (int i = 0; i < count; i++) {
        const int c = t->quant.count > 1 ? i : 0;
        assert_true(t->quant.scale[c] == input_scale * w->quant.scale[c]);
        assert_int_equal(t->quant.zero_point[c], 0);
        assert_int_equal(((const int32_t *)t->data)[i],
                         (int32_t)lround((double)net_values(n, tensor)[i] / (double)t->quant.scale[c]));
    }
}

static void test_weights_and_biases(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_graph *q = quantized(&n, &minmax);
    check_weights(&n, q, NET_CONV_W, 18, 6);
    check_weights(&n, q, NET_DW_W, 1, 6);
    check_weights(&n, q, NET_FC_W, 30, 1);
    check_bias(&n, q, NET_CONV_B, NET_X, NET_CONV_W);
    check_bias(&n, q, NET_DW_B, NET_CONV, NET_DW_W);
    check_bias(&n, q, NET_FC_B, NET_FLAT, NET_FC_W);
    assert_int_equal(tensor_of(q, NET_CONV_W)->quant.axis, 0);
    assert_int_equal(tensor_of(q, NET_DW_W)->quant.axis, 3);
}

static void test_dense_per_channel(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_graph *q = quantized(&n, &(mdg_quant_opts){.dense_per_channel = true});
    check_weights(&n, q, NET_FC_W, 6, 5);
    check_bias(&n, q, NET_FC_B, NET_FLAT, NET_FC_W);
}

static void expect_quant(const mdg_graph *q, int tensor, float scale, int zero_point) {
    const mdg_tensor *t = tensor_of(q, tensor);
    assert_int_equal(t->type, MDG_INT8);
    assert_int_equal(t->quant.count, 1);
    assert_true(t->quant.scale[0] == scale);
    assert_int_equal(t->quant.zero_point[0], zero_point);
}

static void test_activations(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_graph *q = quantized(&n, &minmax);
    float lo = 0.0f, hi = 0.0f, x[N_X];
    for (int i = 0; i < samples.n; i++) {
        net_fill(&n_x, i, x);
        for (int k = 0; k < N_X; k++) {
            lo = fminf(lo, x[k]);
            hi = fmaxf(hi, x[k]);
        }
    }
    expect_quant(q, NET_X, (float)(((double)hi - (double)lo) / 255.0),
                 tensor_of(q, NET_X)->quant.zero_point[0]);
    expect_quant(q, NET_CONV, tensor_of(q, NET_CONV)->quant.scale[0], -128);
    expect_quant(q, NET_DW, tensor_of(q, NET_DW)->quant.scale[0], -128);
    assert_true(tensor_of(q, NET_DW)->quant.scale[0] <= 6.0f / 255.0f);
    expect_quant(q, NET_POOL, tensor_of(q, NET_DW)->quant.scale[0], -128);
    expect_quant(q, NET_FLAT, tensor_of(q, NET_DW)->quant.scale[0], -128);
    expect_quant(q, NET_SCORES, 1.0f / 256.0f, -128);
    assert_int_equal(tensor_of(q, NET_SHAPE)->type, MDG_INT32);
}

/* ==== As a graph ==== */

static void test_float_graph_is_left_alone(void **state) {
    const float_net n = net_little(*state, 1), again = net_little(*state, 1);
    mdg_diag diag = {{0}};
    quantized(&n, &minmax);
    if (!mdg_graph_equal(n.graph, again.graph, &diag)) fail_msg("%s", diag.text);
}

static void test_same_input_same_graph(void **state) {
    const float_net n = net_little(*state, 1);
    mdg_diag diag = {{0}};
    const mdg_quant_opts mse = {.calibration = "mse"};
    if (!mdg_graph_equal(quantized(&n, &mse), quantized(&n, &mse), &diag)) fail_msg("%s", diag.text);
}

static void test_survives_a_file(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_graph *q = quantized(&n, &minmax);
    mdg_graph *back = NULL;
    mdg_diag diag = {{0}};
    mdg_bytes bytes;
    assert_int_equal(mdg_tflite_write(q, *state, &bytes, &diag), MDG_OK);
    assert_int_equal(mdg_tflite_read(&bytes, "back", *state, &back, &diag), MDG_OK);
    if (!mdg_graph_equal(q, back, &diag)) fail_msg("%s", diag.text);
}

/* Two convolutions read one bias: with different input scales it must become two. */
static void test_shared_bias_is_parted(void **state) {
    float_net n = net_little(*state, 1);
    n.main->ops[1].inputs[2] = NET_CONV_B;
    const mdg_graph *q = quantized(&n, &minmax);
    const mdg_op *ops = q->subgraphs[0].ops;
    assert_int_not_equal(ops[0].inputs[2], ops[1].inputs[2]);
    const mdg_tensor *a = tensor_of(q, ops[0].inputs[2]), *b = tensor_of(q, ops[1].inputs[2]);
    for (int c = 0; c < 6; c++)
        assert_float_equal(a->quant.scale[c] * (float)((const int32_t *)a->data)[c],
                           b->quant.scale[c] * (float)((const int32_t *)b->data)[c], 2e-3f);
}

static void test_dead_channel_keeps_its_bias(void **state) {
    const float_net n = net_little(*state, 1);
    for (int i = 0; i < 18; i++) net_values(&n, NET_CONV_W)[i] = 0.0f;
    net_values(&n, NET_CONV_B)[0] = 1.7f;
    const mdg_graph *q = quantized(&n, &minmax);
    const mdg_tensor *b = tensor_of(q, NET_CONV_B);
    assert_true(tensor_of(q, NET_CONV_W)->quant.scale[0] > 0.0f);
    assert_float_equal(b->quant.scale[0] * (float)((const int32_t *)b->data)[0], 1.7f, 1e-3f);
}

/* ==== As good as the float graph ==== */

static void measure(const float_net *n, const mdg_graph *q, mdg_quant_report *r) {
    mdg_diag diag = {{0}};
    if (mdg_quant_measure(n->graph, q, &samples, n->graph->arena, NULL, r, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
}

static void test_error_is_small_with_every_method(void **state) {
    static const char *const methods[] = {"minmax", "percentile", "mse"};
    for (int m = 0; m < 3; m++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            const float_net n = net_little(*state, seed);
            mdg_quant_report r;
            measure(&n, quantized(&n, &(mdg_quant_opts){.calibration = methods[m]}), &r);
            assert_int_equal(r.n_warnings, 0);
            if (!(r.output_sqnr_db > 30.0))
                fail_msg("%s, seed %d: %.1f dB", methods[m], (int)seed, r.output_sqnr_db);
            for (int i = 0; i < r.n_layers; i++)
                if (!(r.layers[i].sqnr_db > 20.0))
                    fail_msg("%s, seed %d: %s: %.1f dB", methods[m], (int)seed, r.layers[i].name,
                             r.layers[i].sqnr_db);
        }
}

/* Rounding to int8 alone gives the input's ratio: noise is scale^2 / 12. */
static void test_sqnr_of_the_input_is_that_of_rounding(void **state) {
    const float_net n = net_little(*state, 1);
    mdg_quant_report r;
    measure(&n, quantized(&n, &minmax), &r);
    const double step = (double)r.layers[0].scale;
    assert_string_equal(r.layers[0].op_name, "input");
    assert_true(fabs(r.layers[0].sqnr_db - 10.0 * log10(12.0 / (step * step))) < 0.5);
}

static const mdg_quant_layer *layer_of(const mdg_quant_report *r, int tensor) {
    for (int i = 0; i < r->n_layers; i++)
        if (r->layers[i].tensor == tensor) return &r->layers[i];
    fail_msg("tensor %d is not in the report", tensor);
    return NULL;
}

/* One channel 400 times the others: what is left for the others is a step or two. */
static void outlier_fill(void *context, int i, float *x) {
    net_fill(context, i, x);
    if (i == 0) x[0] = 3000.0f;
}

static void test_collapse_is_told_with_its_cause(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_calibration outliers = {.n = 40, .fill = outlier_fill, .context = &n_x};
    mdg_diag diag = {{0}};
    mdg_graph *q;
    mdg_quant_report r;
    assert_int_equal(mdg_quantize(n.graph, &minmax, &outliers, *state, NULL, &q, &diag), MDG_OK);
    measure(&n, q, &r);
    assert_true(r.n_warnings > 0);
    assert_true(r.layers[0].sqnr_db < MDG_QUANT_SQNR_LOW_DB);
    assert_non_null(strstr(r.layers[0].warning, "outliers stretch the range"));
    assert_non_null(strstr(layer_of(&r, NET_CONV)->warning, "its input 'x'"));
}

static void quiet_fill(void *context, int i, float *x) {
    net_fill(context, i, x);
    for (int k = 0; k < *(int *)context; k++) x[k] *= 0.05f;
}

static void test_clipping_is_told(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_calibration quiet = {.n = 40, .fill = quiet_fill, .context = &n_x};
    mdg_diag diag = {{0}};
    mdg_graph *q;
    mdg_quant_report r;
    assert_int_equal(mdg_quantize(n.graph, &minmax, &quiet, *state, NULL, &q, &diag), MDG_OK);
    measure(&n, q, &r);
    assert_true(r.layers[0].clipped > 0.5f);
    assert_non_null(strstr(r.layers[0].warning, "beyond the calibrated range"));
}

static void test_report_as_text_and_json(void **state) {
    const float_net n = net_little(*state, 1);
    mdg_quant_report r;
    measure(&n, quantized(&n, &minmax), &r);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    mdg_quant_report_print(&r, out);
    fclose(out);
    assert_non_null(strstr(text, "DEPTHWISE_CONV_2D"));
    assert_non_null(strstr(text, "dB over 40 samples"));
    free(text);
    json_t *json = mdg_quant_report_json(&r);
    assert_int_equal(json_array_size(json_object_get(json, "layers")), r.n_layers);
    assert_float_equal((float)json_real_value(json_object_get(json, "output_sqnr_db")),
                       (float)r.output_sqnr_db, 1e-4f);
    json_decref(json);
}

/* ==== What can't be done ==== */

static void test_unsupported_operator_is_named(void **state) {
    float_net n = net_new(*state, 1);
    const int x = net_tensor(&n, "x", mdg_shape_of(2, 1, 4)), y = net_tensor(&n, "y", mdg_shape_of(2, 1, 4));
    net_op(&n, MDG_OP_SIN, (int[]){x, -1, -1}, y);
    net_io(&n, x, y);
    expect_failure(&n, &minmax, &samples, MDG_UNSUPPORTED, "net: op 0 SIN: midge has no int8 form");
}

static void test_several_subgraphs(void **state) {
    float_net n = net_little(*state, 1);
    mdg_subgraph_add(n.graph, "body");
    expect_failure(&n, &minmax, &samples, MDG_UNSUPPORTED, "2 subgraphs");
}

static void test_quantized_already(void **state) {
    const float_net n = net_little(*state, 1);
    float_net again = n;
    again.graph = quantized(&n, &minmax);
    expect_failure(&again, &minmax, &samples, MDG_INVALID, "quantised already");
}

static void test_weights_that_are_computed(void **state) {
    float_net n = net_little(*state, 1);
    n.main->tensors[NET_FC_W].data = NULL;
    expect_failure(&n, &minmax, &samples, MDG_UNSUPPORTED,
                   "op 4 FULLY_CONNECTED: its weights and bias must be");
}

static void test_bad_options(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_calibration none = {.n = 0, .fill = net_fill, .context = &n_x};
    expect_failure(&n, &minmax, &none, MDG_INVALID, "needs samples");
    expect_failure(&n, &(mdg_quant_opts){.calibration = "best"}, &samples, MDG_INVALID,
                   "\"best\" is not known; known are minmax, percentile, mse");
    expect_failure(&n, &(mdg_quant_opts){.calibration = "percentile", .percentile = 101.0f}, &samples,
                   MDG_INVALID, "101");
}

static void nan_fill(void *context, int i, float *x) {
    net_fill(context, i, x);
    x[3] = NAN;
}

static void test_values_that_are_not_finite(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_calibration broken = {.n = 2, .fill = nan_fill, .context = &n_x};
    expect_failure(&n, &minmax, &broken, MDG_INVALID, "tensor 'x' has values that are not finite");
}

static bool stop_at_once(void *context, double done, double total, const char *text) {
    (void)context, (void)done, (void)total, (void)text;
    return false;
}

static void test_interrupted(void **state) {
    const float_net n = net_little(*state, 1);
    const mdg_progress stop = {stop_at_once, NULL};
    mdg_graph *q;
    assert_int_equal(mdg_quantize(n.graph, &minmax, &samples, *state, &stop, &q, NULL), MDG_INTERRUPTED);
}

/* ==== Shared scales ==== */

/* y = CONCATENATION(x, scale * x): one scale, wide enough for both. */
static float_net concat_net(mdg_arena *arena, mdg_opcode branch) {
    float_net n = net_new(arena, 3);
    const int x = net_tensor(&n, "x", mdg_shape_of(2, 1, 8)), b = net_tensor(&n, "b", mdg_shape_of(2, 1, 8));
    const int y = net_tensor(&n, "y", mdg_shape_of(2, 1, 16)),
              k = net_constant(&n, "k", mdg_shape_of(2, 1, 8), 5.0f);
    net_op(&n, branch, (int[]){x, branch == MDG_OP_MUL ? k : -1, -1}, b);
    mdg_concatenation_attrs *concat = net_op(&n, MDG_OP_CONCATENATION, (int[]){x, b, -1}, y);
    concat->axis = 1;
    net_io(&n, x, y);
    return n;
}

static void test_concatenation_shares_one_scale(void **state) {
    const float_net n = concat_net(*state, MDG_OP_MUL);
    int count = 8;
    const mdg_calibration data = {.n = 30, .fill = net_fill, .context = &count};
    mdg_diag diag = {{0}};
    mdg_graph *q = NULL;
    if (mdg_quantize(n.graph, &minmax, &data, *state, NULL, &q, &diag) != MDG_OK) fail_msg("%s", diag.text);
    const mdg_tensor *x = tensor_of(q, 0), *b = tensor_of(q, 1), *y = tensor_of(q, 2);
    assert_true(x->quant.scale[0] == y->quant.scale[0] && b->quant.scale[0] == y->quant.scale[0]);
    assert_int_equal(x->quant.zero_point[0], y->quant.zero_point[0]);
    assert_true(x->quant.scale[0] > 8.0f / 255.0f);
    assert_int_equal(tensor_of(q, 3)->type, MDG_INT8);
}

static void test_fixed_scale_that_others_would_have_to_share(void **state) {
    const float_net n = concat_net(*state, MDG_OP_LOGISTIC);
    int count = 8;
    const mdg_calibration data = {.n = 2, .fill = net_fill, .context = &count};
    expect_failure(&n, &minmax, &data, MDG_UNSUPPORTED,
                   "op 0 LOGISTIC: its output has the fixed scale 0.00390625");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_weights_and_biases),
        TEST(test_dense_per_channel),
        TEST(test_activations),
        TEST(test_float_graph_is_left_alone),
        TEST(test_same_input_same_graph),
        TEST(test_survives_a_file),
        TEST(test_shared_bias_is_parted),
        TEST(test_dead_channel_keeps_its_bias),
        TEST(test_error_is_small_with_every_method),
        TEST(test_sqnr_of_the_input_is_that_of_rounding),
        TEST(test_collapse_is_told_with_its_cause),
        TEST(test_clipping_is_told),
        TEST(test_report_as_text_and_json),
        TEST(test_unsupported_operator_is_named),
        TEST(test_several_subgraphs),
        TEST(test_quantized_already),
        TEST(test_weights_that_are_computed),
        TEST(test_bad_options),
        TEST(test_values_that_are_not_finite),
        TEST(test_interrupted),
        TEST(test_concatenation_shares_one_scale),
        TEST(test_fixed_scale_that_others_would_have_to_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
