/* SPDX-License-Identifier: MIT
 *
 * TFLM_DECODE: weights from lookup tables, pruned ones and Huffman codes; codes that lead astray are refused.
 */
#include "runs.h"

/* The codes, the description (16 bytes and a table) and what comes out: a network that copies the weights out
 */
typedef struct code {
    size_t code_bytes, about_bytes;
    uint8_t codes[8], about[40];
} code;

static mdg_graph *net_decode(mdg_arena *a, const code *c, mdg_type type, mdg_shape shape) {
    mdg_graph *g = net_new(a);
    const int32_t codes = net_const(g, MDG_UINT8, mdg_shape_of(1, (int)c->code_bytes), 0, c->codes);
    const int32_t about = net_const(g, MDG_UINT8, mdg_shape_of(1, (int)c->about_bytes), 0, c->about);
    const int32_t y = net_tensor(g, type, shape, 0, 0);
    net_op(g, MDG_OP_DECODE, 2, (int32_t[]){codes, about}, y);
    net_io(g, codes, y);
    g->subgraphs[0].n_inputs = 0;
    return g;
}

static const void *decoded(mdg_graph *g) {
    mdg_diag diag = {""};
    mdg_exec *e;
    if (mdg_exec_open(g, g->arena, &e, &diag) != MDG_OK) fail_msg("%s", diag.text);
    mdg_exec_invoke(e, NULL);
    return mdg_exec_output(e, 0);
}

/* Indices of 3 bits: 5, 0, 7, 1; two tables of 8 */
static const code lookup = {2, 32, {5 << 5 | 0 << 2 | 3, 1 << 7 | 1 << 4}, {0,  1,  0,  0,  1,  3,  8,  0,
                                                                            0,  0,  0,  0,  0,  0,  0,  0,
                                                                            10, 11, 12, 13, 14, 15, 16, 17,
                                                                            20, 21, 22, 23, 24, 25, 26, 27}};

static void tables_are_looked_up(void **state) {
    static const int8_t one[] = {15, 10, 17, 11}, first[] = {15, 10, 27, 21}, last[] = {15, 20, 17, 21};
    static const float scales[] = {1, 1};
    mdg_graph *g = net_decode(*state, &lookup, MDG_INT8, mdg_shape_of(2, 2, 2));
    mdg_tensor *y = &g->subgraphs[0].tensors[2];
    assert_memory_equal(decoded(g), one, 4);
    mdg_tensor_quantize_channels(g, y, 0, 2, scales);
    assert_memory_equal(decoded(g), first, 4);
    mdg_tensor_quantize_channels(g, y, 1, 2, scales);
    assert_memory_equal(decoded(g), last, 4);
}

static void pruned_places_are_zero_points(void **state) {
    static const code c = {1, 20, {0xA0}, {2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}};
    static const int8_t want[] = {1, -7, 2, -7};
    static const uint8_t wide[] = {1, 2, 0, 0, 3, 4};
    mdg_graph *g = net_decode(*state, &c, MDG_INT8, mdg_shape_of(1, 4));
    mdg_tensor_quantize(g, &g->subgraphs[0].tensors[2], 1, -7);
    assert_memory_equal(decoded(g), want, 4);
    assert_memory_equal(decoded(net_decode(*state, &c, MDG_INT16, mdg_shape_of(1, 3))), wide, 6);
    run_assert_refused(net_decode(*state, &c, MDG_INT32, mdg_shape_of(1, 3)), MDG_INVALID,
                       "beyond its table");
}

/* 0 = 65, 10 = 66, 11x leads on: 110 = 67, 111 = 68 */
static const code huffman = {2, 28, {0x5C, 0x80}, {1,  1,    0, 0, 1,  0x10, 0,  0,    0,  0,
                                                   0,  0,    0, 0, 0,  0,    65, 0x88, 65, 0x88,
                                                   66, 0x90, 1, 0, 67, 0x88, 68, 0x88}};

static void huffman_codes_are_followed(void **state) {
    static const int8_t want[] = {65, 66, 68, 65, 65, 66}; /* 0 10 111 0 0 10 */
    assert_memory_equal(decoded(net_decode(*state, &huffman, MDG_INT8, mdg_shape_of(1, 6))), want, 6);
}

static void what_leads_astray_is_refused(void **state) {
    mdg_arena *a = *state;
    const mdg_shape four = mdg_shape_of(1, 4), many = mdg_shape_of(1, 40);
    run_assert_refused(net_decode(a, &lookup, MDG_INT8, many), MDG_INVALID,
                       "the codes of \"t2\" end too early");
    run_assert_refused(net_decode(a, &lookup, MDG_INT32, four), MDG_INVALID, "points beyond its table");
    run_assert_refused(net_decode(a, &huffman, MDG_INT8, many), MDG_INVALID, "end too early");
    run_assert_refused(net_decode(a, &huffman, MDG_FLOAT32, four), MDG_INVALID,
                       "Huffman codes stand for int8");
    code c = huffman;
    c.about[22] = 100; /* the second table lies outside */
    run_assert_refused(net_decode(a, &c, MDG_INT8, four), MDG_INVALID, "points beyond its table");
    c = lookup;
    c.about[1] = 2;
    run_assert_refused(net_decode(a, &c, MDG_INT8, four), MDG_UNSUPPORTED, "version 2.1");
    c.about[0] = 127, c.about[1] = 1;
    run_assert_refused(net_decode(a, &c, MDG_INT8, four), MDG_UNSUPPORTED, "kind 127");
    c.about_bytes = 15;
    run_assert_refused(net_decode(a, &c, MDG_INT8, four), MDG_INVALID, "a description is too short");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_TEST(tables_are_looked_up),
        RUN_TEST(pruned_places_are_zero_points),
        RUN_TEST(huffman_codes_are_followed),
        RUN_TEST(what_leads_astray_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
