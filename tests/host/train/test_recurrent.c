/* SPDX-License-Identifier: MIT
 *
 * A recurrent net in int8: all steps have the same numbers (so that they are stored once), and decide as in
 * float.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exec/exec.h"
#include "quant/quant.h"
#include "train/net.h"

enum { STEPS = 14, CHANNELS = 6, CLASSES = 4, SAMPLES = 40 };

static void fill(void *context, int i, float *x) {
    (void)context;
    mdg_rng r = mdg_rng_of(3, (uint64_t)i);
    const float speed = mdg_rng_uniform(&r, 0.2f, 1.0f);
    for (int k = 0; k < STEPS * CHANNELS; k++)
        x[k] = 1.5f * sinf(speed * (float)(k / CHANNELS + k % CHANNELS)) + 0.3f * mdg_rng_normal(&r);
}

/* Every dense layer of a name has the weights and the input scale of the first. */
static void check_sharing(const mdg_graph *g) {
    const mdg_subgraph *s = &g->subgraphs[0];
    int n_dense = 0;
    for (int i = 0; i < s->n_ops; i++)
        for (int k = 0; k < i; k++) {
            const mdg_op *a = &s->ops[k], *b = &s->ops[i];
            if (a->code != MDG_OP_FULLY_CONNECTED || b->code != a->code || a->inputs[2] >= 0 ||
                b->inputs[2] >= 0)
                continue;
            const mdg_tensor *wa = mdg_op_input(s, a, 1), *wb = mdg_op_input(s, b, 1);
            if (wa->bytes != wb->bytes) continue;
            n_dense++;
            assert_memory_equal(wa->data, wb->data, wa->bytes);
            assert_true(mdg_op_input(s, a, 0)->quant.scale[0] == mdg_op_input(s, b, 0)->quant.scale[0]);
            assert_true(mdg_op_output(s, a, 0)->quant.scale[0] == mdg_op_output(s, b, 0)->quant.scale[0]);
        }
    assert_true(n_dense > STEPS);
}

static void check_scores(const mdg_net *net, const mdg_graph *int8, mdg_arena *arena) {
    const mdg_tensor *in = &int8->subgraphs[0].tensors[int8->subgraphs[0].inputs[0]];
    mdg_diag diag = {""};
    mdg_exec *x;
    float sample[STEPS * CHANNELS], scores[CLASSES], worst = 0;
    if (mdg_exec_open(int8, arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (int i = 0; i < SAMPLES; i++) {
        fill(NULL, 1000 + i, sample);
        assert_int_equal(mdg_net_predict(net, sample, 1, scores, &diag), MDG_OK);
        mdg_quant_to_int8(in, sample, STEPS * CHANNELS, mdg_exec_input(x, 0));
        mdg_exec_invoke(x, NULL);
        const int8_t *out = mdg_exec_output(x, 0);
        for (int c = 0; c < CLASSES; c++)
            worst = fmaxf(worst, fabsf(scores[c] - (float)(out[c] + 128) / 256.0f));
    }
    if (!(worst < 0.05f)) fail_msg("scores differ by %g", (double)worst);
}

static void check_cell(const char *cell) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_net_spec spec;
    mdg_net *net;
    mdg_graph *graph, *int8;
    const mdg_architecture_opts opts = {.width = 16, .cell = cell};
    const mdg_calibration data = {.n = SAMPLES, .fill = fill};
    assert_int_equal(mdg_net_architecture("crnn", &opts, STEPS, 1, CHANNELS, CLASSES, arena, &spec, &diag),
                     MDG_OK);
    assert_int_equal(mdg_net_new(&spec, 9, arena, &net, &diag), MDG_OK);
    assert_int_equal(mdg_net_export(net, arena, &graph, &diag), MDG_OK);
    if (mdg_quantize(graph, &(mdg_quant_opts){.dense_per_channel = true}, &data, arena, NULL, &int8, &diag) !=
        MDG_OK)
        fail_msg("%s", diag.text);
    check_sharing(int8);
    check_scores(net, int8, arena);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_gru(void **state) {
    (void)state;
    check_cell("gru");
}

static void test_lstm(void **state) {
    (void)state;
    check_cell("lstm");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gru), cmocka_unit_test(test_lstm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
