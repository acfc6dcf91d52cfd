/* SPDX-License-Identifier: MIT
 *
 * Takes hostile .tflite files all the way: read, lowered, made smaller, specialised, planned, packed, opened
 * by the runtime, run. What lowering accepts must pass all that follows. Models that would take long are left
 * out.
 *
 *     ninja -C build-fuzz fuzz_lower        (fuzz_tflite.c tells how to make build-fuzz)
 *     build-fuzz/fuzz/fuzz_lower -max_len=8192 /tmp/corpus fuzz/corpus/tflite
 */
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "image/pack.h"
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

static void compile_for(const mdg_graph *g, const char *isa, mdg_arena *arena) {
    mdg_program p;
    mdg_bytes image;
    mdg_diag diag = {""};
    mdg_status status = mdg_lower(g, arena, &p, &diag);
    if (status == MDG_OK) status = mdg_specialize(&p, isa, MDG_OPTIMIZE_balanced, &diag);
    if (status == MDG_OK) status = mdg_plan(&p, NULL, &diag);
    if (status == MDG_OK) status = mdg_pack(&p, 0, arena, &image, &diag);
    demand_sound(status, &diag);
}

static void run(const mdg_graph *g, mdg_arena *arena) {
    mdg_exec *x;
    mdg_diag diag = {""};
    const mdg_status status = mdg_exec_open(g, arena, &x, &diag);
    demand_sound(status, &diag);
    if (status != MDG_OK) return;
    mdg_exec_limit_rounds(x, MAX_ROUNDS);
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < mdg_exec_program(x)->n_inputs; k++)
            memset(mdg_exec_input(x, k), 0x5a * i, mdg_exec_input_bytes(x, k));
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return;
    }
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
        compile_for(g, "armv7em", arena);
        run(g, arena);
    }
    free(bytes.data);
    mdg_arena_free(arena);
    return 0;
}
