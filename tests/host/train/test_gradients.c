/* SPDX-License-Identifier: MIT
 *
 * Every layer's gradients against finite differences of the loss, for all parameters. A 1x1 convolution in
 * front of the layer under test makes its input's gradient count, too. The loss has soft targets, smoothing
 * and class weights.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/loss.h"
#include "train/shard.h"

enum { BATCH = 4, CLASSES = 3, MAX_LAYERS = 8 };

typedef struct gradient_case {
    const char *name;
    int h, w, c;
    float input_scale; /* 0 = 1 */
    int n_layers;
    mdg_layer_spec layers[MAX_LAYERS]; /* from 0: each reads the one before it */
} gradient_case;

#define FRONT                                                                                                \
    { .kind = MDG_LAYER_CONV2D, .filters = 4, .kernel_h = 1, .kernel_w = 1 }
#define HEAD                                                                                                 \
    { .kind = MDG_LAYER_DENSE, .filters = CLASSES }
#define POOLED {.kind = MDG_LAYER_GLOBAL_AVERAGE_POOL}, HEAD

static const gradient_case cases[] = {
    {"dense", 2, 3, 4, 0, 2, {{.kind = MDG_LAYER_DENSE, .filters = 5}, HEAD}},
    {"dense relu",
     2,
     3,
     4,
     0,
     2,
     {{.kind = MDG_LAYER_DENSE, .filters = 7, .activation = MDG_ACTIVATION_RELU}, HEAD}},
    {"dense norm relu",
     2,
     3,
     4,
     0,
     2,
     {{.kind = MDG_LAYER_DENSE, .filters = 7, .batch_norm = true, .activation = MDG_ACTIVATION_RELU}, HEAD}},
    {"flatten, dense", 2, 3, 4, 0, 3, {FRONT, {.kind = MDG_LAYER_FLATTEN}, HEAD}},
    {"conv valid",
     5,
     6,
     2,
     0,
     3,
     {FRONT, {.kind = MDG_LAYER_CONV2D, .filters = 5, .kernel_h = 3, .kernel_w = 2}, HEAD}},
    {"conv same, asymmetric",
     5,
     6,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 3,
       .kernel_w = 3,
       .stride_h = 2,
       .stride_w = 2,
       .same = true},
      HEAD}},
    {"conv 10x4",
     9,
     5,
     1,
     0,
     2,
     {{.kind = MDG_LAYER_CONV2D,
       .filters = 8,
       .kernel_h = 10,
       .kernel_w = 4,
       .stride_h = 2,
       .stride_w = 2,
       .same = true},
      HEAD}},
    {"conv 16 channels",
     6,
     6,
     2,
     0,
     5,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D, .filters = 16, .kernel_h = 3, .kernel_w = 3, .same = true},
      {.kind = MDG_LAYER_CONV2D, .filters = 16, .kernel_h = 1, .kernel_w = 1},
      POOLED}},
    {"conv stride beyond kernel",
     7,
     7,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 1,
       .kernel_w = 1,
       .stride_h = 3,
       .stride_w = 3,
       .same = true},
      HEAD}},
    {"conv norm",
     4,
     5,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 3,
       .kernel_w = 3,
       .same = true,
       .batch_norm = true},
      HEAD}},
    {"conv norm relu",
     4,
     5,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 3,
       .kernel_w = 3,
       .same = true,
       .batch_norm = true,
       .activation = MDG_ACTIVATION_RELU},
      HEAD}},
    {"conv norm relu6",
     4,
     5,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 3,
       .kernel_w = 3,
       .same = true,
       .batch_norm = true,
       .activation = MDG_ACTIVATION_RELU6},
      HEAD}},
    {"conv relu6, saturated",
     4,
     5,
     2,
     6,
     4,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D,
       .filters = 5,
       .kernel_h = 2,
       .kernel_w = 2,
       .activation = MDG_ACTIVATION_RELU6},
      POOLED}},
    {"depthwise same",
     5,
     6,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_DEPTHWISE_CONV2D,
       .kernel_h = 3,
       .kernel_w = 3,
       .stride_h = 2,
       .stride_w = 2,
       .same = true},
      HEAD}},
    {"depthwise multiplier",
     5,
     6,
     2,
     0,
     3,
     {FRONT, {.kind = MDG_LAYER_DEPTHWISE_CONV2D, .filters = 3, .kernel_h = 3, .kernel_w = 2}, HEAD}},
    {"depthwise norm relu",
     5,
     6,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_DEPTHWISE_CONV2D,
       .kernel_h = 3,
       .kernel_w = 3,
       .same = true,
       .batch_norm = true,
       .activation = MDG_ACTIVATION_RELU},
      HEAD}},
    {"average pool same",
     5,
     6,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_AVERAGE_POOL,
       .kernel_h = 3,
       .kernel_w = 3,
       .stride_h = 2,
       .stride_w = 2,
       .same = true},
      HEAD}},
    {"average pool valid",
     5,
     6,
     2,
     0,
     3,
     {FRONT, {.kind = MDG_LAYER_AVERAGE_POOL, .kernel_h = 2, .kernel_w = 3}, HEAD}},
    {"max pool same",
     5,
     6,
     2,
     0,
     3,
     {FRONT,
      {.kind = MDG_LAYER_MAX_POOL, .kernel_h = 3, .kernel_w = 3, .stride_h = 2, .stride_w = 2, .same = true},
      HEAD}},
    {"global average pool", 5, 6, 2, 0, 3, {FRONT, POOLED}},
    {"dropout", 3, 3, 2, 0, 3, {FRONT, {.kind = MDG_LAYER_DROPOUT, .rate = 0.4f}, HEAD}},
    {"residual",
     4,
     5,
     2,
     0,
     5,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D, .filters = 4, .kernel_h = 3, .kernel_w = 3, .same = true},
      {.kind = MDG_LAYER_ADD, .with = 0, .activation = MDG_ACTIVATION_RELU},
      POOLED}},
    {"residual through norm, three readers",
     4,
     5,
     2,
     0,
     7,
     {{.kind = MDG_LAYER_CONV2D,
       .filters = 4,
       .kernel_h = 1,
       .kernel_w = 1,
       .batch_norm = true,
       .activation = MDG_ACTIVATION_RELU},
      {.kind = MDG_LAYER_CONV2D,
       .filters = 4,
       .kernel_h = 3,
       .kernel_w = 3,
       .same = true,
       .batch_norm = true},
      {.kind = MDG_LAYER_ADD, .with = 0},
      {.kind = MDG_LAYER_DEPTHWISE_CONV2D, .kernel_h = 3, .kernel_w = 3, .same = true},
      {.kind = MDG_LAYER_ADD, .with = 0, .activation = MDG_ACTIVATION_RELU6},
      POOLED}},
    {"concat",
     4,
     5,
     3,
     0,
     5,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D, .filters = 3, .kernel_h = 1, .kernel_w = 1},
      {.kind = MDG_LAYER_CONCAT, .with = 0},
      {.kind = MDG_LAYER_CONCAT, .with = -1},
      HEAD}},
    {"branches",
     6,
     6,
     2,
     0,
     7,
     {FRONT,
      {.kind = MDG_LAYER_CONV2D, .filters = 4, .kernel_h = 3, .kernel_w = 3, .same = true},
      {.kind = MDG_LAYER_MAX_POOL, .kernel_h = 2, .kernel_w = 2},
      {.kind = MDG_LAYER_AVERAGE_POOL, .from = 1, .kernel_h = 2, .kernel_w = 2},
      {.kind = MDG_LAYER_CONCAT, .with = 2},
      {.kind = MDG_LAYER_ADD, .with = 4},
      HEAD}},
    {"reshape to time",
     7,
     4,
     2,
     0,
     4,
     {FRONT,
      {.kind = MDG_LAYER_RESHAPE},
      {.kind = MDG_LAYER_CONV2D, .filters = 5, .kernel_h = 3, .kernel_w = 1, .same = true},
      HEAD}},
    {"reshape", 6, 4, 2, 0, 4, {FRONT, {.kind = MDG_LAYER_RESHAPE, .kernel_h = 4, .kernel_w = 6}, POOLED}},
    {"lstm", 5, 2, 3, 0, 3, {FRONT, {.kind = MDG_LAYER_LSTM, .filters = 4}, HEAD}},
    {"gru", 5, 2, 3, 0, 3, {FRONT, {.kind = MDG_LAYER_GRU, .filters = 4}, HEAD}},
    {"lstm on lstm",
     4,
     1,
     3,
     0,
     4,
     {FRONT,
      {.kind = MDG_LAYER_LSTM, .filters = 5, .sequence = true},
      {.kind = MDG_LAYER_LSTM, .filters = 3},
      HEAD}},
    {"gru, all steps",
     6,
     1,
     3,
     0,
     4,
     {{.kind = MDG_LAYER_GRU, .filters = 5, .sequence = true},
      {.kind = MDG_LAYER_GRU, .filters = 3, .sequence = true},
      {.kind = MDG_LAYER_CONV2D, .filters = 4, .kernel_h = 3, .kernel_w = 1},
      HEAD}},
    {"gru of one step", 1, 4, 2, 0, 3, {FRONT, {.kind = MDG_LAYER_GRU, .filters = 4}, HEAD}},
    {"add of the input", 4, 5, 4, 0, 4, {FRONT, {.kind = MDG_LAYER_ADD, .with = -1}, POOLED}},
};

typedef struct bench {
    mdg_arena *arena;
    mdg_net *net;
    mdg_shard *shard;
    mdg_loss loss;
    float y[BATCH * CLASSES];
} bench;

static const float class_weights[CLASSES] = {1.0f, 0.5f, 2.0f};

static void set_up(bench *b, const gradient_case *c) {
    mdg_diag diag = {""};
    mdg_layer_spec layers[MAX_LAYERS];
    memcpy(layers, c->layers, sizeof layers);
    for (int i = 0; i < c->n_layers; i++)
        if (layers[i].from == 0) layers[i].from = i - 1;
    const mdg_net_spec spec = {c->h, c->w, c->c, c->n_layers, CLASSES, layers, MDG_OBJECTIVE_CLASSES, 0};
    *b = (bench){.arena = mdg_arena_new(), .loss = {CLASSES, 0.1f, class_weights, 1.0f / BATCH}};
    if (mdg_net_new(&spec, 11, b->arena, &b->net, &diag) != MDG_OK) fail_msg("%s: %s", c->name, diag.text);
    mdg_rng r = mdg_rng_of(17, 0);
    for (size_t i = 0; i < b->net->n_params; i++) b->net->params[i] += mdg_rng_uniform(&r, -0.2f, 0.2f);
    if (mdg_shard_new(b->net, BATCH, true, &b->shard, &diag) != MDG_OK)
        fail_msg("%s: %s", c->name, diag.text);
    mdg_value *input = &b->shard->values[0];
    for (size_t i = 0; i < input->count; i++)
        input->data[i] = (c->input_scale > 0 ? c->input_scale : 1.0f) * mdg_rng_normal(&r);
    for (int i = 0; i < BATCH; i++) {
        const float share = mdg_rng_uniform(&r, 0.0f, 1.0f);
        b->y[i * CLASSES + i % CLASSES] += share;
        b->y[i * CLASSES + (i + 1) % CLASSES] += 1.0f - share;
    }
}

static void tear_down(bench *b) {
    mdg_shard_free(b->shard);
    mdg_net_free(b->net);
    mdg_arena_free(b->arena);
}

static double loss_of(bench *b) {
    mdg_tally tally = {0};
    mdg_value *output = mdg_shard_output(b->shard);
    b->shard->dropout = mdg_rng_of(23, 0);
    assert_int_equal(mdg_shard_forward(b->shard, MDG_PHASE_TRAIN), MDG_OK);
    mdg_softmax_loss(&b->loss, output->data, b->y, BATCH, output->diff, &tally);
    return tally.loss / BATCH;
}

static double numeric_gradient(bench *b, size_t at) {
    float *p = &b->net->params[at];
    const float kept = *p, step = 2e-3f;
    *p = kept + step;
    const double above = loss_of(b);
    const float high = *p;
    *p = kept - step;
    const double below = loss_of(b);
    const double width = (double)high - (double)*p;
    *p = kept;
    return (above - below) / width;
}

/* The distance of the two gradients of a span, relative to their size: 2 % is for steps across a kink of ReLU
 * or max. */
static void check_span(bench *b, const gradient_case *c, int layer, const char *what, mdg_span span) {
    double distance = 0, size = 0;
    for (size_t i = span.at; i < span.at + span.count; i++) {
        const double numeric = numeric_gradient(b, i), ours = (double)b->shard->gradients[i];
        distance += (numeric - ours) * (numeric - ours);
        size += numeric * numeric + ours * ours;
    }
    distance = sqrt(distance);
    size = sqrt(size / 2);
    if (!(distance <= 0.02 * size + 5e-4))
        fail_msg("%s: layer %d %s: off by %g of %g", c->name, layer, what, distance, size);
}

static void check_case(const gradient_case *c) {
    bench b;
    const int threads = mdg_dnn_one_thread();
    set_up(&b, c);
    loss_of(&b);
    assert_int_equal(mdg_shard_backward(b.shard), MDG_OK);
    for (int i = 0; i < c->n_layers; i++) {
        const mdg_layer *l = &b.net->layers[i];
        check_span(&b, c, i, "weights", l->weights);
        check_span(&b, c, i, "bias", l->bias);
        check_span(&b, c, i, "norm", l->norm);
    }
    mdg_dnn_threads_restore(threads);
    tear_down(&b);
}

static void test_gradients(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_case(&cases[i]);
}

static void assert_near(double a, double b) {
    if (!(fabs(a - b) < 1e-6)) fail_msg("%.9g is not %.9g", a, b);
}

/* softmax of (ln 1, ln 3) is (1/4, 3/4): loss and gradient by hand. */
static void test_loss_by_hand(void **state) {
    (void)state;
    const float logits[] = {0.0f, logf(3.0f)}, y[] = {1.0f, 0.0f};
    float diff[2];
    mdg_tally tally = {0};
    mdg_softmax_loss(&(mdg_loss){.n_classes = 2, .gradient_scale = 1.0f}, logits, y, 1, diff, &tally);
    assert_near(tally.loss, log(4.0));
    assert_near((double)diff[0], -0.75);
    assert_near((double)diff[1], 0.75);
    assert_int_equal(tally.correct, 0);
    mdg_softmax_loss(&(mdg_loss){.n_classes = 2, .smoothing = 0.2f, .gradient_scale = 1.0f}, logits, y, 1,
                     diff, &tally);
    assert_near(tally.loss, log(4.0) + 0.9 * log(4.0) + 0.1 * log(4.0 / 3.0));
    assert_near((double)diff[0], 0.25 - 0.9);
    assert_int_equal(tally.count, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_loss_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
