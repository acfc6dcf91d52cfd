/* SPDX-License-Identifier: MIT
 *
 * Which of a rule's offers a layer gets. The rule here offers depthwise_smlad_s8 before
 * depthwise3x3_smlad_s8, which takes half of its instructions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "specialize/choose.h"

static size_t scratch_bytes; /* of the faster kernel */

static bool add(mdg_spec *s, mdg_kernel_id kernel, size_t bytes) {
    if (!mdg_spec_may_use(s, kernel)) return false;
    mdg_call *c = mdg_spec_add_call(s, kernel, NULL);
    if (bytes) mdg_spec_add_scratch(s, c, bytes);
    return true;
}

static bool slow_first(mdg_spec *s) {
    return add(s, MDG_K_depthwise_smlad_s8, 0) || add(s, MDG_K_depthwise3x3_smlad_s8, scratch_bytes);
}

static bool fast_first(mdg_spec *s) {
    return add(s, MDG_K_depthwise3x3_smlad_s8, scratch_bytes) || add(s, MDG_K_depthwise_smlad_s8, 0);
}

static bool nothing(mdg_spec *s) {
    (void)s;
    return false;
}

/* A graph of one depthwise convolution of n x n, from 40x40x64, and its program */
static mdg_program program_of(mdg_arena *arena, int n) {
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    mdg_op *op = mdg_op_add(g, s, MDG_OP_DEPTHWISE_CONV_2D, 2, 1);
    op->inputs[0] = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(4, 1, 40, 40, 64));
    op->inputs[1] = mdg_tensor_add(g, s, "w", MDG_INT8, mdg_shape_of(4, 1, n, n, 64));
    op->outputs[0] = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(4, 1, 40, 40, 64));
    return (mdg_program){.graph = g, .arena = arena};
}

/* What the layer becomes, 0 where it stays; `without` may be NULL. */
static mdg_kernel_id choice(mdg_arena *arena, mdg_spec_rule *rule, int n, mdg_optimize optimize,
                            const bool *without) {
    static const bool none[MDG_K_COUNT] = {false};
    mdg_program p = program_of(arena, n);
    const mdg_call call = {.kernel = MDG_K_depthwise_conv2d_s8, .in = {0}, .n_in = 1, .out = {1}, .n_out = 1};
    mdg_spec s = {.program = &p, .call = &call, .optimize = optimize, .without = without ? without : none};
    const bool replaced = mdg_spec_choose(&s, rule, "armv7em");
    assert_int_equal(p.n_calls, replaced);
    return replaced ? p.calls[0].kernel : 0;
}

static void takes_what_is_clearly_faster(void **state) {
    scratch_bytes = 0;
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_balanced, NULL), MDG_K_depthwise3x3_smlad_s8);
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_speed, NULL), MDG_K_depthwise3x3_smlad_s8);
    assert_int_equal(choice(*state, fast_first, 3, MDG_OPTIMIZE_balanced, NULL), MDG_K_depthwise3x3_smlad_s8);
    assert_int_equal(choice(*state, nothing, 3, MDG_OPTIMIZE_balanced, NULL), 0);
    assert_int_equal(choice(*state, NULL, 3, MDG_OPTIMIZE_balanced, NULL), 0);
}

static void pays_with_scratch_for_speed_alone(void **state) {
    scratch_bytes = 100;
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_balanced, NULL), MDG_K_depthwise_smlad_s8);
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_ram, NULL), MDG_K_depthwise_smlad_s8);
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_speed, NULL), MDG_K_depthwise3x3_smlad_s8);
}

/* 3x3 was measured, 9x9 was not. */
static void leaves_to_the_rule_what_was_not_measured(void **state) {
    scratch_bytes = 0;
    assert_int_equal(choice(*state, slow_first, 9, MDG_OPTIMIZE_speed, NULL), MDG_K_depthwise_smlad_s8);
}

static void leaves_least_flash_to_the_search(void **state) {
    scratch_bytes = 0;
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_size, NULL), MDG_K_depthwise_smlad_s8);
}

static void goes_without_what_may_not_be_used(void **state) {
    bool without[MDG_K_COUNT] = {[MDG_K_depthwise3x3_smlad_s8] = true};
    scratch_bytes = 0;
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_speed, without), MDG_K_depthwise_smlad_s8);
    without[MDG_K_depthwise_smlad_s8] = true;
    assert_int_equal(choice(*state, slow_first, 3, MDG_OPTIMIZE_speed, without), 0);
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(takes_what_is_clearly_faster, arena),
        cmocka_unit_test_prestate(pays_with_scratch_for_speed_alone, arena),
        cmocka_unit_test_prestate(leaves_to_the_rule_what_was_not_measured, arena),
        cmocka_unit_test_prestate(leaves_least_flash_to_the_search, arena),
        cmocka_unit_test_prestate(goes_without_what_may_not_be_used, arena),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mdg_arena_free(arena);
    return failed;
}
