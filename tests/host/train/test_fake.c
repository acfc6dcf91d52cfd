/* SPDX-License-Identifier: MIT
 *
 * Training with rounded numbers: what is rounded is what the int8 or int4 graph computes with, gradients go
 * straight through, and the result bears 4 bits better than one that has never seen them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "exec/exec.h"
#include "quant/quant.h"
#include "train/fake.h"
#include "util/affine.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 4, TRAIN = 256, TEST = 2000, BATCH = 8 };

/* ---- values ---- */

/* As the integers do it: the same steps but where x lies on the border between two. */
static void test_values_are_those_of_int8(void **state) {
    (void)state;
    const mdg_affine a = mdg_affine_of_range(-1.5f, 4.0f);
    float x[1000], y[1000], mask[1000];
    for (int i = 0; i < 1000; i++) x[i] = y[i] = -2.0f + 0.00731f * (float)i;
    mdg_fake_values(-1.5f, 4.0f, y, 1000, mask);
    for (int i = 0; i < 1000; i++) {
        const float back = a.scale * (float)(mdg_affine_to_int8(a, x[i]) - a.zero_point);
        assert_true(fabsf(y[i] - back) < 1e-5f);
        const bool within = x[i] >= mdg_affine_lo(a) && x[i] <= mdg_affine_hi(a);
        assert_true(mask[i] == (within ? 1.0f : 0.0f));
    }
}

static void test_values_without_a_range(void **state) {
    (void)state;
    float x[] = {0.123f, -7.0f}, mask[2] = {0};
    mdg_fake_values(0.0f, 0.0f, x, 2, mask);
    assert_true(x[0] == 0.123f && x[1] == -7.0f && mask[0] == 1.0f && mask[1] == 1.0f);
}

/* So that training can tell of it. */
static void test_values_that_are_no_numbers(void **state) {
    (void)state;
    float x[] = {NAN, 1.0f};
    mdg_fake_values(0.0f, 1.0f, x, 2, NULL);
    assert_true(isnan(x[0]) && x[1] == 1.0f);
}

/* ---- nets ---- */

/* A wave whose direction is the class, in noise. */
static void fill(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    (void)context, (void)augment;
    static const float directions[CLASSES][2] = {{1.2f, 0.0f}, {0.0f, 1.2f}, {0.85f, 0.85f}, {0.85f, -0.85f}};
    mdg_rng r = mdg_rng_of(validation ? 7 : 5, (uint64_t)index);
    const int label = index % CLASSES;
    const float phase = mdg_rng_uniform(&r, 0.0f, 6.3f);
    memset(y, 0, CLASSES * sizeof *y);
    y[label] = 1.0f;
    for (int i = 0; i < PIXELS; i++)
        x[i] = sinf(phase + directions[label][0] * (float)(i / SIDE) +
                    directions[label][1] * (float)(i % SIDE)) +
               1.2f * mdg_rng_normal(&r);
}

static const mdg_train_source source = {.n_train = TRAIN, .n_validation = 100, .fill = fill};

static const mdg_train_opts settings = {.optimizer = "adam",
                                        .schedule = "cosine",
                                        .epochs = 12,
                                        .batch = 32,
                                        .learning_rate = 0.01f,
                                        .seed = 3,
                                        .workers = 1};

static mdg_net *new_net(mdg_arena *arena) {
    static const mdg_layer_spec conv = {.kind = MDG_LAYER_CONV2D,
                                        .from = -1,
                                        .filters = 8,
                                        .kernel_h = 3,
                                        .kernel_w = 3,
                                        .same = true,
                                        .batch_norm = true,
                                        .activation = MDG_ACTIVATION_RELU};
    mdg_layer_spec layers[] = {conv,
                               conv,
                               conv,
                               {.kind = MDG_LAYER_GLOBAL_AVERAGE_POOL, .from = 2},
                               {.kind = MDG_LAYER_DENSE, .from = 3, .filters = CLASSES}};
    layers[1].kind = MDG_LAYER_DEPTHWISE_CONV2D;
    layers[1].filters = 0;
    layers[1].from = 0;
    layers[2].from = 1;
    const mdg_net_spec spec = {
        .in_h = SIDE, .in_w = SIDE, .in_c = 1, .n_layers = 5, .n_classes = CLASSES, .layers = layers};
    mdg_diag diag = {""};
    mdg_net *net = NULL;
    if (mdg_net_new(&spec, 1, arena, &net, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return net;
}

static void train(mdg_net *net, const mdg_train_opts *opts) {
    mdg_history history;
    mdg_diag diag = {""};
    if (mdg_train(net, opts, &source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
}

static mdg_net *trained_net(mdg_arena *arena) {
    mdg_net *net = new_net(arena);
    train(net, &settings);
    return net;
}

static mdg_net *rounded_net(const mdg_net *net, int bits, mdg_arena *arena) {
    mdg_diag diag = {""};
    mdg_net *rounded = NULL;
    if (mdg_net_quantized(net, bits, &source, arena, &rounded, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return rounded;
}

static mdg_graph *exported(const mdg_net *net, mdg_arena *arena) {
    mdg_diag diag = {""};
    mdg_graph *g = NULL;
    if (mdg_net_export(net, arena, &g, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return g;
}

static void fill_sample(void *context, int i, float *x) {
    float y[CLASSES];
    fill(context, false, i, NULL, x, y);
}

static mdg_graph *quantized(const mdg_graph *g, const mdg_quant_opts *opts, mdg_arena *arena) {
    const mdg_calibration data = {.n = 64, .fill = fill_sample};
    mdg_diag diag = {""};
    mdg_graph *q = NULL;
    if (mdg_quantize(g, opts, &data, arena, NULL, &q, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return q;
}

static const mdg_quant_opts int4 = {.weights = "int4", .dense_per_channel = true},
                            int8 = {.weights = "int8", .dense_per_channel = true};

/* ---- what is rounded ---- */

/* Weights of the exported float graph are whole steps, and stay what they are in the integer graph. */
static void check_weights(const mdg_graph *g, const mdg_graph *q) {
    for (int i = 0; i < g->subgraphs[0].n_ops; i++) {
        const mdg_op *op = &g->subgraphs[0].ops[i];
        if (!mdg_quant_can_int4(op)) continue;
        const mdg_tensor *w = mdg_op_input(g->subgraphs, op, 1), *s = mdg_op_input(q->subgraphs, op, 1);
        const int64_t n = mdg_shape_elements(&w->shape), run = s->quant.axis == 0 ? n / s->quant.count : 1;
        for (int64_t k = 0; k < n; k++) {
            const float scale = s->quant.scale[k / run % s->quant.count];
            const float steps = ((const float *)w->data)[k] / scale;
            assert_true(fabsf(steps - roundf(steps)) < 1e-3f);
            assert_true(fabsf(steps) < (s->type == MDG_INT4 ? 7.01f : 127.01f));
        }
    }
}

static void test_exports_whole_steps(void **state) {
    mdg_net *net = trained_net(*state);
    for (int bits = 4; bits <= 8; bits += 4) {
        mdg_net *rounded = rounded_net(net, bits, *state);
        const mdg_graph *g = exported(rounded, *state);
        check_weights(g, quantized(g, bits == 4 ? &int4 : &int8, *state));
        mdg_net_free(rounded);
    }
    mdg_net_free(net);
}

/* A column of the picture is a step in time. */
static void test_rounds_recurrent_layers(void **state) {
    for (int kind = 0; kind < 2; kind++) {
        mdg_layer_spec layers[] = {{.kind = kind ? MDG_LAYER_LSTM : MDG_LAYER_GRU, .from = -1, .filters = 5},
                                   {.kind = MDG_LAYER_DENSE, .from = 0, .filters = CLASSES}};
        const mdg_net_spec spec = {
            .in_h = SIDE, .in_w = SIDE, .in_c = 1, .n_layers = 2, .n_classes = CLASSES, .layers = layers};
        mdg_diag diag = {""};
        mdg_net *net = NULL;
        if (mdg_net_new(&spec, 1, *state, &net, &diag) != MDG_OK) fail_msg("%s", diag.text);
        for (int bits = 4; bits <= 8; bits += 4) {
            mdg_net *rounded = rounded_net(net, bits, *state);
            train(rounded, &(mdg_train_opts){.optimizer = "adam",
                                             .schedule = "cosine",
                                             .epochs = 1,
                                             .batch = 32,
                                             .learning_rate = 0.01f,
                                             .seed = 3,
                                             .workers = 1});
            const mdg_graph *g = exported(rounded, *state);
            check_weights(g, quantized(g, bits == 4 ? &int4 : &int8, *state));
            mdg_net_free(rounded);
        }
        mdg_net_free(net);
    }
}

/* host/quant takes exactly the ranges that training had. */
static void test_exports_ranges(void **state) {
    mdg_net *net = trained_net(*state), *rounded = rounded_net(net, 8, *state);
    const mdg_graph *g = exported(rounded, *state), *q = quantized(g, &int8, *state);
    int n_ranges = 0;
    for (int t = 0; t < g->subgraphs[0].n_tensors; t++) {
        const float *range = g->subgraphs[0].tensors[t].range;
        if (!range) continue;
        const mdg_affine a = mdg_affine_of_range(range[0], range[1]);
        assert_true(range[1] > range[0]);
        assert_true(q->subgraphs[0].tensors[t].quant.scale[0] == a.scale);
        assert_int_equal(q->subgraphs[0].tensors[t].quant.zero_point[0], a.zero_point);
        n_ranges++;
    }
    assert_int_equal(n_ranges, 6); /* the input, three convolutions, the mean, the dense layer */
    mdg_net_free(net);
    mdg_net_free(rounded);
}

/* ---- gradients ---- */

static mdg_shard *run_batch(const mdg_net *net) {
    mdg_diag diag = {""};
    mdg_shard *s = NULL;
    float y[CLASSES];
    mdg_dnn_one_thread();
    if (mdg_shard_new(net, BATCH, true, &s, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int i = 0; i < BATCH; i++) fill(NULL, false, i, NULL, s->values[0].data + i * PIXELS, y);
    assert_int_equal(mdg_shard_forward(s, MDG_PHASE_TRAIN), MDG_OK);
    mdg_value *out = mdg_shard_output(s);
    for (size_t i = 0; i < out->count; i++) out->diff[i] = i % 3 == 0 ? 1.0f : -0.4f;
    assert_int_equal(mdg_shard_backward(s), MDG_OK);
    return s;
}

static void forget_ranges(mdg_net *net) {
    const mdg_net *n = net;
    memset(net->statistics + n->input_range.at, 0, 2 * sizeof(float));
    for (int i = 0; i < n->spec.n_layers; i++)
        memset(net->statistics + n->layers[i].range.at, 0, n->layers[i].range.count * sizeof(float));
}

/* The gradients of the weights as they are before rounding are those of a float net with the rounded ones. */
static void test_gradients_go_straight_through_weights(void **state) {
    mdg_net *net = trained_net(*state), *rounded = rounded_net(net, 4, *state);
    forget_ranges(rounded); /* activations stay as they are */
    mdg_fake_params(rounded, net->params);
    assert_memory_not_equal(net->params, rounded->params, net->n_params * sizeof(float));
    mdg_shard *a = run_batch(net), *b = run_batch(rounded);
    assert_memory_equal(a->gradients, b->gradients, net->n_params * sizeof(float));
    mdg_shard_free(a);
    mdg_shard_free(b);
    mdg_net_free(net);
    mdg_net_free(rounded);
}

/* The last layer's bias gets the sum of its output's gradients, of those that were not cut off. */
static void test_gradients_end_at_the_range(void **state) {
    mdg_net *net = trained_net(*state), *rounded = rounded_net(net, 8, *state);
    const mdg_layer *last = &rounded->layers[4];
    rounded->statistics[last->range.at] = -0.1f;
    rounded->statistics[last->range.at + 1] = 0.1f;
    mdg_shard *exact = run_batch(net), *s = run_batch(rounded);
    const mdg_affine a = mdg_affine_of_range(-0.1f, 0.1f);
    float sums[CLASSES] = {0.0f};
    int n_cut = 0;
    for (int i = 0; i < BATCH * CLASSES; i++) {
        const float y = mdg_shard_output(s)->data[i];
        const bool cut = y < mdg_affine_lo(a) * 0.999f || y > mdg_affine_hi(a) * 0.999f;
        if (cut)
            n_cut++;
        else
            sums[i % CLASSES] += i % 3 == 0 ? 1.0f : -0.4f;
    }
    assert_true(n_cut > 0);
    for (int c = 0; c < CLASSES; c++)
        assert_true(fabsf(s->gradients[last->bias.at + (size_t)c] - sums[c]) < 1e-5f);
    mdg_shard_free(exact);
    mdg_shard_free(s);
    mdg_net_free(net);
    mdg_net_free(rounded);
}

/* ---- training ---- */

static int n_right(const mdg_graph *g, mdg_arena *arena) {
    mdg_exec *x = NULL;
    mdg_diag diag = {""};
    float pixels[PIXELS], y[CLASSES];
    int right = 0;
    if (mdg_exec_open(g, arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int i = 0; i < TEST; i++) {
        fill(NULL, true, 1000 + i, NULL, pixels, y);
        mdg_quant_to_int8(&g->subgraphs[0].tensors[g->subgraphs[0].inputs[0]], pixels, PIXELS,
                          mdg_exec_input(x, 0));
        mdg_exec_invoke(x, NULL);
        const int8_t *scores = mdg_exec_output(x, 0);
        int best = 0;
        for (int c = 1; c < CLASSES; c++)
            if (scores[c] > scores[best]) best = c;
        right += y[best] == 1.0f;
    }
    return right;
}

static void test_bears_int4_better(void **state) {
    mdg_net *net = trained_net(*state), *rounded = rounded_net(net, 4, *state);
    mdg_train_opts opts = settings;
    opts.epochs = 6;
    opts.learning_rate *= 0.3f;
    train(rounded, &opts);
    const int before = n_right(quantized(exported(net, *state), &int4, *state), *state),
              after = n_right(quantized(exported(rounded, *state), &int4, *state), *state);
    assert_true(after > before + TEST / 100);
    mdg_net_free(net);
    mdg_net_free(rounded);
}

static bool stop_at(void *context, double done, double total, const char *text) {
    (void)total, (void)text;
    return done < *(double *)context;
}

static void test_resumes_to_the_same_bits(void **state) {
    char path[] = "/tmp/midge-fake-XXXXXX";
    mdg_net *net = trained_net(*state), *whole = rounded_net(net, 4, *state),
            *first = rounded_net(net, 4, *state), *second = rounded_net(net, 4, *state);
    mdg_train_opts opts = settings;
    opts.epochs = 3;
    train(whole, &opts);
    assert_non_null(mkdtemp(path));
    opts.checkpoint = mdg_arena_printf(*state, "%s/checkpoint", path);
    opts.resume = true;
    double stop = 1.5;
    const mdg_progress progress = {stop_at, &stop};
    mdg_history history;
    mdg_diag diag = {""};
    assert_int_equal(mdg_train(first, &opts, &source, &progress, &history, &diag), MDG_INTERRUPTED);
    train(second, &opts);
    assert_memory_equal(whole->params, second->params, whole->n_params * sizeof(float));
    assert_memory_equal(whole->statistics, second->statistics, whole->n_statistics * sizeof(float));
    unlink(opts.checkpoint);
    assert_int_equal(rmdir(path), 0);
    mdg_net *const nets[] = {net, whole, first, second};
    for (int i = 0; i < 4; i++) mdg_net_free(nets[i]);
}

/* The result's statistics are those of its own weights, whatever the running ones were before. */
static void test_statistics_are_taken_anew(void **state) {
    mdg_net *net = trained_net(*state), *plain = rounded_net(net, 4, *state),
            *spoiled = rounded_net(net, 4, *state);
    const mdg_span means = spoiled->layers[0].statistics;
    mdg_train_opts opts = settings;
    opts.epochs = 1;
    opts.learning_rate = 1e-9f;
    for (size_t i = 0; i < means.count / 2; i++) spoiled->statistics[means.at + i] += 5.0f;
    train(plain, &opts);
    train(spoiled, &opts);
    for (size_t i = 0; i < means.count / 2; i++)
        assert_true(fabsf(plain->statistics[means.at + i] - spoiled->statistics[means.at + i]) < 1e-3f);
    mdg_net *const nets[] = {net, plain, spoiled};
    for (int i = 0; i < 3; i++) mdg_net_free(nets[i]);
}

static void test_unknown_bits(void **state) {
    mdg_net *net = new_net(*state), *rounded = NULL;
    mdg_diag diag = {""};
    assert_int_equal(mdg_net_quantized(net, 3, &source, *state, &rounded, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "4 and 8"));
    mdg_net_free(net);
}

static int set_up(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int tear_down(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define TEST_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST_CASE(test_values_are_those_of_int8),
        TEST_CASE(test_values_without_a_range),
        TEST_CASE(test_values_that_are_no_numbers),
        TEST_CASE(test_exports_whole_steps),
        TEST_CASE(test_rounds_recurrent_layers),
        TEST_CASE(test_exports_ranges),
        TEST_CASE(test_gradients_go_straight_through_weights),
        TEST_CASE(test_gradients_end_at_the_range),
        TEST_CASE(test_bears_int4_better),
        TEST_CASE(test_resumes_to_the_same_bits),
        TEST_CASE(test_statistics_are_taken_anew),
        TEST_CASE(test_unknown_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
