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
    {"layer 2 conv2d: the output shrinks to nothing",
     {CONV(.from = -1, .stride_h = 2, .stride_w = 2), CONV(.from = 0), DENSE(.from = 1)}},
    {"layer 2 conv2d: reads a layer", {CONV(.from = -1), CONV(.from = 1), DENSE(.from = 1)}},
    {"layer 1 conv2d: reads a layer", {CONV(.from = -2), CONV(.from = 0), DENSE(.from = 1)}},
    {"layer 1 conv2d: no layer reads", {CONV(.from = -1), CONV(.from = -1), DENSE(.from = 1)}},
    {"layer 2 add: layer 1 gives 4x4x4, but layer 0 gives 6x6x1",
     {CONV(.from = -1), {.kind = MDG_LAYER_ADD, .from = 0, .with = -1}, DENSE(.from = 1)}},
    {"layer 2 add: joins a layer",
     {CONV(.from = -1), {.kind = MDG_LAYER_ADD, .from = 0, .with = 1}, DENSE(.from = 1)}},
    {"layer 2 depthwise_conv2d: gives more than 16777216 values",
     {CONV(.from = -1),
      {.kind = MDG_LAYER_DEPTHWISE_CONV2D, .from = 0, .kernel_h = 1, .kernel_w = 1, .filters = 1 << 29},
      DENSE(.from = 1)}},
    {"layer 2 dense: the network has more than 128 million parameters",
     {CONV(.from = -1), {.kind = MDG_LAYER_DENSE, .from = 0, .filters = 1 << 23}, DENSE(.from = 1)}},
    {"layer 2 concat: layer 1 gives 4x4x4, but layer 0 gives 6x6x1",
     {CONV(.from = -1), {.kind = MDG_LAYER_CONCAT, .from = 0, .with = -1}, DENSE(.from = 1)}},
    {"layer 2 reshape: 4x4x4 are 64 values, which do not divide into 5x1 places",
     {CONV(.from = -1), {.kind = MDG_LAYER_RESHAPE, .from = 0, .kernel_h = 5}, DENSE(.from = 1)}},
    {"layer 2 dropout: rate",
     {CONV(.from = -1), {.kind = MDG_LAYER_DROPOUT, .from = 0, .rate = 1.0f}, DENSE(.from = 1)}},
    {"layer 2 max_pool: needs a kernel",
     {CONV(.from = -1), {.kind = MDG_LAYER_MAX_POOL, .from = 0}, DENSE(.from = 1)}},
    {"layer 2 flatten: batch norm goes with",
     {CONV(.from = -1), {.kind = MDG_LAYER_FLATTEN, .from = 0, .batch_norm = true}, DENSE(.from = 1)}},
    {"layer 2 flatten: an activation goes with",
     {CONV(.from = -1),
      {.kind = MDG_LAYER_FLATTEN, .from = 0, .activation = MDG_ACTIVATION_RELU},
      DENSE(.from = 1)}},
    {"layer 2 dense: needs at least 1",
     {CONV(.from = -1), {.kind = MDG_LAYER_DENSE, .from = 0}, DENSE(.from = 1)}},
    {"layer 2 unknown: no such kind",
     {CONV(.from = -1), {.kind = (mdg_layer_kind)99, .from = 0}, DENSE(.from = 1)}},
    {"layer 3 conv2d: gives 2x2x4; the last layer must give 2 values",
     {CONV(.from = -1, .same = true), CONV(.from = 0), CONV(.from = 1)}},
    {"layer 3 dense: gives 1x1x2; the last layer must give 2 values, one a class, without activation",
     {CONV(.from = -1), CONV(.from = 0), DENSE(.from = 1, .activation = MDG_ACTIVATION_RELU)}},
};

static void test_bad_lists(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mdg_layer_spec layers[3];
        mdg_diag diag = {""};
        memcpy(layers, bad[i].layers, sizeof layers);
        assert_int_equal(
            mdg_net_spec_check(&(mdg_net_spec){6, 6, 1, 3, 2, layers, MDG_OBJECTIVE_CLASSES, 0}, &diag),
            MDG_INVALID);
        if (!strstr(diag.text, bad[i].said)) fail_msg("\"%s\" does not say \"%s\"", diag.text, bad[i].said);
    }
}

static void test_empty_network(void **state) {
    (void)state;
    mdg_diag diag;
    assert_int_equal(
        mdg_net_spec_check(&(mdg_net_spec){6, 6, 1, 0, 2, NULL, MDG_OBJECTIVE_CLASSES, 0}, &diag),
        MDG_INVALID);
    assert_int_equal(mdg_net_spec_check(&(mdg_net_spec){.n_layers = -5}, &diag), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_empty_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
