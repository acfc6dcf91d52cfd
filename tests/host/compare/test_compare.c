/* SPDX-License-Identifier: MIT
 *
 * Comparing models: which layers belong together, what counts as a difference, how inputs are converted.
 */
#include "host/lower/nets.h"

#include <math.h>

#include "compare/compare.h"
#include "compare/parts.h"

static int setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

static mdg_compare_input input_of(const void *data, size_t bytes, int repeat) {
    return (mdg_compare_input){
        .data = {(uint8_t *)(uintptr_t)data, bytes}, .path = "in.bin", .repeat = repeat};
}

static mdg_comparison run(const mdg_graph *a, const mdg_graph *b, const void *x, size_t bytes, int repeat) {
    mdg_comparison c;
    mdg_diag diag = {""};
    const mdg_compare_input input = input_of(x, bytes, repeat);
    if (mdg_compare(a, b, &input, a->arena, &c, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return c;
}

static void assert_fails(const mdg_graph *a, const mdg_graph *b, size_t bytes, const char *words) {
    mdg_comparison c;
    mdg_diag diag = {""};
    const mdg_compare_input input = input_of("", bytes, 1);
    assert_int_equal(mdg_compare(a, b, &input, a->arena, &c, &diag), MDG_INVALID);
    if (!strstr(diag.text, words)) fail_msg("\"%s\" instead of \"%s\"", diag.text, words);
}

static void a_model_equals_itself(void **state) {
    int8_t x[2 * 60];
    for (int i = 0; i < 120; i++) x[i] = (int8_t)(i * 29);
    const mdg_comparison c = run(net_conv(*state, 5), net_conv(*state, 5), x, sizeof x, 2);
    assert_int_equal(c.n_layers, 2);
    assert_int_equal(c.first, -1);
    for (int i = 0; i < 2; i++) {
        assert_true(c.layers[i].same_format && !c.layers[i].differs);
        assert_int_equal(c.layers[i].unequal, 0);
        assert_true(isinf(mdg_compared_sqnr_db(&c.layers[i])));
    }
    assert_int_equal(c.layers[1].n, 2 * 120);
}

/* One bias is larger: the outputs of its channel differ by 1 (0.1875 * 6 = 1.125), others don't. */
static void a_changed_bias_is_found(void **state) {
    static const int32_t bias[4] = {10, 26, 30, 40};
    const int8_t x[60] = {0};
    mdg_graph *g = net_conv(*state, 5), *h = net_conv(*state, 5);
    h->subgraphs[0].tensors[2].data = bias;
    const mdg_comparison c = run(g, h, x, sizeof x, 1);
    assert_int_equal(c.first, 1);
    const mdg_compared *l = &c.layers[1];
    assert_int_equal(l->op_a, 0);
    assert_true(l->unequal >= 12 && l->unequal <= 30);
    assert_true(l->max == 1.0);
    assert_true(fabs(l->sum - (double)l->unequal) < 1e-9);
    assert_true(fabs(l->noise - (double)l->unequal) < 1e-9);
}

/* y = relu(relu(x)) in float, and in int8 at a step of 0.5; what the tensors are called is of no matter. */
static mdg_graph *relus(mdg_arena *arena, mdg_type type, const char *prefix) {
    mdg_graph *g = net_new(arena);
    int32_t t[3];
    for (int i = 0; i < 3; i++) {
        t[i] = net_tensor(g, type, mdg_shape_of(2, 1, 5), type == MDG_INT8 ? 0.5f : 0, 1);
        g->subgraphs[0].tensors[t[i]].name = mdg_arena_printf(arena, "%s%d", prefix, i);
    }
    for (int i = 0; i < 2; i++) net_op(g, MDG_OP_RELU, 1, &t[i], t[i + 1]);
    net_io(g, t[0], t[2]);
    return g;
}

static void float_is_quantised_for_int8(void **state) {
    static const float x[5] = {-1.0f, 0.2f, 0.3f, 2.0f, 1000.0f};
    const mdg_comparison c =
        run(relus(*state, MDG_FLOAT32, "a"), relus(*state, MDG_INT8, "b"), x, sizeof x, 1);
    assert_int_equal(c.n_layers, 3);
    assert_int_equal(c.n_only_a + c.n_only_b, 0);
    const mdg_compared *l = &c.layers[0]; /* -1 0 0.5 2 63 */
    assert_true(!l->same_format && l->differs);
    assert_int_equal(l->unequal, 3);
    assert_true(fabs(l->max - 937) < 1e-3);
    assert_int_equal(c.first, 0);
}

static void rounding_is_no_difference(void **state) {
    static const float x[5] = {-1.0f, 0.2f, 0.3f, 2.0f, 10.24f};
    const mdg_comparison c =
        run(relus(*state, MDG_FLOAT32, "a"), relus(*state, MDG_INT8, "b"), x, sizeof x, 1);
    assert_int_equal(c.first, -1);
    assert_int_equal(c.layers[2].unequal, 3);
}

static void int8_becomes_float(void **state) {
    static const int8_t x[5] = {-128, 0, 1, 2, 127};
    const mdg_comparison c =
        run(relus(*state, MDG_INT8, "a"), relus(*state, MDG_FLOAT32, "b"), x, sizeof x, 1);
    assert_int_equal(c.first, -1);
    for (int i = 0; i < 3; i++) assert_int_equal(c.layers[i].unequal, 0);
}

/* The second model has one layer more; names tell the others. */
static void names_find_their_partners(void **state) {
    mdg_graph *a = net_relus(*state, 2, 4), *b = net_relus(*state, 3, 4);
    a->subgraphs[0].tensors[1].name = "here";
    b->subgraphs[0].tensors[2].name = "here";
    const float x[4] = {-1, 2, NAN, INFINITY};
    const mdg_comparison c = run(a, b, x, sizeof x, 1);
    assert_int_equal(c.n_layers, 3);
    assert_int_equal(c.layers[1].tensor_b, 2);
    assert_int_equal(c.n_only_b, 1);
    assert_int_equal(c.only_b[0], 1);
    assert_int_equal(c.first, -1);
}

static void values_cross_over(void **state) {
    mdg_arena *arena = *state;
    mdg_graph *g = net_new(arena);
    const mdg_type types[] = {MDG_INT8, MDG_UINT8, MDG_INT16, MDG_INT32};
    for (int i = 0; i < 4; i++) {
        const int t = net_tensor(g, types[i], mdg_shape_of(1, 2), 0.25f, 3);
        const mdg_tensor *x = &g->subgraphs[0].tensors[t];
        int32_t memory[2];
        mdg_value_set(x, memory, 1, 5.125); /* 20.5 steps: away from zero */
        assert_true(mdg_value_get(x, memory, 1) == 5.25);
        mdg_value_set(x, memory, 1, -0.75);
        assert_true(mdg_value_get(x, memory, 1) == -0.75);
        mdg_value_set(x, memory, 0, 1e30);
        assert_true(mdg_value_get(x, memory, 1) == -0.75);
        assert_true(mdg_value_get(x, memory, 0) > 30);
    }
}

static void what_does_not_fit_is_refused(void **state) {
    mdg_graph *a = net_relus(*state, 1, 4), *b = net_relus(*state, 1, 5);
    assert_fails(a, b, 16, "input 0 of the models has not as many elements");
    assert_fails(a, net_relus(*state, 1, 4), 15, "in.bin: has 15 bytes, but 1 of the first model's inputs");
    mdg_graph *two = net_relus(*state, 2, 4);
    two->subgraphs[0].n_outputs = 2;
    two->subgraphs[0].outputs = (int32_t[]){1, 2};
    assert_fails(a, two, 16, "1 and 2 outputs");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_model_equals_itself),       TEST(a_changed_bias_is_found),
        TEST(float_is_quantised_for_int8), TEST(rounding_is_no_difference),
        TEST(int8_becomes_float),          TEST(names_find_their_partners),
        TEST(values_cross_over),           TEST(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
