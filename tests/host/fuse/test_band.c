/* SPDX-License-Identifier: MIT
 *
 * Random chains of layers band by band: the same bytes as one layer after the other, with the reference
 * kernels and with those of targets. `test_band SEED` runs one and prints both programs.
 */
#include "host/fuse/chains.h"

#include "fuse/band.h"
#include "specialize/specialize.h"

enum { ROUNDS = 1500, RUNS = 2 };

static void add_clamp(chain *s) {
    mdg_clamp_params *p = chain_params(s, sizeof *p);
    *p = (mdg_clamp_params){.count = chain_bytes(s), .min = random_int(s->l.rng, -128, 0)};
    p->max = random_int(s->l.rng, p->min, 127);
    chain_unary(s, MDG_K_clamp_s8, p);
}

/* A branch, whose end is added to where it began */
static void add_residual(chain *s) {
    mdg_rng *r = s->l.rng;
    const int begin = s->buffer;
    const int32_t h = s->h, w = s->w, c = s->c;
    add_clamp(s);
    if (random_int(r, 0, 1)) chain_conv(s, true, 0, 1, random_int(r, -128, 127));
    chain_conv(s, false, c, 1, 3);
    if (s->h == h && s->w == w) chain_add(s, begin);
}

static void add_layer(chain *s) {
    mdg_rng *r = s->l.rng;
    switch (random_int(r, 0, 7)) {
    case 0: chain_pool(s, MDG_K_max_pool2d_s8, 3); break;
    case 1: chain_pool(s, MDG_K_average_pool2d_s8, 3); break;
    case 2: add_residual(s); break;
    case 3: chain_conv(s, false, 4 * random_int(r, 1, 3), 1, random_int(r, -128, 127)); break;
    case 4: add_clamp(s); break;
    case 5: chain_conv(s, true, 0, 5, random_int(r, -128, 127)); break;
    case 6: chain_conv(s, true, 0, 3, random_int(r, -128, 127)); break;
    default: chain_conv(s, false, random_int(r, 1, 8), 5, random_int(r, -128, 127)); break;
    }
}

static chain random_chain(mdg_rng *r, mdg_arena *arena) {
    chain s = chain_new(r, arena, random_int(r, 4, 24), random_int(r, 2, 9), random_int(r, 1, 8));
    const int n = random_int(r, 2, 7);
    for (int i = 0; i < n; i++) add_layer(&s);
    chain_output(&s);
    mdg_program_lifetimes(&s.l.program);
    return s;
}

static int n_groups, n_carries;

/* The largest group of calls that runs in bands; some rows at a time */
static bool find_group(mdg_rng *r, const mdg_program *p, mdg_band_group *g) {
    g->rows = random_int(r, 1, 3);
    for (int n = p->n_calls; n > 1; n--) {
        for (g->first = 0; g->first + n <= p->n_calls; g->first++) {
            g->last = g->first + n - 1;
            if (mdg_band_fits(p, g)) return true;
        }
    }
    return false;
}

static void check(uint64_t seed, bool tells) {
    static const char *const isas[] = {"ref", "armv7em", "armv6m", "mve", "rv32"};
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 8);
    chain s = random_chain(&r, arena);
    mdg_program *p = &s.l.program, bands;
    mdg_band_group g;
    if (find_group(&r, p, &g)) {
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
