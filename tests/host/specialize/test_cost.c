/* SPDX-License-Identifier: MIT
 *
 * Estimates of what kernels take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "lower/program.h"
#include "specialize/cost.h"

/* From an input of 1x8x6x4 to an output of 1x8x6x`channels`, with a kernel of h x w */
static mdg_kernel_work work_of(mdg_arena *arena, mdg_opcode code, int h, int w, int channels) {
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    mdg_op *op = mdg_op_add(g, s, code, 2, 1);
    const bool is_depthwise = code == MDG_OP_DEPTHWISE_CONV_2D;
    op->inputs[0] = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(4, 1, 8, 6, 4));
    op->inputs[1] = mdg_tensor_add(g, s, "w", MDG_INT8,
                                   is_depthwise ? mdg_shape_of(4, 1, h, w, channels)
                                                : mdg_shape_of(4, channels, h, w, 4));
    op->outputs[0] = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(4, 1, 8, 6, channels));
    return mdg_kernel_work_of(s, op);
}

static void tells_the_work(void **state) {
    const mdg_kernel_work conv = work_of(*state, MDG_OP_CONV_2D, 3, 3, 10);
    assert_int_equal(conv.products, 48 * 10 * 36);
    assert_int_equal(conv.outputs, 480);
    assert_int_equal(conv.reads, 48 * 36);
    assert_int_equal(conv.starts, 48);
    const mdg_kernel_work depthwise = work_of(*state, MDG_OP_DEPTHWISE_CONV_2D, 3, 3, 4);
    assert_int_equal(depthwise.products, 48 * 4 * 9);
    assert_int_equal(depthwise.reads, 48 * 4);
    assert_int_equal(depthwise.starts, 6 * 4); /* rows of eight */
}

static void knows_what_was_measured(void **state) {
    const mdg_kernel_work w = work_of(*state, MDG_OP_CONV_2D, 1, 1, 32);
    const int64_t own = mdg_kernel_cost("armv7em", "pointwise_smlad_s8", &w);
    const int64_t reference = mdg_kernel_cost("armv7em", "conv2d_s8", &w);
    assert_in_range(own, w.products / 2, 4 * w.products);
    assert_in_range(reference, 5 * own, 100 * own);
    assert_int_equal(reference, mdg_kernel_cost("ref", "conv2d_s8", &w));
    assert_int_equal(mdg_kernel_cost("ref", "pointwise_smlad_s8", &w), -1);
    assert_int_equal(mdg_kernel_cost("armv7em", "nothing_s8", &w), -1);
    assert_int_equal(mdg_kernel_cost("z80", "conv2d_s8", &w), -1);
}

/* The instruction sets whose rules use a kernel, by its name; none for those of the reference */
static const char *const *isas_of(const char *kernel) {
    static const char *const armv7em[] = {"armv7em", NULL}, *const mve[] = {"mve", NULL},
                             *const scalar[] = {"armv6m", "rv32", NULL}, *const none[] = {NULL};
    if (strstr(kernel, "_smlad_") || strstr(kernel, "_lanes_") || strstr(kernel, "_table_")) return armv7em;
    if (strstr(kernel, "_mve_")) return mve;
    return strstr(kernel, "_scalar_") || strstr(kernel, "_linear_") ? scalar : none;
}

/* What has no costs cannot be weighed against others. */
static void knows_every_kernel_of_an_instruction_set(void **state) {
    (void)state;
    const mdg_kernel_work nothing = {0};
    int known = 0;
    for (int k = MDG_K_pointwise_smlad_s8; k < MDG_K_COUNT; k++) {
        const char *name = mdg_kernels[k].name;
        for (const char *const *isa = isas_of(name); *isa; isa++, known++)
            if (mdg_kernel_cost(*isa, name, &nothing) < 0) fail_msg("no costs of %s on %s", name, *isa);
    }
    assert_true(known >= 40);
}

static void tells_what_was_measured(void **state) {
    const mdg_kernel_work w = work_of(*state, MDG_OP_CONV_2D, 1, 1, 32);
    mdg_kernel_work deeper = w;
    deeper.products *= 1000;
    assert_true(mdg_kernel_cost_is_sure("armv7em", "pointwise_smlad_s8", &w));
    assert_false(mdg_kernel_cost_is_sure("armv7em", "pointwise_smlad_s8", &deeper));
    assert_false(mdg_kernel_cost_is_sure("armv7em", "nothing_s8", &w));
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(tells_the_work, arena),
        cmocka_unit_test_prestate(knows_what_was_measured, arena),
        cmocka_unit_test_prestate(knows_every_kernel_of_an_instruction_set, arena),
        cmocka_unit_test_prestate(tells_what_was_measured, arena),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mdg_arena_free(arena);
    return failed;
}
