/* SPDX-License-Identifier: MIT
 *
 * Layer lists: what is wrong in them is found and said with the layer's number; architectures have known
 * shapes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/net.h"

typedef struct bad_case {
    const char *said;
    mdg_layer_spec layers[3];
} bad_case;

#define CONV(...)                                                                                            \
    { .kind = MDG_LAYER_CONV2D, .filters = 4, .kernel_h = 3, .kernel_w = 3, __VA_ARGS__ }
#define DENSE(...)                                                                                           \
    { .kind = MDG_LAYER_DENSE, .filters = 2, __VA_ARGS__ }

/* Input 6x6x1, 2 classes. */
static const bad_case bad[] = {
    {"layer 1 conv2d: the output shrinks to nothing",
     {CONV(.from = -1, .stride_h = 2, .stride_w = 2), CONV(.from = 0), DENSE(.from = 1)}},
    {"layer 1 conv2d: reads a layer", {CONV(.from = -1), CONV(.from = 1), DENSE(.from = 1)}},
    {"layer 0 conv2d: reads a layer", {CONV(.from = -2), CONV(.from = 0), DENSE(.from = 1)}},
    {"layer 0 conv2d: no layer reads", {CONV(.from = -1), CONV(.from = -1), DENSE(.from = 1)}},
    {"layer 1 add: layer 0 gives 4x4x4, but layer -1 gives 6x6x1",
     {CONV(.from = -1), {.kind = MDG_LAYER_ADD, .from = 0, .with = -1}, DENSE(.from = 1)}},
    {"layer 1 add: adds a layer",
     {CONV(.from = -1), {.kind = MDG_LAYER_ADD, .from = 0, .with = 1}, DENSE(.from = 1)}},
    {"layer 1 depthwise_conv2d: gives more than 16777216 values",
     {CONV(.from = -1),
      {.kind = MDG_LAYER_DEPTHWISE_CONV2D, .from = 0, .kernel_h = 1, .kernel_w = 1, .filters = 1 << 29},
      DENSE(.from = 1)}},
    {"layer 1 dense: the network has more than 128 million parameters",
     {CONV(.from = -1), {.kind = MDG_LAYER_DENSE, .from = 0, .filters = 1 << 23}, DENSE(.from = 1)}},
    {"layer 1 dropout: rate",
     {CONV(.from = -1), {.kind = MDG_LAYER_DROPOUT, .from = 0, .rate = 1.0f}, DENSE(.from = 1)}},
    {"layer 1 max_pool: needs a kernel",
     {CONV(.from = -1), {.kind = MDG_LAYER_MAX_POOL, .from = 0}, DENSE(.from = 1)}},
    {"layer 1 flatten: batch norm goes with",
     {CONV(.from = -1), {.kind = MDG_LAYER_FLATTEN, .from = 0, .batch_norm = true}, DENSE(.from = 1)}},
    {"layer 1 flatten: an activation goes with",
     {CONV(.from = -1),
      {.kind = MDG_LAYER_FLATTEN, .from = 0, .activation = MDG_ACTIVATION_RELU},
      DENSE(.from = 1)}},
    {"layer 1 dense: needs at least 1",
     {CONV(.from = -1), {.kind = MDG_LAYER_DENSE, .from = 0}, DENSE(.from = 1)}},
    {"layer 1 unknown: no such kind",
     {CONV(.from = -1), {.kind = (mdg_layer_kind)99, .from = 0}, DENSE(.from = 1)}},
    {"layer 2 conv2d: gives 2x2x4; the last layer must give 2 values",
     {CONV(.from = -1, .same = true), CONV(.from = 0), CONV(.from = 1)}},
    {"layer 2 dense: gives 1x1x2; the last layer must give 2 values, one a class, without activation",
     {CONV(.from = -1), CONV(.from = 0), DENSE(.from = 1, .activation = MDG_ACTIVATION_RELU)}},
};

static void test_bad_lists(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mdg_layer_spec layers[3];
        mdg_diag diag = {""};
        memcpy(layers, bad[i].layers, sizeof layers);
        assert_int_equal(mdg_net_spec_check(&(mdg_net_spec){6, 6, 1, 3, 2, layers}, &diag), MDG_INVALID);
        if (!strstr(diag.text, bad[i].said)) fail_msg("\"%s\" does not say \"%s\"", diag.text, bad[i].said);
    }
}

static void test_empty_network(void **state) {
    (void)state;
    mdg_diag diag;
    assert_int_equal(mdg_net_spec_check(&(mdg_net_spec){6, 6, 1, 0, 2, NULL}, &diag), MDG_INVALID);
    assert_int_equal(mdg_net_spec_check(&(mdg_net_spec){.n_layers = -5}, &diag), MDG_INVALID);
}

/* MLPerf Tiny's keyword network: 49x10 MFCC, 64 filters, 4 blocks, 12 classes: 2,656,768 MACs. */
static void test_ds_cnn_is_mlperfs(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag;
    mdg_net_spec spec;
    mdg_net *net;
    char *text;
    size_t size;
    assert_int_equal(
        mdg_net_architecture("ds_cnn", &(mdg_architecture_opts){0}, 49, 10, 1, 12, arena, &spec, &diag),
        MDG_OK);
    assert_int_equal(mdg_net_new(&spec, 1, arena, &net, &diag), MDG_OK);
    /* first: 2560 + 2 * 64; blocks: 576 + 128 + 4096 + 128; dense: 64 * 12 + 12 */
    assert_int_equal(mdg_net_parameters(net), 2688 + 4 * 4928 + 780);
    FILE *out = open_memstream(&text, &size);
    mdg_net_print(net, out);
    fclose(out);
    assert_non_null(strstr(text, "2656768"));
    assert_non_null(strstr(text, "25x5x64"));
    free(text);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_architecture_names(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag;
    mdg_net_spec spec;
    const mdg_architecture_opts none = {0}, negative = {.width = -1};
    assert_int_equal(mdg_net_architecture("resnet99", &none, 8, 8, 1, 2, arena, &spec, &diag), MDG_NOT_FOUND);
    assert_non_null(strstr(diag.text, "ds_cnn"));
    assert_int_equal(mdg_net_architecture("mlp", &negative, 8, 8, 1, 2, arena, &spec, &diag), MDG_INVALID);
    assert_int_equal(mdg_net_architecture("mlp", &none, 8, 8, 1, 1, arena, &spec, &diag), MDG_INVALID);
    mdg_arena_free(arena);
}

/* The second block of a large map halves it; no layer of a small one shrinks to nothing. */
static void test_ds_cnn_fits_any_input(void **state) {
    (void)state;
    static const int sizes[][3] = {{1, 1, 1},   {2, 3, 1},   {1, 100, 3}, {200, 1, 6},
                                   {49, 40, 1}, {96, 96, 3}, {28, 28, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_diag diag = {""};
        mdg_net_spec spec;
        const mdg_architecture_opts none = {0};
        const mdg_status status = mdg_net_architecture("ds_cnn", &none, sizes[i][0], sizes[i][1], sizes[i][2],
                                                       4, arena, &spec, &diag);
        if (status != MDG_OK) fail_msg("%s", diag.text);
        mdg_arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_empty_network),
        cmocka_unit_test(test_ds_cnn_is_mlperfs),
        cmocka_unit_test(test_architecture_names),
        cmocka_unit_test(test_ds_cnn_fits_any_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
