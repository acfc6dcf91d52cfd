/* SPDX-License-Identifier: MIT
 *
 * What the reader refuses, and with which words; and bytes that mean harm.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "onnx/onnx.h"
#include "tests/host/onnx/samples.h"

static onnx_model *map_model(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 2, 6, 6));
    onnx_random(m, "w", D(3, 2, 3, 3), 1);
    onnx_output(m, "y");
    return m;
}

/* Every message starts with the file and the node: index, operator, name. */
static void refuses(const onnx_model *m, const char *node, const char *cause) {
    mdg_diag diag = {0};
    mdg_graph *g = NULL;
    const mdg_bytes bytes = onnx_bytes(m);
    assert_int_not_equal(mdg_onnx_read(&bytes, "net.onnx", m->arena, &g, &diag), MDG_OK);
    const char *place = mdg_arena_printf(m->arena, "net.onnx: %s", node);
    if (strncmp(diag.text, place, strlen(place)) != 0 || !strstr(diag.text, cause))
        fail_msg("\"%s\" is not \"%s ... %s\"", diag.text, place, cause);
}

static void refuses_what_it_cannot_do(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    onnx_model *m = map_model(arena);
    onnx_node(m, "Erf", "x", "y");
    refuses(m, "node 0 Erf \"Erf_0\"", "not supported; docs/ONNX.md");

    m = map_model(arena);
    onnx_text(onnx_node(m, "Conv", "x w", "y"), "auto_pad", "SAME_LOWER");
    refuses(m, "node 0 Conv \"Conv_0\"", "SAME_LOWER is not supported; export with");

    m = map_model(arena);
    onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "x", "y"), "kernel_shape", D(3, 3)), "pads",
              D(1, 1, 0, 0));
    refuses(m, "node 0 AveragePool", "use count_include_pad=1");

    m = map_model(arena);
    onnx_input(m, "v", ONNX_FLOAT, D(3, 2, 3, 3));
    onnx_node(m, "Conv", "x v", "y");
    refuses(m, "node 0 Conv", "its weights are no constant");

    m = map_model(arena);
    onnx_node(m, "Relu", "x", "r");
    onnx_text(onnx_ints(onnx_node(m, "Pad", "r", "y"), "pads", D(0, 0, 1, 1, 0, 0, 1, 1)), "mode", "reflect");
    refuses(m, "node 1 Pad", "only mode \"constant\"");

    m = onnx_new(arena, 6);
    refuses(m, "", "operator set 6; supported are 7 to 23");
    mdg_arena_free(arena);
}

static void refuses_open_or_missing_shapes(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 2, -1, 6));
    onnx_node(m, "Relu", "x", "y");
    onnx_output(m, "y");
    refuses(m, "input \"x\" leaves dimension 2 open", "fixed sizes");

    m = map_model(arena);
    onnx_input(m, "s", ONNX_INT64, D(2));
    onnx_node(m, "Reshape", "x s", "y");
    refuses(m, "node 0 Reshape", "\"s\" must be a constant");

    m = map_model(arena);
    onnx_list(m, "s", D(5, -1));
    onnx_node(m, "Reshape", "x s", "y");
    refuses(m, "node 0 Reshape", "not as many elements");
    mdg_arena_free(arena);
}

static void refuses_broken_graphs(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    onnx_model *m = map_model(arena);
    onnx_node(m, "Add", "x b", "a");
    onnx_node(m, "Relu", "a", "b");
    onnx_node(m, "Relu", "b", "y");
    refuses(m, "node 0 Add", "circle");

    m = map_model(arena);
    onnx_node(m, "Relu", "nothing", "y");
    refuses(m, "node 0 Relu", "\"nothing\" comes from nowhere");

    m = map_model(arena);
    onnx_node(m, "Relu", "x", "y");
    onnx_node(m, "Tanh", "x", "y");
    refuses(m, "node 1 Tanh", "has a value already");

    m = map_model(arena);
    onnx_node(m, "Add", "x", "y");
    refuses(m, "node 0 Add", "it has 1 inputs");

    m = map_model(arena);
    onnx_affine(m, "y", ONNX_UINT8, 1, 0);
    onnx_own(m, "QLinearConcat", "y_scale y_zero", "y");
    refuses(m, "node 0 QLinearConcat", "it has 0 inputs");

    m = map_model(arena);
    onnx_output(m, "z");
    onnx_node(m, "Relu", "x", "y");
    refuses(m, "output \"z\"", "no node");
    mdg_arena_free(arena);
}

static void refuses_broken_constants(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    onnx_model *m = map_model(arena);
    m->graph.initializer[0]->raw_data.len -= 4;
    onnx_node(m, "Conv", "x w", "y");
    refuses(m, "\"w\"", "212 bytes of data, its shape takes 216");

    m = map_model(arena);
    m->graph.initializer[0]->dims[1] = -2;
    refuses(m, "\"w\"", "a dimension of -2");

    m = map_model(arena);
    m->graph.initializer[0]->dims[0] = m->graph.initializer[0]->dims[1] = INT32_MAX;
    refuses(m, "\"w\"", "too large");

    m = map_model(arena);
    m->graph.initializer[0]->data_type = 10;
    refuses(m, "\"w\"", "element type 10; convert");

    m = map_model(arena);
    m->graph.initializer[0]->has_data_location = 1;
    m->graph.initializer[0]->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    refuses(m, "\"w\"", "save the model as one file");
    mdg_arena_free(arena);
}

static void refuses_quantisation_that_kernels_lack(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    onnx_model *m = map_model(arena);
    onnx_qdq(m, "x", ONNX_INT8, 0.1f, 0);
    onnx_random_int8(m, "v_q", D(3, 2, 3, 3));
    onnx_affine(m, "v", ONNX_INT8, 0.1f, 7);
    onnx_node(m, "DequantizeLinear", "v_q v_scale v_zero", "v");
    onnx_node(m, "Conv", "x_r v", "c");
    onnx_qdq(m, "c", ONNX_INT8, 0.1f, 0);
    onnx_node(m, "Relu", "c_r", "y");
    refuses(m, "node 3 Conv", "quantise them symmetrically");

    m = map_model(arena);
    onnx_affine(m, "z", ONNX_INT8, -1, 0);
    onnx_node(m, "QuantizeLinear", "x z_scale z_zero", "y");
    refuses(m, "node 0 QuantizeLinear", "a scale is not above 0");
    mdg_arena_free(arena);
}

/* Messages within messages, as many as fit a megabyte. */
static void refuses_deep_nesting(void **state) {
    (void)state;
    enum { SIZE = 1 << 20, LEVEL = 10 };
    mdg_arena *arena = mdg_arena_new();
    uint8_t *at = mdg_arena_alloc(arena, SIZE);
    const mdg_bytes bytes = {at, SIZE};
    static const uint8_t fields[] = {0x3A, 0x0A, 0x2A,
                                     0x32}; /* model.graph.node.attribute.g.node.attribute... */
    mdg_diag diag = {0};
    mdg_graph *g = NULL;
    for (int i = 0, left = SIZE; left > LEVEL; i++) {
        *at++ = fields[i == 0 ? 0 : 1 + (i - 1) % 3];
        left -= 5;
        for (int k = 0; k < 4; k++) *at++ = (uint8_t)((left >> 7 * k & 0x7F) | (k < 3 ? 0x80 : 0));
    }
    assert_int_equal(mdg_onnx_read(&bytes, "net.onnx", arena, &g, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "nested"));
    mdg_arena_free(arena);
}

/* Accepted or refused with a message; the sanitizers' builds see the rest. */
static void try_bytes(const uint8_t *data, size_t size) {
    mdg_arena *arena = mdg_arena_new();
    mdg_bytes copy = {malloc(size + 1), size};
    mdg_diag diag = {0};
    mdg_graph *g = NULL;
    assert_non_null(copy.data);
    memcpy(copy.data, data, size);
    const mdg_status status = mdg_onnx_read(&copy, "net.onnx", arena, &g, &diag);
    assert_true(status == MDG_OK ? g != NULL : diag.text[0] != 0);
    free(copy.data);
    mdg_arena_free(arena);
}

static void survives_damage(void **state) {
    (void)state;
    for (int k = 0; k < ONNX_SAMPLE_COUNT; k++) {
        mdg_arena *arena = mdg_arena_new();
        const mdg_bytes bytes = onnx_bytes(onnx_samples[k].make(arena));
        mdg_rng rng = mdg_rng_of(3, (uint64_t)k);
        for (size_t size = 0; size < bytes.size; size += 7) try_bytes(bytes.data, size);
        for (int i = 0; i < 300; i++) {
            const uint32_t at = mdg_rng_below(&rng, (uint32_t)bytes.size);
            const uint8_t old = bytes.data[at];
            bytes.data[at] = (uint8_t)mdg_rng_below(&rng, 256);
            try_bytes(bytes.data, bytes.size);
            bytes.data[at] = old;
        }
        mdg_arena_free(arena);
    }
}

static void replays_the_corpus(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const char *folder = mdg_arena_printf(arena, "%s/fuzz/corpus/onnx", getenv("MIDGE_SOURCE"));
    DIR *dir = opendir(folder);
    int n = 0;
    if (!dir) fail_msg("%s: missing", folder);
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        mdg_bytes bytes;
        mdg_diag diag = {0};
        if (e->d_name[0] == '.') continue;
        if (mdg_file_read(mdg_arena_printf(arena, "%s/%s", folder, e->d_name), arena, &bytes, &diag) !=
            MDG_OK)
            fail_msg("%s", diag.text);
        try_bytes(bytes.data, bytes.size);
        n++;
    }
    closedir(dir);
    assert_true(n > 0);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_it_cannot_do),
        cmocka_unit_test(refuses_open_or_missing_shapes),
        cmocka_unit_test(refuses_broken_graphs),
        cmocka_unit_test(refuses_broken_constants),
        cmocka_unit_test(refuses_quantisation_that_kernels_lack),
        cmocka_unit_test(refuses_deep_nesting),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(replays_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
