/* SPDX-License-Identifier: MIT
 *
 * A training that begins with another model: the net computes what that one does, frozen layers stay as they
 * are to the bit, and a new head learns on top of them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/dnn.h"
#include "train/transfer.h"

enum { SIDE = 8, CLASSES = 3, SAMPLES = 96, PIXELS = SIDE * SIDE };

/* Class 0: a horizontal bar, 1: a vertical one, 2: a diagonal, with noise. */
static void fill_bars(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    (void)context, (void)augment;
    mdg_rng r = mdg_rng_of(validation ? 7 : 5, (uint64_t)index);
    const int label = index % CLASSES, at = (int)mdg_rng_below(&r, SIDE);
    for (int i = 0; i < PIXELS; i++) x[i] = 0.3f * mdg_rng_normal(&r);
    for (int i = 0; i < SIDE; i++)
        x[(label == 0 ? at : i) * SIDE + (label == 1 ? at : (i + at * (label == 2)) % SIDE)] += 1;
    for (int c = 0; c < CLASSES; c++) y[c] = c == label;
}

static const mdg_train_source source = {.n_train = SAMPLES, .n_validation = SAMPLES, .fill = fill_bars};

static mdg_train_opts options(void) {
    return (mdg_train_opts){.optimizer = "adam",
                            .schedule = "constant",
                            .epochs = 12,
                            .batch = 16,
                            .learning_rate = 0.01f,
                            .workers = 2,
                            .seed = 1};
}

static mdg_net *new_net(const char *architecture, int n_classes, uint64_t seed, mdg_arena *arena) {
    mdg_diag diag = {""};
    mdg_net_spec spec;
    mdg_net *net = NULL;
    const mdg_architecture_opts opts = {.width = 16, .depth = 2};
    if (mdg_net_architecture(architecture, &opts, SIDE, SIDE, 1, n_classes, arena, &spec, &diag) != MDG_OK ||
        mdg_net_new(&spec, seed, arena, &net, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    return net;
}

static mdg_history train(mdg_net *net, const mdg_train_opts *opts) {
    mdg_history history;
    mdg_diag diag = {""};
    if (mdg_train(net, opts, &source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return history;
}

static mdg_graph *trained(mdg_net *net, mdg_arena *arena) {
    mdg_graph *graph;
    mdg_diag diag;
    const mdg_train_opts opts = options();
    train(net, &opts);
    assert_int_equal(mdg_net_export(net, arena, &graph, &diag), MDG_OK);
    return graph;
}

static void predict(const mdg_net *net, float *out) {
    static float x[SAMPLES][PIXELS], y[CLASSES];
    mdg_diag diag;
    for (int i = 0; i < SAMPLES; i++) fill_bars(NULL, true, i, NULL, x[i], y);
    assert_int_equal(mdg_net_predict(net, x[0], SAMPLES, out, &diag), MDG_OK);
}

static void assert_same_predictions(const mdg_net *a, const mdg_net *b) {
    static float of_a[SAMPLES * CLASSES], of_b[SAMPLES * CLASSES];
    predict(a, of_a);
    predict(b, of_b);
    for (int i = 0; i < SAMPLES * CLASSES; i++) assert_true(fabsf(of_a[i] - of_b[i]) < 1e-3f);
}

static mdg_transfer start(mdg_net *net, const mdg_graph *graph, bool new_head) {
    mdg_transfer t;
    mdg_diag diag = {""};
    if (mdg_net_start_from(net, graph, new_head, &t, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return t;
}

static void test_computes_the_same(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *teacher = new_net("ds_cnn", CLASSES, 1, arena), *net = new_net("ds_cnn", CLASSES, 2, arena);
    const mdg_transfer t = start(net, trained(teacher, arena), false);
    assert_int_equal(t.n_loaded, t.n_weighted);
    assert_int_equal(t.n_weighted, 6); /* one convolution, two blocks of two, one dense layer */
    assert_same_predictions(teacher, net);
    const int threads = mdg_dnn_one_thread();
    mdg_shard *shard;
    mdg_diag diag = {""};
    assert_int_equal(mdg_shard_new(net, 16, false, &shard, &diag), MDG_OK);
    assert_int_equal(mdg_transfer_settle(net, shard, &source), MDG_OK);
    mdg_shard_free(shard);
    mdg_dnn_threads_restore(threads);
    assert_same_predictions(teacher, net);
    const mdg_layer *first = &net->layers[0];
    const float *variance = net->statistics + first->statistics.at + first->out_c;
    for (int c = 0; c < first->out_c; c++) /* found again, scaled as the folded weights are */
        assert_true(fabsf(net->params[first->norm.at + (size_t)c] - sqrtf(variance[c] + MDG_NORM_EPSILON)) <
                    1e-6f);
    mdg_net_free(teacher);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_frozen_layers(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *teacher = new_net("ds_cnn", CLASSES, 1, arena), *net = new_net("ds_cnn", CLASSES, 2, arena);
    mdg_train_opts opts = options();
    const mdg_transfer t = start(net, trained(teacher, arena), true);
    assert_int_equal(t.n_loaded, t.n_weighted - 1);
    const mdg_layer *last = &net->layers[net->spec.n_layers - 1];
    mdg_net *before = new_net("ds_cnn", CLASSES, 2, arena);
    memcpy(before->params, net->params, net->n_params * sizeof(float));
    memcpy(before->statistics, net->statistics, net->n_statistics * sizeof(float));
    opts.freeze = net->spec.n_layers - 1;
    opts.average = 0.9f;
    opts.weight_decay = 0.01f;
    const mdg_history h = train(net, &opts);
    for (int i = 0; i < net->spec.n_layers; i++)
        assert_false(net->layers[i].loaded); /* a next training settles nothing */
    assert_true(h.epochs[h.best_epoch].validation_accuracy > 0.9f);
    assert_memory_equal(net->params, before->params, last->weights.at * sizeof(float));
    assert_memory_equal(net->statistics, before->statistics, net->n_statistics * sizeof(float));
    assert_memory_not_equal(net->params + last->weights.at, before->params + last->weights.at,
                            last->weights.count * sizeof(float));
    mdg_net_free(teacher);
    mdg_net_free(before);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void expect(mdg_status status, const mdg_diag *diag, const char *said) {
    assert_int_equal(status, MDG_INVALID);
    if (!strstr(diag->text, said)) fail_msg("\"%s\" does not say \"%s\"", diag->text, said);
}

static void test_what_does_not_fit(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *teacher = new_net("ds_cnn", CLASSES, 1, arena), *other = new_net("mlp", CLASSES, 2, arena),
            *wider = new_net("ds_cnn", CLASSES + 2, 2, arena);
    mdg_graph *graph = trained(teacher, arena);
    mdg_transfer t;
    mdg_diag diag = {""};
    mdg_history history;
    expect(mdg_net_start_from(other, graph, false, &t, &diag), &diag, "no convolution or dense layer of it");
    t = start(wider, graph, false); /* all but the last layer, which has more classes */
    assert_int_equal(t.n_loaded, t.n_weighted - 1);
    mdg_train_opts opts = options();
    opts.freeze = teacher->spec.n_layers;
    expect(mdg_train(teacher, &opts, &source, NULL, &history, &diag), &diag, "none of the");
    mdg_net_free(teacher);
    mdg_net_free(other);
    mdg_net_free(wider);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_computes_the_same),
                                       cmocka_unit_test(test_frozen_layers),
                                       cmocka_unit_test(test_what_does_not_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
