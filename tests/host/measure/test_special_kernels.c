/* SPDX-License-Identifier: MIT
 *
 * The targets' own kernels: random layers, many in one program, on the emulated target give the
 * bytes that the reference kernels give on this machine. `test_special_kernels SEED [TARGET]` runs one batch.
 */
#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "host/specialize/layers.h"
#include "measure/measure.h"
#include "specialize/specialize.h"

enum { BATCHES = 28, LAYERS = 150, RUNS = 3 }; /* four batches for each target */

static mdg_status run_on_target(const mdg_program *p, const mdg_run_opts *base, const uint8_t *input,
                                uint8_t *output) {
    mdg_diag diag = {""};
    mdg_run_opts run = *base;
    const mdg_emit_opts emit = {.name = run.name, .folder = run.folder, .isa = run.target->isa};
    run.input_bytes = layers_bytes(p, p->inputs, p->n_inputs);
    run.output_bytes = layers_bytes(p, p->outputs, p->n_outputs);
    mdg_status status = mdg_emit_c(p, &emit, &diag);
    if (status == MDG_OK) status = mdg_target_run(&run, input, output, NULL, p->arena, &diag);
    if (status != MDG_OK) printf("%s\n", diag.text);
    return status;
}

/* Prints the first byte that differs. */
static bool agrees(const mdg_program *p, const uint8_t *want, const uint8_t *got, uint64_t seed) {
    const size_t bytes = layers_bytes(p, p->outputs, p->n_outputs);
    for (size_t i = 0; i < RUNS * bytes; i++) {
        if (want[i] == got[i]) continue;
        size_t at = i % bytes;
        int layer = 0;
        while (at >= p->buffers[p->outputs[layer].buffer].bytes)
            at -= p->buffers[p->outputs[layer++].buffer].bytes;
        printf("seed %llu, run %zu, layer %d (%s), output %zu is %d, not %d\n", (unsigned long long)seed,
               i / bytes, layer, mdg_kernels[p->calls[layer].kernel].name, at, (int8_t)got[i],
               (int8_t)want[i]);
        return false;
    }
    return true;
}

static bool check(uint64_t seed, const mdg_target *target) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(1000 + seed, 0);
    layers l = layers_new(&r, arena, LAYERS);
    mdg_program special = layers_copy(&l.program);
    const mdg_optimize optimize = seed % 3 == 2 ? MDG_OPTIMIZE_size : MDG_OPTIMIZE_balanced;
    mdg_specialize(&special, target->isa, optimize, NULL);
    layers_plan(&l.program);
    layers_plan(&special);
    const size_t in = layers_bytes(&special, special.inputs, LAYERS);
    const size_t out = layers_bytes(&special, special.outputs, LAYERS);
    const uint8_t *input = (const uint8_t *)random_s8(&r, arena, (int)(RUNS * in));
    const uint8_t *want = layers_run_in(&l.program, input, RUNS, false);
    uint8_t *got = mdg_arena_alloc(arena, RUNS * out);
    const mdg_run_opts run = {
        .target = target, .folder = test_folder(arena), .name = "layers", .repeat = RUNS};
    const bool good =
        run_on_target(&special, &run, input, got) == MDG_OK && agrees(&l.program, want, got, seed);
    printf("batch %llu on %s: %d layers, %s\n", (unsigned long long)seed, target->name, LAYERS,
           good ? "the same" : "WRONG");
    test_folder_remove(run.folder, arena);
    mdg_arena_free(arena);
    return good;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const bool can_run = test_has("arm-none-eabi-gcc", arena) && test_has("qemu-system-arm", arena);
    const bool can_riscv =
        test_has("riscv64-unknown-elf-gcc", arena) && test_has("qemu-system-riscv32", arena);
    mdg_arena_free(arena);
    if (!can_run) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return 77;
    }
    if (argc > 1) return !check((uint64_t)atoll(argv[1]), mdg_target_find(argc > 2 ? argv[2] : "cortex-m4"));
    static const char *const targets[] = {"cortex-m4",  "cortex-m7", "cortex-m33", "cortex-m0plus",
                                          "cortex-m55", "cortex-m3", "rv32imc"};
    bool good = true;
    for (uint64_t i = 0; i < BATCHES; i++) {
        const char *name = targets[i % (sizeof targets / sizeof *targets)];
        if (can_riscv || strncmp(name, "rv32", 4) != 0) good = check(i, mdg_target_find(name)) && good;
    }
    return !good;
}
