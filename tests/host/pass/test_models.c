/* SPDX-License-Identifier: MIT
 *
 * Removing channels from whole networks: every model of shared/models still gives TFLM's outputs on both
 * input sets, and its own on all -128, all 127 and noise. mlperf_vww_96_int8 loses half of its MACs and most
 * of its weights.
 */
#include "../exec/golden.h"
#include "pass/pass.h"
#include "util/rng.h"

enum { NOISE_ROUNDS = 8 };

static void set_inputs(mdg_exec *x, const uint8_t *in) {
    for (int k = 0; k < mdg_exec_program(x)->n_inputs; in += mdg_exec_input_bytes(x, k++))
        memcpy(mdg_exec_input(x, k), in, mdg_exec_input_bytes(x, k));
}

/* Both programs, from the same state, on the same bytes */
static bool agree_on(mdg_exec *a, mdg_exec *b, const uint8_t *in) {
    set_inputs(a, in);
    set_inputs(b, in);
    mdg_exec_invoke(a, NULL);
    mdg_exec_invoke(b, NULL);
    for (int k = 0; k < mdg_exec_program(a)->n_outputs; k++)
        if (memcmp(mdg_exec_output(a, k), mdg_exec_output(b, k), mdg_exec_output_bytes(a, k)) != 0)
            return false;
    return true;
}

static bool agree_on_extremes(mdg_exec *a, mdg_exec *b, mdg_arena *arena) {
    const size_t bytes = golden_sum(a, mdg_exec_program(a)->n_inputs, mdg_exec_input_bytes);
    uint8_t *in = mdg_arena_alloc(arena, bytes);
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < NOISE_ROUNDS; round++) {
        for (size_t i = 0; i < bytes; i++)
            in[i] = round == 0 ? 0x80 : round == 1 ? 0x7F : (uint8_t)mdg_rng_below(&r, 256);
        if (!agree_on(a, b, in)) return false;
    }
    return true;
}

static bool agree_on_golden(mdg_exec *x, const mdg_bytes *in, const mdg_bytes *out, int invocations) {
    const int n_outputs = mdg_exec_program(x)->n_outputs;
    const size_t in_bytes = golden_sum(x, mdg_exec_program(x)->n_inputs, mdg_exec_input_bytes);
    const uint8_t *want = out->data;
    if (in->size != in_bytes * (size_t)invocations) return false;
    for (int i = 0; i < invocations; i++) {
        golden_invoke(x, in->data + (size_t)i * in_bytes, NULL);
        for (int k = 0; k < n_outputs; want += mdg_exec_output_bytes(x, k++))
            if (memcmp(mdg_exec_output(x, k), want, mdg_exec_output_bytes(x, k)) != 0) return false;
    }
    return true;
}

/* What the pass is for */
static bool is_small_enough(const char *name, const mdg_channel_report *r) {
    if (strcmp(name, "mlperf_vww_96_int8") != 0) return true;
    int constant = 0;
    for (int op = 0; op < r->n_ops; op++)
        if (r->ops[op].macs_before) constant += r->ops[op].constant;
    return constant == 1715 && r->total.macs_after == 3727313 && r->total.weights_after == 33122;
}

static bool run_set(const golden_case *c, int granule, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    mdg_exec *x, *y;
    mdg_bytes in, out;
    mdg_graph *smaller = NULL;
    mdg_channel_report report;
    bool ok =
        golden_load(c, arena, &x, &in, &out, diag) == MDG_OK &&
        mdg_remove_channels(mdg_exec_program(x)->graph, granule, arena, &smaller, &report, diag) == MDG_OK &&
        mdg_exec_open(smaller, arena, &y, diag) == MDG_OK;
    ok = ok && agree_on_golden(y, &in, &out, c->invocations);
    if (ok) mdg_exec_reset(y);
    ok = ok && agree_on_extremes(x, y, arena) && (granule > 1 || is_small_enough(c->name, &report));
    mdg_arena_free(arena);
    return ok;
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const char *folder = golden_folder(arena, "models");
    if (!folder) return golden_skip(arena);
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", folder), "r");
    char line[4096];
    int passed = 0, failed = 0;
    if (!index || !fgets(line, sizeof line, index)) return 1;
    while (fgets(line, sizeof line, index)) {
        char *rest = line;
        const char *name = golden_field(&rest);
        for (int i = 0; i < 6; i++) golden_field(&rest);
        const int k = atoi(golden_field(&rest));
        golden_field(&rest);
        const char *compare = golden_field(&rest);
        if (strcmp(compare, "exact") != 0) continue;
        const golden_case sets[] = {{folder, name, ".in", ".out", k, compare},
                                    {folder, name, ".in2", ".out2", k, compare}};
        for (int i = 0; i < 2; i++) {
            mdg_diag diag = {""};
            const bool ok = run_set(&sets[i], 1, &diag) && run_set(&sets[i], 4, &diag);
            printf("%-32s %-6s %s %s\n", name, sets[i].in, ok ? "passed" : "FAILED", diag.text);
            *(ok ? &passed : &failed) += 1;
        }
    }
    fclose(index);
    mdg_arena_free(arena);
    return failed || !passed;
}
