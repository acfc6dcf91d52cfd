/* SPDX-License-Identifier: MIT
 *
 * Random layers: what the targets' own kernels compute on this machine is, byte by byte, what the
 * reference kernels compute. `test_specialize SEED ISA` runs one round and tells of its layers.
 */
#include "host/specialize/layers.h"
#include "host/specialize/layers_kernels.h"
#include "specialize/specialize.h"

enum { ROUNDS = 3000, LAYERS = 4 };

static const char *const isas[] = {"armv7em", "armv6m", "mve"};

static int counts[MDG_K_COUNT];

static void compare(const mdg_program *p, const uint8_t *want, const uint8_t *got, uint64_t seed) {
    for (int i = 0, at = 0; i < p->n_outputs; i++) {
        const int bytes = (int)p->buffers[p->outputs[i].buffer].bytes;
        for (int k = 0; k < bytes; k++, at++) {
            if (got[at] != want[at])
                fail_msg("seed %llu, layer %d, output %d of %d is %d, not %d", (unsigned long long)seed, i, k,
                         bytes, (int8_t)got[at], (int8_t)want[at]);
        }
    }
}

static void check(uint64_t seed, const char *isa, mdg_optimize optimize, bool tells) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 0);
    layers l = layers_new(&r, arena, LAYERS);
    mdg_program special = layers_copy(&l.program);
    assert_int_equal(mdg_specialize(&special, isa, optimize, NULL), MDG_OK);
    layers_plan(&l.program);
    layers_plan(&special);
    if (tells) mdg_program_print(&special, stdout);
    for (int i = 0; i < special.n_calls; i++) counts[special.calls[i].kernel]++;
    const int n = (int)layers_bytes(&special, special.inputs, special.n_inputs);
    const uint8_t *input = (const uint8_t *)random_s8(&r, arena, n);
    const uint8_t *want = layers_run(&l.program, input);
    compare(&special, want, layers_run(&special, input), seed);
    compare(&special, want, layers_run_in(&special, input, 1, true), seed);
    mdg_arena_free(arena);
}

static void computes_what_the_reference_computes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
        for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, isas[i], MDG_OPTIMIZE_balanced, false);
    for (uint64_t seed = ROUNDS; seed < 2 * ROUNDS; seed++) check(seed, "armv7em", MDG_OPTIMIZE_ram, false);
    for (uint64_t seed = 2 * ROUNDS; seed < 3 * ROUNDS; seed++)
        check(seed, seed % 3 ? "ref" : "armv7em", MDG_OPTIMIZE_size, false);
}

/* Else the test above has lost its subject. */
static void uses_every_kernel(void **state) {
    (void)state;
    layers_expect_every_kernel(counts, 50);
}

static void leaves_other_targets_alone(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(1, 0);
    layers l = layers_new(&r, arena, 20);
    const mdg_call *calls = l.program.calls;
    assert_int_equal(mdg_specialize(&l.program, "ref", MDG_OPTIMIZE_speed, NULL), MDG_OK);
    assert_int_equal(mdg_specialize(&l.program, NULL, MDG_OPTIMIZE_speed, NULL), MDG_OK);
    assert_ptr_equal(l.program.calls, calls);
    mdg_arena_free(arena);
}

int main(int argc, char **argv) {
    if (argc > 2) {
        check((uint64_t)atoll(argv[1]), argv[2], MDG_OPTIMIZE_balanced, true);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_what_the_reference_computes),
        cmocka_unit_test(uses_every_kernel),
        cmocka_unit_test(leaves_other_targets_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
