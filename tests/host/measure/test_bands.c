/* SPDX-License-Identifier: MIT
 *
 * Random chains of layers band by band, as generated C with its loops, on emulated targets: the bytes of the
 * same layers one after the other on this machine. `test_bands SEED TARGET` runs one.
 */
#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "host/fuse/bands.h"
#include "measure/measure.h"
#include "specialize/specialize.h"

enum { CHAINS = 6, RUNS = 3, MIN_CALLS = 20 };

/* A chain that becomes enough calls to have loops */
static bool make(uint64_t *seed, mdg_arena *arena, mdg_program *p, mdg_program *bands) {
    for (int i = 0; i < 1000; i++, ++*seed) {
        mdg_rng r = mdg_rng_of(*seed, 9);
        mdg_band_group g;
        chain s = bands_random_chain(&r, arena);
        *p = s.l.program;
        if (!bands_find_group(&r, p, &g)) continue;
        mdg_band_run(p, &g, bands);
        if (bands->n_calls >= MIN_CALLS) return true;
    }
    return false;
}

static mdg_status run_on(const mdg_target *target, mdg_program *p, const char *folder, const uint8_t *input,
                         uint8_t *output, mdg_diag *diag) {
    const mdg_emit_opts emit = {.name = "bands", .folder = folder, .isa = target->isa};
    const mdg_run_opts run = {.target = target,
                              .folder = folder,
                              .name = "bands",
                              .repeat = RUNS,
                              .input_bytes = layers_bytes(p, p->inputs, p->n_inputs),
                              .output_bytes = layers_bytes(p, p->outputs, p->n_outputs)};
    MDG_TRY(mdg_specialize(p, target->isa, MDG_OPTIMIZE_ram, diag));
    MDG_TRY(mdg_plan(p, NULL, diag));
    MDG_TRY(mdg_emit_c(p, &emit, diag));
    return mdg_target_run(&run, input, output, NULL, p->arena, diag);
}

static bool check(uint64_t *seed, const mdg_target *target) {
    mdg_arena *arena = mdg_arena_new();
    mdg_program p, bands;
    mdg_diag diag = {""};
    if (!make(seed, arena, &p, &bands)) return false;
    mdg_plan(&p, NULL, NULL);
    mdg_rng r = mdg_rng_of(*seed, 10);
    const size_t in = layers_bytes(&p, p.inputs, 1), out = layers_bytes(&p, p.outputs, 1);
    const uint8_t *input = (const uint8_t *)random_s8(&r, arena, (int)(RUNS * in));
    uint8_t *want = mdg_arena_alloc(arena, RUNS * out), *got = mdg_arena_alloc(arena, RUNS * out);
    for (size_t i = 0; i < RUNS; i++) memcpy(want + i * out, layers_run(&p, input + i * in), out);
    char *folder = test_folder(arena);
    const mdg_status status = run_on(target, &bands, folder, input, got, &diag);
    const bool good = status == MDG_OK && memcmp(want, got, RUNS * out) == 0;
    printf("chain %llu on %s, %d calls: %s %s\n", (unsigned long long)*seed, target->name, bands.n_calls,
           good ? "the same" : "WRONG", diag.text);
    test_folder_remove(folder, arena);
    mdg_arena_free(arena);
    ++*seed;
    return good;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const bool can_run = test_has("arm-none-eabi-gcc", arena) && test_has("qemu-system-arm", arena);
    mdg_arena_free(arena);
    if (!can_run) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return 77;
    }
    static const char *const targets[] = {"cortex-m4", "cortex-m0plus", "cortex-m55"};
    uint64_t seed = argc > 1 ? (uint64_t)atoll(argv[1]) : 0;
    if (argc > 2) return !check(&seed, mdg_target_find(argv[2]));
    bool good = true;
    for (int i = 0; i < CHAINS; i++) good = check(&seed, mdg_target_find(targets[i % 3])) && good;
    return !good;
}
