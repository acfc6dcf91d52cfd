/* SPDX-License-Identifier: MIT
 *
 * Mixed precision: layers stand in line by the harm that 4 bits do them, and as many are taken as are needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host/quant/float_net.h"
#include "quant/mixed.h"

static int n_x = 8 * 8 * 2;
static const mdg_calibration samples = {.n = 24, .fill = net_fill, .context = &n_x};

static int set_up(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int tear_down(void **state) {
    mdg_arena_free(*state);
    return 0;
}

static mdg_mixed measured(const float_net *n, mdg_arena *arena) {
    mdg_mixed m;
    mdg_diag diag = {{0}};
    if (mdg_mixed_measure(n->graph, &(mdg_quant_opts){0}, &samples, arena, NULL, &m, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    return m;
}

/* Operators 0, 1 and 4 of the little network have weights. */
static void test_line(void **state) {
    const float_net n = net_little(*state, 3);
    const mdg_mixed m = measured(&n, *state);
    assert_int_equal(m.n, 3);
    int seen = 0;
    for (int i = 0; i < m.n; i++) {
        seen |= 1 << m.layers[i].op;
        assert_true(m.layers[i].sqnr_db < m.sqnr_db);
        if (i) assert_true(m.layers[i - 1].harm <= m.layers[i].harm);
    }
    assert_int_equal(seen, 1 << 0 | 1 << 1 | 1 << 4);
}

/* Weights that 4 bits hold exactly go first, whatever their number. */
static void test_a_layer_that_bears_it_goes_first(void **state) {
    float_net n = net_little(*state, 3);
    float *dw = net_values(&n, NET_DW_W);
    for (int i = 0; i < 9; i++)
        for (int c = 0; c < 6; c++) dw[i * 6 + c] = i ? (float)((i * 5 + c) % 15 - 7) * 0.1f : 0.7f;
    const mdg_mixed m = measured(&n, *state);
    assert_int_equal(m.layers[0].op, 1);
}

static void test_takes_as_few_as_fit(void **state) {
    const float_net n = net_little(*state, 3);
    mdg_mixed m = measured(&n, *state);
    assert_int_equal(mdg_mixed_fit(&m, m.bytes), 0);
    assert_int_equal(mdg_mixed_fit(&m, m.bytes - 1), 1);
    assert_int_equal(mdg_mixed_fit(&m, m.bytes - m.layers[0].saved - 1), 2);
    assert_int_equal(mdg_mixed_fit(&m, 10), -1);
    mdg_mixed_take(&m, 2);
    assert_int_equal(mdg_mixed_bytes(&m), m.bytes - m.layers[0].saved - m.layers[1].saved);
    for (int i = 0; i < m.n; i++) assert_int_equal(m.op_bits[m.layers[i].op], i < 2 ? 4 : 8);
}

static void test_says_what_it_decided(void **state) {
    const float_net n = net_little(*state, 3);
    mdg_mixed m = measured(&n, *state);
    mdg_mixed_take(&m, 1);
    json_t *json = mdg_mixed_json(&m);
    const json_t *layers = json_object_get(json, "layers");
    assert_int_equal(json_array_size(layers), 3);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(layers, 0), "bits")), 4);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(layers, 1), "bits")), 8);
    assert_int_equal(json_integer_value(json_object_get(json, "bytes")), (int)mdg_mixed_bytes(&m));
    json_decref(json);
}

/* What reads a tensor of 16 bits has 16 bits, too; what goes first is what helps most. */
static void test_line_of_int16(void **state) {
    const float_net n = net_little(*state, 3);
    mdg_mixed m;
    mdg_diag diag = {{0}};
    const mdg_quant_opts opts = {.activations = "mixed"};
    if (mdg_mixed_measure(n.graph, &opts, &samples, *state, NULL, &m, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    assert_true(m.n > 0);
    for (int i = 0; i < m.n; i++) {
        assert_true(m.layers[i].sqnr_db > m.sqnr_db);
        if (i) assert_true(m.layers[i - 1].sqnr_db >= m.layers[i].sqnr_db);
    }
    mdg_mixed_take(&m, 1);
    int wide = 0;
    for (int i = 0; i < m.n_ops; i++) wide += m.op_bits[i] == 16;
    assert_in_range(wide, 2, m.n_ops - 1);
    assert_int_equal(m.op_bits[m.layers[0].op], 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_line),
        TEST(test_a_layer_that_bears_it_goes_first),
        TEST(test_takes_as_few_as_fit),
        TEST(test_says_what_it_decided),
        TEST(test_line_of_int16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
