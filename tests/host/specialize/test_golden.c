/* SPDX-License-Identifier: MIT
 *
 * Golden networks with the targets' own kernels, on this machine: TFLM's outputs, byte by byte.
 */
#include "host/exec/golden.h"
#include "host/specialize/layers.h"
#include "specialize/specialize.h"

static const char *const names[] = {
    "mlperf_kws_ref_model",    "mlperf_pretrainedResnet_quant", "mlperf_vww_96_int8", "mlperf_ad01_int8",
    "mlperf_str_ww_ref_model", "tflm_micro_speech_quantized",   "tflm_person_detect",
};

static size_t weights(const mdg_program *p) {
    size_t bytes = 0;
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].kind == MDG_BUF_CONST && p->buffers[i].first <= p->buffers[i].last)
            bytes += p->buffers[i].bytes;
    return bytes;
}

/* Every layer that has an optimised kernel is to use it. */
static int reference_layers(const mdg_program *p) {
    int n = 0;
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_kernel_id k = p->calls[i].kernel;
        n += k == MDG_K_conv2d_s8 || k == MDG_K_depthwise_conv2d_s8 || k == MDG_K_fully_connected_s8 ||
             k == MDG_K_add_s8;
    }
    return n;
}

static void check(const char *models, const char *name, const char *isa, mdg_optimize optimize) {
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g;
    mdg_program p;
    mdg_bytes in, out;
    const char *stem = mdg_arena_printf(arena, "%s/%s", models, name);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s.in", stem), arena, &in, NULL), MDG_OK);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s.out", stem), arena, &out, NULL), MDG_OK);
    assert_int_equal(mdg_tflite_load(mdg_arena_printf(arena, "%s.tflite", stem), arena, &g, NULL), MDG_OK);
    assert_int_equal(mdg_lower(g, arena, &p, NULL), MDG_OK);
    assert_int_equal(mdg_specialize(&p, isa, optimize, NULL), MDG_OK);
    assert_int_equal(mdg_plan(&p, NULL, NULL), MDG_OK);
    const size_t in_bytes = layers_bytes(&p, p.inputs, p.n_inputs),
                 out_bytes = layers_bytes(&p, p.outputs, p.n_outputs);
    assert_true(in.size >= in_bytes && in.size / in_bytes == out.size / out_bytes);
    for (size_t i = 0; i < in.size / in_bytes; i++)
        assert_memory_equal(layers_run(&p, in.data + i * in_bytes), out.data + i * out_bytes, out_bytes);
    if (strcmp(isa, "armv6m") != 0 && optimize == MDG_OPTIMIZE_balanced)
        assert_int_equal(reference_layers(&p), 0);
    /* The largest of these models: without the lengths of groups it fits a processor with 256 KB of flash. */
    if (strcmp(name, "tflm_person_detect") == 0 && optimize == MDG_OPTIMIZE_size)
        assert_true(weights(&p) < 250 * 1024);
    mdg_arena_free(arena);
}

static void gives_the_golden_outputs(void **state) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check(*state, names[i], "armv7em", MDG_OPTIMIZE_balanced);
        check(*state, names[i], "armv6m", MDG_OPTIMIZE_balanced);
        check(*state, names[i], "mve", MDG_OPTIMIZE_balanced);
    }
}

static void gives_them_where_flash_comes_first(void **state) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check(*state, names[i], "armv7em", MDG_OPTIMIZE_size);
        check(*state, names[i], "armv6m", MDG_OPTIMIZE_size);
        check(*state, names[i], "mve", MDG_OPTIMIZE_size);
    }
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    void *models = (void *)(uintptr_t)golden_folder(arena, "models");
    if (!models) {
        mdg_arena_free(arena);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(gives_the_golden_outputs, models),
        cmocka_unit_test_prestate(gives_them_where_flash_comes_first, models),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mdg_arena_free(arena);
    return failed;
}
