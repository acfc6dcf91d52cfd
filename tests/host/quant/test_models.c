/* SPDX-License-Identifier: MIT
 *
 * Real float networks, calibrated and compared on their ten golden inputs. The bounds are what was measured
 * when this was written less 3 dB: a rounding that changes somewhere does not cost that, a wrong scale does.
 * (The inputs are noise and ramps, which a network has no firm opinion on: the ratios are lower than those of
 * real data.)
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

int main(void) {
    const char *folder = getenv("MIDGE_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/models/index.tsv", folder ? folder : "");
    if (!mdg_file_exists(path)) {
        printf("skipped: no models under %s\n", path);
        return 77;
    }
    struct CMUnitTest tests[N_CASES];
    for (int i = 0; i < N_CASES; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = test_model, .initial_state = (void *)(uintptr_t)&cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
