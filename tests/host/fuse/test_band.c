/* SPDX-License-Identifier: MIT
 *
 * Random chains of layers band by band: the same bytes as one layer after the other, with the reference
 * kernels and with those of targets. `test_band SEED` runs one and prints both programs.
 */
#include "host/fuse/bands.h"

#include "specialize/specialize.h"

enum { ROUNDS = 1500, RUNS = 2 };

static int n_groups, n_carries;

static void check(uint64_t seed, bool tells) {
    static const char *const isas[] = {"ref", "armv7em", "armv6m", "mve", "rv32"};
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 8);
    chain s = bands_random_chain(&r, arena);
    mdg_program *p = &s.l.program, bands;
    mdg_band_group g;
    if (bands_find_group(&r, p, &g)) {
        n_groups++;
        mdg_band_run(p, &g, &bands);
        if (tells) mdg_program_print(p, stdout), printf("group %d to %d\n", g.first, g.last);
        assert_int_equal(mdg_specialize(&bands, isas[seed % 5], MDG_OPTIMIZE_balanced, NULL), MDG_OK);
        assert_int_equal(mdg_plan(p, NULL, NULL), MDG_OK);
        assert_int_equal(mdg_plan(&bands, NULL, NULL), MDG_OK);
        if (tells) mdg_program_print(&bands, stdout);
        assert_null(mdg_program_refused_call(&bands, 0));
        for (int i = 0; i < bands.n_calls; i++) n_carries += bands.calls[i].kernel == MDG_K_carry;
        for (int run = 0; run < RUNS; run++) {
            const uint8_t *x = (const uint8_t *)random_s8(&r, arena, (int)layers_bytes(p, p->inputs, 1));
            const uint8_t *want = layers_run(p, x), *got = layers_run(&bands, x);
            if (memcmp(want, got, layers_bytes(p, p->outputs, p->n_outputs)) != 0)
                fail_msg("seed %llu: other bytes in bands", (unsigned long long)seed);
        }
    }
    mdg_arena_free(arena);
}

static void computes_the_same(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, false);
    printf("%d groups, %d carries\n", n_groups, n_carries);
    assert_true(n_groups > ROUNDS / 2 && n_carries > ROUNDS);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        check((uint64_t)atoll(argv[1]), true);
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(computes_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
