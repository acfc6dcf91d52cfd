/* SPDX-License-Identifier: MIT
 *
 * Channels taken out: those that do nothing go first, through depthwise layers and additions, and the net
 * says what it said; the cost gets down to where it was wanted, in multiples of the granule.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "host/test_arena.h"
#include "train/net.h"
#include "train/prune.h"

enum { SIDE = 8, CLASSES = 3, WIDTH = 16, SAMPLES = 5 };

#define CONV(size, n)                                                                                        \
    .kind = MDG_LAYER_CONV2D, .filters = (n), .kernel_h = (size), .kernel_w = (size), .same = true,          \
    .batch_norm = true, .activation = MDG_ACTIVATION_RELU

/* A block with a shortcut, a depthwise layer, and what is read in one piece by the dense layer */
static mdg_net *make_net(bool flat) {
    mdg_layer_spec layers[] = {
        {CONV(3, WIDTH), .from = -1},
        {CONV(3, 2 * WIDTH), .from = 0},
        {.kind = MDG_LAYER_CONV2D,
         .filters = WIDTH,
         .kernel_h = 1,
         .kernel_w = 1,
         .batch_norm = true,
         .from = 1},
        {.kind = MDG_LAYER_ADD, .from = 2, .with = 0, .activation = MDG_ACTIVATION_RELU},
        {.kind = MDG_LAYER_DEPTHWISE_CONV2D,
         .kernel_h = 3,
         .kernel_w = 3,
         .stride_h = 2,
         .stride_w = 2,
         .same = true,
         .batch_norm = true,
         .activation = MDG_ACTIVATION_RELU,
         .from = 3},
        {CONV(1, 2 * WIDTH), .from = 4},
        {.kind = flat ? MDG_LAYER_FLATTEN : MDG_LAYER_GLOBAL_AVERAGE_POOL, .from = 5},
        {.kind = MDG_LAYER_DENSE, .filters = CLASSES, .from = 6}};
    const mdg_net_spec spec = {.in_h = SIDE,
                               .in_w = SIDE,
                               .in_c = 2,
                               .n_layers = sizeof layers / sizeof *layers,
                               .n_classes = CLASSES,
                               .layers = layers};
    mdg_net *net;
    mdg_diag diag = {""};
    if (mdg_net_new(&spec, 7, arena, &net, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return net;
}

/* Every other channel becomes 0 behind these layers. */
static void silence(mdg_net *net, int layer) {
    const mdg_layer *l = &net->layers[layer];
    for (int c = 1; c < l->out_c; c += 2)
        net->params[l->norm.at + (size_t)c] = net->params[l->norm.at + (size_t)(l->out_c + c)] = 0;
}

static double parameters(void *context, const mdg_net_spec *spec) {
    mdg_net *net;
    (*(int *)context)++;
    if (mdg_net_new(spec, 1, arena, &net, NULL) != MDG_OK) return -1;
    const double n = (double)mdg_net_parameters(net);
    mdg_net_free(net);
    return n;
}

static mdg_net *pruned(const mdg_net *net, double target, int granule) {
    int asked = 0;
    const mdg_prune_opts opts = {.target = target, .granule = granule, .cost = parameters, .context = &asked};
    mdg_diag diag = {""};
    mdg_net *out;
    if (mdg_net_prune(net, &opts, arena, &out, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_true(asked > 2);
    return out;
}

static void predict(const mdg_net *net, float *out) {
    float x[SAMPLES * SIDE * SIDE * 2];
    mdg_rng r = mdg_rng_of(3, 0);
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) x[i] = mdg_rng_normal(&r);
    assert_int_equal(mdg_net_predict(net, x, SAMPLES, out, NULL), MDG_OK);
}

static void assert_same_answers(const mdg_net *a, const mdg_net *b) {
    float of_a[SAMPLES * CLASSES], of_b[SAMPLES * CLASSES];
    predict(a, of_a);
    predict(b, of_b);
    for (int i = 0; i < SAMPLES * CLASSES; i++) assert_float_equal(of_a[i], of_b[i], 1e-5);
    assert_true(fabsf(of_a[0] - of_a[CLASSES]) > 1e-4f); /* that they answer at all */
}

static void silent_channels_go_first(void **state) {
    (void)state;
    for (int flat = 0; flat < 2; flat++) {
        mdg_net *net = make_net(flat);
        for (int i = 0; i < 6; i++)
            if (i != 3) silence(net, i);
        int asked = 0;
        const double all = parameters(&asked, &net->spec);
        mdg_net *narrow = pruned(net, 0.45 * all, 4);
        assert_true((double)mdg_net_parameters(narrow) <= 0.45 * all);
        assert_same_answers(net, narrow);
        for (int i = 0; i < 6; i++) assert_int_equal(narrow->layers[i].out_c % 4, 0);
        assert_int_equal(narrow->layers[0].out_c, narrow->layers[3].out_c);
        assert_int_equal(narrow->layers[2].out_c, narrow->layers[4].out_c);
        assert_int_equal(narrow->layers[7].out_c, CLASSES);
        mdg_net_free(narrow);
        mdg_net_free(net);
    }
}

/* A net that is small enough stays as it is, in every number. */
static void nothing_to_do(void **state) {
    (void)state;
    mdg_net *net = make_net(true);
    int asked = 0;
    const mdg_prune_opts opts = {.target = 1e9, .granule = 4, .cost = parameters, .context = &asked};
    mdg_net *same;
    assert_int_equal(mdg_net_prune(net, &opts, arena, &same, NULL), MDG_OK);
    assert_int_equal(net->n_params, same->n_params);
    assert_memory_equal(net->params, same->params, net->n_params * sizeof *net->params);
    assert_memory_equal(net->statistics, same->statistics, net->n_statistics * sizeof *net->statistics);
    mdg_net_free(same);
    mdg_net_free(net);
}

static double unknown(void *context, const mdg_net_spec *spec) {
    (void)context, (void)spec;
    return -1;
}

static void what_cannot_be_is_told(void **state) {
    (void)state;
    mdg_net *net = make_net(false), *out;
    int asked = 0;
    mdg_diag diag = {""};
    mdg_prune_opts opts = {.target = 10, .granule = 4, .cost = parameters, .context = &asked};
    assert_int_equal(mdg_net_prune(net, &opts, arena, &out, &diag), MDG_BUDGET);
    assert_non_null(strstr(diag.text, "still costs"));
    opts.cost = unknown;
    assert_int_equal(mdg_net_prune(net, &opts, arena, &out, &diag), MDG_INVALID);
    mdg_net_free(net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_channels_go_first),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
