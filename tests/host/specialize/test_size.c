/* SPDX-License-Identifier: MIT
 *
 * Where flash comes first: random layers give what the reference gives, without any set of kernels, and the
 * search finds what is smaller.
 */
#include "host/specialize/layers.h"
#include "specialize/clusters.h"
#include "specialize/size.h"
#include "specialize/weights4.h"

enum { ROUNDS = 1500, LAYERS = 3, SEARCHES = 60 };

static const char *const isas[] = {"armv7em", "armv6m", "mve"};

static bool uses(const mdg_program *p, const bool *kernels) {
    for (int i = 0; i < p->n_calls; i++)
        if (kernels[p->calls[i].kernel]) return true;
    return false;
}

/* On a random input */
static void compare(layers *want, mdg_program *got, uint64_t seed) {
    layers_plan(&want->program);
    layers_plan(got);
    const int n = (int)layers_bytes(got, got->inputs, got->n_inputs);
    const uint8_t *input = (const uint8_t *)random_s8(want->rng, got->arena, n);
    const size_t bytes = layers_bytes(got, got->outputs, got->n_outputs);
    if (memcmp(layers_run(&want->program, input), layers_run(got, input), bytes) != 0)
        fail_msg("seed %llu: outputs differ", (unsigned long long)seed);
}

/* Without a half of the kernels that are no reference's: of those the rules use none. */
static void computes_the_same_without_some(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 1);
        layers l = layers_new(&r, arena, LAYERS);
        mdg_program special = layers_copy(&l.program);
        bool without[MDG_K_COUNT] = {false};
        for (int k = MDG_K_pointwise_smlad_s8; k < MDG_K_COUNT; k++) without[k] = random_int(&r, 0, 1);
        for (int i = 0; i < l.program.n_calls; i++) without[l.program.calls[i].kernel] = false;
        assert_int_equal(mdg_specialize_without(&special, isas[seed % 3], MDG_OPTIMIZE_size, without, NULL),
                         MDG_OK);
        assert_false(uses(&special, without));
        compare(&l, &special, seed);
        mdg_arena_free(arena);
    }
}

/* Whatever the size, by every kernel that decodes */
static void decodes_clustered_weights(void **state) {
    (void)state;
    const bool without[MDG_K_COUNT] = {false};
    int calls[MDG_K_COUNT] = {0};
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 3);
        layers l = layers_new(&r, arena, LAYERS);
        mdg_program special = layers_copy(&l.program);
        assert_int_equal(mdg_specialize_without(&special, "armv7em", MDG_OPTIMIZE_size, without, NULL),
                         MDG_OK);
        for (int i = 0; i < special.n_calls; i++) calls[special.calls[i].kernel]++;
        compare(&l, &special, seed);
        mdg_arena_free(arena);
    }
    for (int k = 0; k < MDG_K_COUNT; k++)
        assert_true(calls[k] > 10 || !mdg_spec_is_decoding((mdg_kernel_id)k));
}

/* What is left does the same, and fewer kernels are left. */
static void searches_for_what_is_smaller(void **state) {
    (void)state;
    int gone = 0;
    for (uint64_t seed = 0; seed < SEARCHES; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 2);
        layers l = layers_new(&r, arena, 2 * LAYERS);
        mdg_program special = layers_copy(&l.program);
        bool without[MDG_K_COUNT] = {false};
        const char *isa = isas[seed % 3];
        mdg_size_choose(&l.program, isa, without);
        for (int k = 0; k < MDG_K_COUNT; k++) gone += without[k] && !mdg_spec_is_packed((mdg_kernel_id)k);
        assert_int_equal(mdg_specialize(&special, isa, MDG_OPTIMIZE_size, NULL), MDG_OK);
        assert_false(uses(&special, without));
        compare(&l, &special, seed);
        mdg_arena_free(arena);
    }
    assert_true(gone > SEARCHES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_the_same_without_some),
        cmocka_unit_test(decodes_clustered_weights),
        cmocka_unit_test(searches_for_what_is_smaller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
