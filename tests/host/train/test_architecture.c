/* SPDX-License-Identifier: MIT
 *
 * Named architectures have the sizes that their papers and MLPerf Tiny give, fit to any input, and refuse
 * options that they do not know.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/net.h"

typedef struct known {
    const char *name;
    mdg_architecture_opts opts;
    int h, w, c, classes;
    size_t parameters;
    int64_t macs;
} known;

/* MACs of MLPerf Tiny's are those of its models. Parameters: batch norm takes the place of biases, and
 * running statistics are none. */
static const known sizes[] = {
    /* first: 2560 + 2 * 64; blocks: 576 + 128 + 4096 + 128; dense: 64 * 12 + 12 */
    {"ds_cnn", {0}, 49, 10, 1, 12, 2688 + 4 * 4928 + 780, 2656768},
    /* 78,666 with the biases in front of batch norm (240) and the statistics (480) */
    {"resnet8", {0}, 32, 32, 3, 10, 78666 - 240 - 480, 12501632},
    {"mobilenet_v1", {0}, 96, 96, 3, 2, 0, 7489664},
    {"autoencoder", {0}, 5, 128, 1, 1, 0, 264192},
    {"conv1d", {0}, 119, 1, 6, 5, 720 + 2 * 2880 + 3 * 48 + 3 * 24 * 5 + 5, 0},
    {"sparse_temporal", {0}, 49, 40, 1, 12, 1280 + 64 + 3 * (288 + 64 + 1024 + 64) + 32 * 12 + 12, 0},
};

static mdg_net *new_net(const known *k, mdg_arena *arena) {
    mdg_diag diag = {""};
    mdg_net_spec spec;
    mdg_net *net = NULL;
    if (mdg_net_architecture(k->name, &k->opts, k->h, k->w, k->c, k->classes, arena, &spec, &diag) !=
            MDG_OK ||
        mdg_net_new(&spec, 1, arena, &net, &diag) != MDG_OK)
        fail_msg("%s %dx%dx%d: %s", k->name, k->h, k->w, k->c, diag.text);
    return net;
}

static int64_t macs_of(const mdg_net *net) {
    int64_t sum = 0;
    for (int i = 0; i < net->spec.n_layers; i++) sum += mdg_layer_macs(&net->layers[i]);
    return sum;
}

static void test_sizes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const known *k = &sizes[i];
        mdg_arena *arena = mdg_arena_new();
        mdg_net *net = new_net(k, arena);
        if (k->parameters && mdg_net_parameters(net) != k->parameters)
            fail_msg("%s: %zu parameters, not %zu", k->name, mdg_net_parameters(net), k->parameters);
        if (k->macs && macs_of(net) != k->macs)
            fail_msg("%s: %lld MACs, not %lld", k->name, (long long)macs_of(net), (long long)k->macs);
        mdg_net_free(net);
        mdg_arena_free(arena);
    }
}

static void test_table(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net(&sizes[0], arena);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    mdg_net_print(net, out);
    fclose(out);
    assert_non_null(strstr(text, "2656768"));
    assert_non_null(strstr(text, "25x5x64"));
    assert_non_null(strstr(text, "    1  conv2d               input"));
    free(text);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* No layer of a small map shrinks to nothing. */
static bool takes_padding(const char *name) {
    return strcmp(name, "ds_cnn") == 0 || strcmp(name, "conv1d") == 0 || strcmp(name, "sparse_temporal") == 0;
}

static void test_any_input_fits(void **state) {
    (void)state;
    static const char *const names[] = {"mlp",          "ds_cnn",    "resnet8",    "mobilenet_v1",
                                        "mobilenet_v2", "tc_resnet", "conv1d",     "sparse_temporal",
                                        "crnn",         "centroid",  "autoencoder"};
    static const int inputs[][3] = {{1, 1, 1},   {2, 3, 1},   {1, 100, 3}, {200, 1, 6},
                                    {49, 40, 1}, {96, 96, 3}, {28, 28, 1}};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < 2 * sizeof inputs / sizeof *inputs; i++) {
            const int *in = inputs[i / 2];
            const mdg_architecture_opts opts = {.valid = i % 2 && takes_padding(names[n])};
            mdg_arena *arena = mdg_arena_new();
            mdg_net_free(new_net(&(known){names[n], opts, in[0], in[1], in[2], 4, 0, 0}, arena));
            mdg_arena_free(arena);
        }
}

static void test_valid_pads_nothing(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_architecture_opts opts = {.valid = 1};
    mdg_net_spec spec;
    assert_int_equal(mdg_net_architecture("sparse_temporal", &opts, 49, 40, 1, 3, arena, &spec, NULL),
                     MDG_OK);
    for (int i = 0; i < spec.n_layers; i++) assert_false(spec.layers[i].same);
    mdg_arena_free(arena);
}

static void assert_refused(const char *name, mdg_architecture_opts opts, mdg_status status,
                           const char *said) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_net_spec spec;
    assert_int_equal(mdg_net_architecture(name, &opts, 8, 8, 1, 2, arena, &spec, &diag), status);
    if (!strstr(diag.text, said)) fail_msg("\"%s\" does not say \"%s\"", diag.text, said);
    mdg_arena_free(arena);
}

static void test_refusals(void **state) {
    (void)state;
    assert_refused("resnet99", (mdg_architecture_opts){0}, MDG_NOT_FOUND, "known are mlp, ds_cnn, resnet8");
    assert_refused("mlp", (mdg_architecture_opts){.width = -1}, MDG_INVALID,
                   "width -1: must not be negative");
    assert_refused("mlp", (mdg_architecture_opts){.kernel = 3}, MDG_INVALID,
                   "architecture mlp: takes no kernel; it takes width, depth");
    assert_refused("mobilenet_v1", (mdg_architecture_opts){.width = 8}, MDG_INVALID, "takes no width");
    assert_refused("mobilenet_v1", (mdg_architecture_opts){.depth = 14}, MDG_INVALID,
                   "no more than 13 blocks");
    assert_refused("crnn", (mdg_architecture_opts){.cell = "elman"}, MDG_INVALID, "is not gru or lstm");
    assert_refused("tc_resnet", (mdg_architecture_opts){.valid = 1}, MDG_INVALID, "takes no padding: valid");
    assert_refused("autoencoder", (mdg_architecture_opts){.dropout = 0.1f}, MDG_INVALID, "takes no dropout");
    mdg_net_spec spec;
    mdg_diag diag;
    const mdg_architecture_opts none = {0};
    assert_int_equal(mdg_net_architecture("mlp", &none, 8, 8, 1, 1, NULL, &spec, &diag), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),          cmocka_unit_test(test_table),
        cmocka_unit_test(test_any_input_fits), cmocka_unit_test(test_valid_pads_nothing),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
