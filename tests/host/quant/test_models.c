/* SPDX-License-Identifier: MIT
 *
 * Real float networks, calibrated and compared on their ten golden inputs. The bounds are what was measured
 * when this was written less 3 dB: a rounding that changes somewhere does not cost that, a wrong scale does.
 * (The inputs are noise and made-up patterns, which a network has no firm opinion on: the ratios are lower
 * than those of real data.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "exec/exec.h"
#include "quant/quant.h"
#include "tflite/tflite.h"

typedef struct model_case {
    const char *name;
    mdg_quant_opts opts;
    double least_db; /* at the output */
    bool classifies; /* the decisions must be equal too */
} model_case;

static const model_case cases[] = {
    {"tflm_hello_world_float", {.calibration = "minmax"}, 28.3, false},
    {"tflm_hello_world_float", {.calibration = "minmax", .dense_per_channel = true}, 36.2, false},
    {"mlperf_ad01_fp32", {.calibration = "minmax"}, 19.1, false},
    {"mlperf_ad01_fp32", {.calibration = "minmax", .dense_per_channel = true}, 25.2, false},
    {"mlperf_pretrainedResnet", {.calibration = "minmax", .dense_per_channel = true}, 12.6, true},
    {"mlperf_pretrainedResnet", {.calibration = "mse", .dense_per_channel = true}, 13.1, true},
    {"mlperf_vww_96_float", {.calibration = "minmax", .dense_per_channel = true}, 39.5, true},
    {"mlperf_vww_96_float",
     {.calibration = "percentile", .percentile = 99.99f, .dense_per_channel = true},
     42.6,
     true},
};
enum { N_CASES = sizeof cases / sizeof *cases };

typedef struct samples {
    mdg_bytes files[2]; /* .in, .in2 */
    size_t bytes;       /* of one sample */
    int per_file;
} samples;

static void fill(void *context, int i, float *x) {
    const samples *s = context;
    memcpy(x, s->files[i / s->per_file].data + (size_t)(i % s->per_file) * s->bytes, s->bytes);
}

static void load(const char *name, mdg_arena *arena, mdg_graph **g, samples *s) {
    static const char *const endings[] = {"in", "in2"};
    mdg_diag diag = {{0}};
    const char *folder = getenv("MIDGE_SHARED");
    const char *model = mdg_arena_printf(arena, "%s/models/%s.tflite", folder, name);
    if (mdg_tflite_load(model, arena, g, &diag) != MDG_OK) fail_msg("%s", diag.text);
    s->bytes = mdg_tensor_bytes(&(*g)->subgraphs[0].tensors[(*g)->subgraphs[0].inputs[0]]);
    for (int f = 0; f < 2; f++) {
        const char *path = mdg_arena_printf(arena, "%s/models/%s.%s", folder, name, endings[f]);
        if (mdg_file_read(path, arena, &s->files[f], &diag) != MDG_OK) fail_msg("%s", diag.text);
    }
    s->per_file = (int)(s->files[0].size / s->bytes);
    assert_true(s->per_file >= 5 && s->files[1].size == s->files[0].size);
}

static int float_decision(mdg_exec *x, const float *sample, size_t bytes) {
    memcpy(mdg_exec_input(x, 0), sample, bytes);
    mdg_exec_invoke(x, NULL);
    const float *scores = mdg_exec_output(x, 0);
    int best = 0;
    for (int c = 1; c < (int)(mdg_exec_output_bytes(x, 0) / sizeof(float)); c++)
        if (scores[c] > scores[best]) best = c;
    return best;
}

static int int8_decision(mdg_exec *x, const mdg_tensor *input, const float *sample, size_t bytes) {
    mdg_quant_to_int8(input, sample, bytes / sizeof(float), mdg_exec_input(x, 0));
    mdg_exec_invoke(x, NULL);
    const int8_t *scores = mdg_exec_output(x, 0);
    int best = 0;
    for (int c = 1; c < (int)mdg_exec_output_bytes(x, 0); c++)
        if (scores[c] > scores[best]) best = c;
    return best;
}

static int equal_decisions(const mdg_graph *g, const mdg_graph *q, const samples *s, mdg_arena *arena) {
    mdg_diag diag = {{0}};
    mdg_exec *original, *quantized;
    assert_int_equal(mdg_exec_open(g, arena, &original, &diag), MDG_OK);
    assert_int_equal(mdg_exec_open(q, arena, &quantized, &diag), MDG_OK);
    const mdg_tensor *input = &q->subgraphs[0].tensors[q->subgraphs[0].inputs[0]];
    float *x = mdg_arena_alloc(arena, s->bytes);
    int equal = 0;
    for (int i = 0; i < 2 * s->per_file; i++) {
        fill((void *)(uintptr_t)s, i, x);
        equal += float_decision(original, x, s->bytes) == int8_decision(quantized, input, x, s->bytes);
    }
    return equal;
}

static void test_model(void **state) {
    const model_case *c = *state;
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g = NULL, *q = NULL;
    mdg_diag diag = {{0}};
    mdg_quant_report r;
    samples s;
    load(c->name, arena, &g, &s);
    const mdg_calibration data = {.n = 2 * s.per_file, .fill = fill, .context = &s};
    if (mdg_quantize(g, &c->opts, &data, arena, NULL, &q, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_quant_measure(g, q, &data, arena, NULL, &r, &diag) != MDG_OK) fail_msg("%s", diag.text);
    printf("%s, %s%s: %.2f dB at the output\n", c->name, c->opts.calibration,
           c->opts.dense_per_channel ? ", dense per channel" : "", r.output_sqnr_db);
    if (!(r.output_sqnr_db >= c->least_db)) fail_msg("less than %.2f dB", c->least_db);
    if (c->classifies) assert_int_equal(equal_decisions(g, q, &s, arena), data.n);
    mdg_arena_free(arena);
}

/* ==== Beside TFLite's converter ==== */

/* The same networks in int8, as TFLite's own converter wrote them. Its calibration data is not known, so
 * activations differ; weights and their scales must be the very same. */
typedef struct twin {
    const char *name, *converted;
    int n_layers;
} twin;

static const twin twins[] = {
    {"mlperf_ad01_fp32", "mlperf_ad01_int8", 10},
    {"mlperf_pretrainedResnet", "mlperf_pretrainedResnet_quant", 10},
    {"mlperf_vww_96_float", "mlperf_vww_96_int8", 28},
};
enum { N_TWINS = sizeof twins / sizeof *twins };

static bool has_weights(const mdg_op *op) {
    return op->code == MDG_OP_CONV_2D || op->code == MDG_OP_DEPTHWISE_CONV_2D ||
           op->code == MDG_OP_FULLY_CONNECTED;
}

/* The next layer with weights from *at on. */
static const mdg_tensor *next_weights(const mdg_subgraph *s, int *at) {
    while (*at < s->n_ops && !has_weights(&s->ops[*at])) (*at)++;
    return *at < s->n_ops ? mdg_op_input(s, &s->ops[(*at)++], 1) : NULL;
}

static bool channel_is_zero(const mdg_tensor *w, int channel) {
    const int8_t *q = w->data;
    int inner = 1;
    for (int d = w->quant.axis + 1; d < w->shape.rank; d++) inner *= w->shape.dim[d];
    for (size_t i = 0; i < w->bytes; i++)
        if ((int)i / inner % w->quant.count == channel && q[i]) return false;
    return true;
}

/* What scale a channel of zeros has is a matter of taste. */
static void expect_same_weights(const mdg_tensor *ours, const mdg_tensor *theirs) {
    assert_int_equal(ours->bytes, theirs->bytes);
    assert_memory_equal(ours->data, theirs->data, ours->bytes);
    assert_int_equal(ours->quant.count, theirs->quant.count);
    for (int c = 0; c < ours->quant.count; c++)
        if (ours->quant.scale[c] != theirs->quant.scale[c]) assert_true(channel_is_zero(ours, c));
}

static void test_same_weights_as_tflite(void **state) {
    const twin *t = *state;
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g = NULL, *ours = NULL, *theirs = NULL;
    mdg_diag diag = {{0}};
    samples s, unused;
    load(t->name, arena, &g, &s);
    load(t->converted, arena, &theirs, &unused);
    const mdg_calibration data = {.n = 1, .fill = fill, .context = &s};
    if (mdg_quantize(g, &(mdg_quant_opts){0}, &data, arena, NULL, &ours, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    int at_ours = 0, at_theirs = 0, n = 0;
    const mdg_tensor *w;
    while ((w = next_weights(ours->subgraphs, &at_ours))) {
        expect_same_weights(w, next_weights(theirs->subgraphs, &at_theirs));
        n++;
    }
    assert_int_equal(n, t->n_layers);
    mdg_arena_free(arena);
}

int main(void) {
    const char *folder = getenv("MIDGE_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/models/index.tsv", folder ? folder : "");
    if (!mdg_file_exists(path)) {
        printf("skipped: no models under %s\n", path);
        return 77;
    }
    struct CMUnitTest tests[N_CASES + N_TWINS];
    for (int i = 0; i < N_CASES; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = test_model, .initial_state = (void *)(uintptr_t)&cases[i]};
    for (int i = 0; i < N_TWINS; i++)
        tests[N_CASES + i] = (struct CMUnitTest){.name = twins[i].converted,
                                                 .test_func = test_same_weights_as_tflite,
                                                 .initial_state = (void *)(uintptr_t)&twins[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
