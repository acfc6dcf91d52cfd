/* SPDX-License-Identifier: MIT
 *
 * Random SVDF and LSTM layers over several steps: what the Cortex-M4's kernels compute and remember on this
 * machine is what the reference kernels do.
 */
#include "host/specialize/layers.h"
#include "specialize/specialize.h"

enum { ROUNDS = 1500, STEPS = 3 };

static int counts[MDG_K_COUNT];

static void check(uint64_t seed, void (*add)(layers *)) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 3);
    layers l = layers_start(&r, arena, 1);
    add(&l);
    mdg_program_lifetimes(&l.program);
    mdg_program special = layers_copy(&l.program);
    assert_int_equal(mdg_specialize(&special, "armv7em", MDG_OPTIMIZE_balanced, NULL), MDG_OK);
    counts[special.calls[0].kernel]++;
    layers_plan(&l.program);
    layers_plan(&special);
    const size_t n = layers_bytes(&special, special.inputs, 1);
    const size_t bytes = STEPS * layers_bytes(&special, special.outputs, 1);
    const uint8_t *x = (const uint8_t *)random_s8(&r, arena, (int)(STEPS * n));
    const uint8_t *want = layers_run_in(&l.program, x, STEPS, false);
    if (memcmp(want, layers_run_in(&special, x, STEPS, true), bytes) != 0)
        fail_msg("seed %llu: an output of %s differs", (unsigned long long)seed,
                 mdg_kernels[special.calls[0].kernel].name);
    mdg_arena_free(arena);
}

static void svdf_remembers_alike(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, layers_add_svdf);
    assert_true(counts[MDG_K_svdf_smlad_s8_state8] > ROUNDS / 4);
    assert_true(counts[MDG_K_svdf_smlad_s8_state16] > ROUNDS / 4);
}

static void lstm_remembers_alike(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, layers_add_lstm);
    assert_true(counts[MDG_K_lstm_smlad_s8] > ROUNDS / 4);
    assert_true(counts[MDG_K_lstm_smlad_s16] > ROUNDS / 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svdf_remembers_alike),
        cmocka_unit_test(lstm_remembers_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
