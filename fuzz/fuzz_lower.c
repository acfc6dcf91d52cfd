/* SPDX-License-Identifier: MIT
 *
 * Takes hostile .tflite files all the way: read, made smaller, lowered, fused, specialised, planned, packed,
 * opened by the runtime, run. What lowering accepts must pass all that follows, and what is compiled for a
 * target must give the bytes of the model as it is. Models that would take long are left out.
 *
 *     ninja -C build-fuzz fuzz_lower        (fuzz_tflite.c tells how to make build-fuzz)
 *     build-fuzz/fuzz/fuzz_lower -max_len=8192 /tmp/corpus fuzz/corpus/tflite
 */
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "fuse/fuse.h"
#include "image/pack.h"
#include "midge/model.h"
#include "pass/pass.h"
#include "plan/plan.h"
#include "specialize/specialize.h"
#include "tflite/tflite.h"

enum { MAX_BYTES = 1 << 20, MAX_WORK = 1 << 20, MAX_ROUNDS = 20 };

static void demand(bool condition, const mdg_diag *diag) {
    if (condition) return;
    fprintf(stderr, "fuzz_lower: %s\n", diag->text);
    abort();
}

static bool is_small(const mdg_graph *g) {
    int64_t bytes = 0, work = 0;
    for (int s = 0; s < g->n_subgraphs; s++) {
        const mdg_subgraph *sub = &g->subgraphs[s];
        for (int t = 0; t < sub->n_tensors; t++) {
            const size_t b = mdg_tensor_bytes(&sub->tensors[t]);
            if (b > MAX_BYTES || (bytes += (int64_t)b) > MAX_BYTES) return false;
        }
        for (int i = 0; i < sub->n_ops; i++)
            if ((work += mdg_op_macs(sub, &sub->ops[i])) > MAX_WORK) return false;
    }
    return true;
}

/* A fault of midge, and not of the file, is one that asks to be reported. */
static void demand_sound(mdg_status status, const mdg_diag *diag) {
    const char report[] = "please report this with the model";
    const size_t n = strlen(diag->text), end = sizeof report - 1;
    demand(status == MDG_OK || (n > 0 && (n < end || strcmp(diag->text + n - end, report) != 0)), diag);
}

/* As cli/model.c compiles */
static mdg_status compile_for(const mdg_graph *g, const char *isa, mdg_arena *arena, mdg_bytes *image,
                              mdg_diag *diag) {
    mdg_graph *smaller;
    mdg_program p;
    MDG_TRY(mdg_remove_channels(g, 4, arena, &smaller, NULL, diag));
    MDG_TRY(mdg_lower(smaller, arena, &p, diag));
    mdg_fuse(&p, &mdg_fuse_always);
    MDG_TRY(mdg_specialize(&p, isa, MDG_OPTIMIZE_balanced, diag));
    MDG_TRY(mdg_plan(&p, &(mdg_plan_opts){.apart = true}, diag));
    return mdg_pack(&p, 0, arena, image, diag);
}

static mdg_status open_image(const mdg_bytes *image, mdg_arena *arena, mdg_model *m) {
    mdg_model_kernel *table = mdg_arena_array(arena, MDG_K_COUNT + 1, sizeof *table);
    for (int i = 0; i < MDG_K_COUNT; i++)
        table[i] = (mdg_model_kernel){mdg_kernels[i].name, mdg_kernels[i].run, mdg_kernels[i].check};
    mdg_model_memory memory;
    MDG_TRY(mdg_model_needs(image->data, image->size, &memory.arena_bytes, &memory.state_bytes));
    memory.arena = mdg_arena_alloc(arena, memory.arena_bytes);
    memory.state = mdg_arena_alloc(arena, memory.state_bytes);
    return mdg_model_open(m, image->data, image->size, table, &memory);
}

/* The same input in both; those who loop for long are not compared. */
static bool run_both(mdg_exec *x, const mdg_model *m, int fill) {
    for (int k = 0; k < mdg_exec_program(x)->n_inputs; k++) {
        memset(mdg_exec_input(x, k), fill, mdg_exec_input_bytes(x, k));
        if (m) memset(mdg_model_input(m, (uint32_t)k), fill, mdg_exec_input_bytes(x, k));
    }
    if (mdg_exec_invoke(x, NULL) != MDG_OK) return false;
    if (!m) return true;
    mdg_model_invoke(m);
    for (int k = 0; k < mdg_exec_program(x)->n_outputs; k++)
        demand(memcmp(mdg_exec_output(x, k), mdg_model_output(m, (uint32_t)k), mdg_exec_output_bytes(x, k)) ==
                   0,
               &(mdg_diag){"compiled, it gives other bytes"});
    return true;
}

static void run(const mdg_graph *g, const mdg_model *compiled, mdg_arena *arena) {
    mdg_exec *x;
    mdg_diag diag = {""};
    const mdg_status status = mdg_exec_open(g, arena, &x, &diag);
    demand_sound(status, &diag);
    if (status != MDG_OK) return;
    mdg_exec_limit_rounds(x, MAX_ROUNDS);
    for (int i = 0; i < 2; i++)
        if (!run_both(x, compiled, 0x5a * i)) return;
}

static void exercise(const mdg_graph *g, mdg_arena *arena) {
    mdg_bytes image;
    mdg_model model;
    mdg_diag diag = {""};
    const mdg_status status = compile_for(g, "armv7em", arena, &image, &diag);
    demand_sound(status, &diag);
    const mdg_status opened = status == MDG_OK ? open_image(&image, arena, &model) : status;
    demand(status != MDG_OK || opened == MDG_OK || opened == MDG_NOT_FOUND, /* a custom operator's kernel */
           &(mdg_diag){"the runtime refuses the image"});
    run(g, opened == MDG_OK ? &model : NULL, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mdg_arena *arena = mdg_arena_new();
    const mdg_bytes bytes = {malloc(size ? size : 1), size};
    mdg_graph *g = NULL;
    mdg_diag diag = {""};
    mdg_program p;
    mdg_refusal *refused;
    if (size) memcpy(bytes.data, data, size);
    if (mdg_tflite_read(&bytes, "fuzz", arena, &g, &diag) == MDG_OK && is_small(g)) {
        mdg_lower_all(g, arena, &p, &refused, &diag);
        exercise(g, arena);
    }
    free(bytes.data);
    mdg_arena_free(arena);
    return 0;
}
