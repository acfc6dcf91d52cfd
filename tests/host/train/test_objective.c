/* SPDX-License-Identifier: MIT
 *
 * What a net is trained towards, besides classes: its own input. The loss by hand, and a net that squeezes
 * twelve values through two.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squared_distance),
        cmocka_unit_test(test_reproduces_its_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
