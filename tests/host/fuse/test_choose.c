/* SPDX-License-Identifier: MIT
 *
 * Golden networks in the smallest arena: TFLM's outputs, byte by byte, in so many bytes of the Cortex-M4.
 */
#include "host/exec/golden.h"
#include "host/specialize/layers.h"

#include "fuse/choose.h"
#include "fuse/fuse.h"
#include "specialize/specialize.h"

typedef struct network {
    const char *name;
    size_t most_bytes;
} network;

static const network networks[] = {
    {"mlperf_vww_96_int8", 28672},     {"mlperf_pretrainedResnet_quant", 16640},
    {"tflm_person_detect", 16128},     {"mlperf_kws_ref_model", 9568},
    {"mlperf_str_ww_ref_model", 4400}, {"tflm_micro_speech_quantized", 4944},
};

static mdg_status compile(mdg_program *p) {
    MDG_TRY(mdg_specialize(p, "armv7em", MDG_OPTIMIZE_ram, NULL));
    return mdg_plan(p, NULL, NULL);
}

static bool arena_needed(void *context, const mdg_program *p, size_t *arena_bytes) {
    mdg_arena *arena = mdg_arena_new();
    mdg_program copy = mdg_program_copy(p, arena);
    const bool good = compile(&copy) == MDG_OK;
    (void)context;
    *arena_bytes = copy.arena_bytes;
    mdg_arena_free(arena);
    return good;
}

static void check(const char *models, const network *net) {
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g;
    mdg_program p;
    mdg_bytes in, out;
    mdg_band_report report;
    const mdg_band_opts opts = {.align = 16, .need = arena_needed};
    const char *stem = mdg_arena_printf(arena, "%s/%s", models, net->name);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s.in", stem), arena, &in, NULL), MDG_OK);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s.out", stem), arena, &out, NULL), MDG_OK);
    assert_int_equal(mdg_tflite_load(mdg_arena_printf(arena, "%s.tflite", stem), arena, &g, NULL), MDG_OK);
    assert_int_equal(mdg_lower(g, arena, &p, NULL), MDG_OK);
    mdg_fuse(&p, &mdg_fuse_always);
    mdg_band_choose(&p, &opts, &report);
    assert_int_equal(compile(&p), MDG_OK);
    printf("%-30s %d groups, arena %zu bytes\n", net->name, report.n, p.arena_bytes);
    assert_true(p.arena_bytes <= net->most_bytes);
    const size_t in_bytes = layers_bytes(&p, p.inputs, p.n_inputs),
                 out_bytes = layers_bytes(&p, p.outputs, p.n_outputs);
    for (size_t i = 0; i < in.size / in_bytes; i++)
        assert_memory_equal(layers_run(&p, in.data + i * in_bytes), out.data + i * out_bytes, out_bytes);
    mdg_arena_free(arena);
}

static void gives_the_golden_outputs(void **state) {
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) check(*state, &networks[i]);
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    void *models = (void *)(uintptr_t)golden_folder(arena, "models");
    if (!models) return golden_skip(arena);
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(gives_the_golden_outputs, models)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mdg_arena_free(arena);
    return failed;
}
