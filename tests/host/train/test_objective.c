/* SPDX-License-Identifier: MIT
 *
 * What a net is trained towards, besides one class: its own input (the loss by hand, and a net that squeezes
 * twelve values through four), or a map of objects (gradients, and squares and crosses to be found).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exec/exec.h"
#include "train/objective.h"

enum { VALUES = 12 };

static mdg_net *new_autoencoder(mdg_arena *arena) {
    mdg_diag diag = {""};
    mdg_net_spec spec;
    mdg_net *net = NULL;
    const mdg_architecture_opts opts = {.width = 24, .depth = 1, .bottleneck = 4};
    if (mdg_net_architecture("autoencoder", &opts, VALUES, 1, 1, 0, arena, &spec, &diag) != MDG_OK ||
        mdg_net_new(&spec, 5, arena, &net, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    return net;
}

static void test_squared_distance(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_autoencoder(arena);
    const mdg_loss loss = {.gradient_scale = 0.5f};
    float output[2 * VALUES] = {0}, y[2 * VALUES] = {0}, diff[2 * VALUES];
    mdg_tally tally = {0};
    output[3] = 3.0f; /* sample 0: off by 3 and by -1 */
    y[4] = 1.0f;
    output[VALUES] = 2.0f; /* sample 1: off by 2 */
    mdg_objective_loss(net, &loss, output, y, 2, diff, &tally);
    assert_true(fabs(tally.loss - (10.0 + 4.0) / VALUES) < 1e-9);
    assert_int_equal(tally.count, 2);
    assert_true(fabsf(diff[3] - 2.0f * 3.0f * 0.5f / VALUES) < 1e-6f);
    assert_true(fabsf(diff[4] + 2.0f * 1.0f * 0.5f / VALUES) < 1e-6f);
    assert_true(fabsf(diff[VALUES] - 2.0f * 2.0f * 0.5f / VALUES) < 1e-6f);
    assert_true(diff[0] == 0.0f);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* A sine of any phase and height: two numbers tell all. */
static void fill_sine(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    mdg_rng r = mdg_rng_of(validation ? 3 : 2, (uint64_t)index);
    const float phase = mdg_rng_uniform(&r, 0.0f, 6.2832f), height = mdg_rng_uniform(&r, 0.5f, 2.0f);
    (void)context, (void)augment;
    assert_null(y);
    for (int i = 0; i < VALUES; i++) x[i] = height * sinf(phase + 0.5236f * (float)i);
}

static void test_reproduces_its_input(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_autoencoder(arena);
    mdg_diag diag = {""};
    mdg_history history;
    const mdg_train_opts opts = {.optimizer = "adam",
                                 .schedule = "cosine",
                                 .epochs = 30,
                                 .batch = 32,
                                 .learning_rate = 0.01f,
                                 .seed = 1,
                                 .workers = 2};
    const mdg_train_source source = {.n_train = 640, .n_validation = 128, .fill = fill_sine};
    float x[VALUES], again[VALUES], power = 0, off = 0;
    if (mdg_train(net, &opts, &source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int k = 0; k < 20; k++) {
        fill_sine(NULL, true, 1000 + k, NULL, x, NULL);
        assert_int_equal(mdg_net_predict(net, x, 1, again, &diag), MDG_OK);
        for (int i = 0; i < VALUES; i++) {
            power += x[i] * x[i];
            off += (x[i] - again[i]) * (x[i] - again[i]);
        }
    }
    if (!(off < 0.05f * power)) fail_msg("off by %g of %g", (double)off, (double)power);
    assert_true(history.epochs[29].validation_loss < 0.1f * history.epochs[0].validation_loss);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* ---- the head that tells anomalies ---- */

/* softmax(0, 4 (error / threshold - 1)) by the net's own reproduction */
static float anomaly_score(const mdg_net *net, const float *x, float threshold) {
    mdg_diag diag;
    float again[VALUES], error = 0;
    assert_int_equal(mdg_net_predict(net, x, 1, again, &diag), MDG_OK);
    for (int i = 0; i < VALUES; i++) error += (x[i] - again[i]) * (x[i] - again[i]) / VALUES;
    return 1.0f / (1.0f + expf(-4.0f * (error / threshold - 1.0f)));
}

static void test_anomaly_head(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_autoencoder(arena);
    mdg_diag diag = {""};
    mdg_graph *graph;
    mdg_exec *engine;
    float x[VALUES];
    assert_int_equal(mdg_net_export_anomaly(net, 0.0f, arena, &graph, &diag), MDG_INVALID);
    if (mdg_net_export_anomaly(net, 1.5f, arena, &graph, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_exec_open(graph, arena, &engine, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int k = 0; k < 10; k++) {
        fill_sine(NULL, true, k, NULL, x, NULL);
        memcpy(mdg_exec_input(engine, 0), x, sizeof x);
        mdg_exec_invoke(engine, NULL);
        const float *scores = mdg_exec_output(engine, 0), expected = anomaly_score(net, x, 1.5f);
        assert_true(fabsf(scores[1] - expected) < 1e-5f && fabsf(scores[0] + expected - 1.0f) < 1e-5f);
    }
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* ---- maps ---- */

enum { SIDE = 16, CELLS = 4, KINDS = 2 };

/* Pictures of 16x16 in cells of 4x4; 3x3 squares that are bright (class 0) or crosses (1), with noise. */
static void fill_scene(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    mdg_rng r = mdg_rng_of(validation ? 8 : 7, (uint64_t)index);
    mdg_object objects[2];
    const int n = (int)mdg_rng_below(&r, 3);
    (void)context, (void)augment;
    for (int i = 0; i < SIDE * SIDE; i++) x[i] = 0.1f * mdg_rng_normal(&r);
    for (int k = 0; k < n; k++) {
        const int row = 1 + (int)mdg_rng_below(&r, SIDE - 2), column = 1 + (int)mdg_rng_below(&r, SIDE - 2);
        objects[k] = (mdg_object){.label = 1 + (int)mdg_rng_below(&r, KINDS),
                                  .x = ((float)column + 0.5f) / SIDE,
                                  .y = ((float)row + 0.5f) / SIDE};
        for (int i = -1; i <= 1; i++)
            for (int j = -1; j <= 1; j++)
                if (objects[k].label == 1 || !i || !j) x[(row + i) * SIDE + column + j] = 1.0f;
    }
    if (y) mdg_map_target(objects, n, CELLS, CELLS, KINDS + 1, y);
}

static mdg_net *new_map_net(mdg_arena *arena) {
    mdg_layer_spec layers[] = {
        {.kind = MDG_LAYER_CONV2D, .from = -1, .filters = 8, .kernel_h = 3, .kernel_w = 3, .same = true},
        {.kind = MDG_LAYER_CONV2D, .filters = 16, .kernel_h = 4, .kernel_w = 4, .same = true},
        {.kind = MDG_LAYER_CONV2D, .from = 1, .filters = KINDS + 1, .kernel_h = 1, .kernel_w = 1},
    };
    mdg_diag diag = {""};
    mdg_net *net = NULL;
    layers[0].stride_h = layers[0].stride_w = layers[1].stride_h = layers[1].stride_w = 2;
    layers[0].batch_norm = layers[1].batch_norm = true;
    layers[0].activation = layers[1].activation = MDG_ACTIVATION_RELU;
    const mdg_net_spec spec = {SIDE, SIDE, 1, 3, KINDS + 1, layers, MDG_OBJECTIVE_MAP, 0};
    if (mdg_net_new(&spec, 5, arena, &net, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return net;
}

static void test_map_target(void **state) {
    (void)state;
    const mdg_object objects[] = {{.label = 2, .x = 0.99f, .y = 0.0f},
                                  {.label = 1, .x = 0.3f, .y = 0.6f},
                                  {.label = 1, .x = 1.0f, .y = 0.5f},
                                  {.label = 1, .x = -0.01f, .y = 0.5f}};
    float y[2 * 3 * 3];
    const float expected[] = {1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0};
    mdg_map_target(objects, 4, 2, 3, 3, y);
    for (int i = 0; i < 18; i++) assert_true(y[i] == expected[i]);
}

/* The mean of the cells' cross-entropies, and its gradient against finite differences */
static void test_map_loss(void **state) {
    (void)state;
    enum { COUNT = CELLS * CELLS * (KINDS + 1), N = 3 };
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_map_net(arena);
    const float weights[] = {1.0f, 20.0f, 5.0f};
    const mdg_loss loss = {.n_classes = KINDS + 1, .class_weights = weights, .gradient_scale = 1.0f / N};
    float output[N * COUNT], y[N * COUNT], diff[N * COUNT], x[SIDE * SIDE];
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < N * COUNT; i++) output[i] = mdg_rng_normal(&r);
    for (int i = 0; i < N; i++) fill_scene(NULL, false, i, NULL, x, y + i * COUNT);
    mdg_objective_loss(net, &loss, output, y, N, diff, &(mdg_tally){0});
    for (int i = 0; i < N * COUNT; i += 7) {
        double sums[2];
        for (int side = 0; side < 2; side++) {
            const float kept = output[i];
            mdg_tally tally = {0};
            output[i] += side ? 1e-2f : -1e-2f;
            mdg_objective_loss(net, &loss, output, y, N, NULL, &tally);
            output[i] = kept;
            assert_int_equal(tally.count, N * CELLS * CELLS);
            sums[side] = tally.loss / tally.count;
        }
        const double numeric = (sums[1] - sums[0]) / 2e-2;
        if (!(fabs(numeric - (double)diff[i]) < 1e-3 * fabs(numeric) + 1e-5))
            fail_msg("output %d: %g, not %g", i, (double)diff[i], numeric);
    }
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static int largest(const float *x) {
    int best = 0;
    for (int c = 1; c <= KINDS; c++)
        if (x[c] > x[best]) best = c;
    return best;
}

/* Of the cells that hold an object or are said to, how many are right */
static void count_found(const mdg_net *net, int n, int *right, int *either) {
    float x[SIDE * SIDE], y[CELLS * CELLS * (KINDS + 1)], scores[CELLS * CELLS * (KINDS + 1)];
    mdg_diag diag;
    *right = *either = 0;
    for (int k = 0; k < n; k++) {
        fill_scene(NULL, true, 5000 + k, NULL, x, y);
        assert_int_equal(mdg_net_predict(net, x, 1, scores, &diag), MDG_OK);
        for (int i = 0; i < CELLS * CELLS; i++) {
            const int truth = largest(y + i * (KINDS + 1)), found = largest(scores + i * (KINDS + 1));
            *either += truth || found;
            *right += truth && truth == found;
        }
    }
}

static void test_finds_objects(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_map_net(arena);
    mdg_diag diag = {""};
    mdg_history history;
    const float weights[] = {1.0f, 3.0f, 3.0f};
    const mdg_train_opts opts = {.optimizer = "adam",
                                 .schedule = "cosine",
                                 .epochs = 25,
                                 .batch = 32,
                                 .learning_rate = 0.01f,
                                 .seed = 1,
                                 .workers = 2};
    const mdg_train_source source = {
        .n_train = 960, .n_validation = 100, .fill = fill_scene, .class_weights = weights};
    int right, either;
    if (mdg_train(net, &opts, &source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
    count_found(net, 100, &right, &either);
    if (!(right > 0.7 * either)) fail_msg("%d of %d objects", right, either);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squared_distance), cmocka_unit_test(test_reproduces_its_input),
        cmocka_unit_test(test_map_target),       cmocka_unit_test(test_map_loss),
        cmocka_unit_test(test_finds_objects),    cmocka_unit_test(test_anomaly_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
