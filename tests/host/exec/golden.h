/* SPDX-License-Identifier: MIT
 *
 * golden.h: runs models on golden inputs and compares with golden outputs, for the tests that walk an
 * index.tsv.
 */
#ifndef MDG_TEST_GOLDEN_H
#define MDG_TEST_GOLDEN_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "tflite/tflite.h"

typedef enum golden_result { GOLDEN_PASSED, GOLDEN_UNSUPPORTED, GOLDEN_FAILED } golden_result;

typedef struct golden_case {
    const char *folder, *name;
    const char *in, *out; /* suffixes: ".in", ".out" */
    int invocations;
    const char *compare; /* "exact" or "float:A:R" */
} golden_case;

/* The folder, or NULL after a line that says what is missing. */
static inline const char *golden_folder(mdg_arena *arena, const char *sub) {
    const char *shared = getenv("MIDGE_SHARED");
    const char *folder = mdg_arena_printf(arena, "%s/%s", shared ? shared : "", sub);
    if (shared && mdg_file_exists(mdg_arena_printf(arena, "%s/index.tsv", folder))) return folder;
    printf("skipped: %s/index.tsv is not there (MIDGE_SHARED)\n", folder);
    return NULL;
}

/* What main() of a skipped test returns: 77 is CTest's word for it; a leaked arena would make it a failure.
 */
static inline int golden_skip(mdg_arena *arena) {
    mdg_arena_free(arena);
    return 77;
}

/* Cuts the next tab-separated field off *line. */
static inline const char *golden_field(char **line) {
    char *start = *line, *end = start + strcspn(start, "\t\n");
    *line = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

static inline bool golden_floats_agree(const float *got, const float *want, size_t n, const char *compare) {
    double absolute = 0, relative = 0;
    if (sscanf(compare, "float:%lf:%lf", &absolute, &relative) != 2) return false;
    for (size_t i = 0; i < n; i++) {
        if (isnan(got[i]) && isnan(want[i])) continue;
        if (got[i] == want[i]) continue;
        if (!(fabs((double)got[i] - (double)want[i]) <= absolute + relative * fabs((double)want[i])))
            return false;
    }
    return true;
}

static inline bool golden_output_agrees(mdg_exec *x, int k, const uint8_t *want, const char *compare) {
    const void *got = mdg_exec_output(x, k);
    const size_t bytes = mdg_exec_output_bytes(x, k);
    if (memcmp(got, want, bytes) == 0) return true;
    if (mdg_exec_program(x)->outputs[k].tensor->type != MDG_FLOAT32) return false;
    float *copy = malloc(bytes);
    memcpy(copy, want, bytes);
    const bool agrees = golden_floats_agree(got, copy, bytes / sizeof *copy, compare);
    free(copy);
    return agrees;
}

static inline size_t golden_sum(const mdg_exec *x, int n, size_t (*bytes)(const mdg_exec *, int)) {
    size_t sum = 0;
    for (int k = 0; k < n; k++) sum += bytes(x, k);
    return sum;
}

static inline mdg_status golden_load(const golden_case *c, mdg_arena *arena, mdg_exec **x, mdg_bytes *in,
                                     mdg_bytes *out, mdg_diag *diag) {
    mdg_graph *g;
    const char *stem = mdg_arena_printf(arena, "%s/%s", c->folder, c->name);
    MDG_TRY(mdg_file_read(mdg_arena_printf(arena, "%s%s", stem, c->in), arena, in, diag));
    MDG_TRY(mdg_file_read(mdg_arena_printf(arena, "%s%s", stem, c->out), arena, out, diag));
    MDG_TRY(mdg_tflite_load(mdg_arena_printf(arena, "%s.tflite", stem), arena, &g, diag));
    return mdg_exec_open(g, arena, x, diag);
}

static inline void golden_invoke(mdg_exec *x, const uint8_t *in, const mdg_exec_tap *tap) {
    for (int k = 0; k < mdg_exec_program(x)->n_inputs; k++) {
        memcpy(mdg_exec_input(x, k), in, mdg_exec_input_bytes(x, k));
        in += mdg_exec_input_bytes(x, k);
    }
    mdg_exec_invoke(x, tap);
}

/* Runs all invocations; diag says why it is not PASSED. */
static inline golden_result golden_run(const golden_case *c, mdg_arena *arena, mdg_diag *diag) {
    mdg_exec *x;
    mdg_bytes in, out;
    const mdg_status status = golden_load(c, arena, &x, &in, &out, diag);
    if (status == MDG_UNSUPPORTED) return GOLDEN_UNSUPPORTED;
    if (status != MDG_OK) return GOLDEN_FAILED;
    const mdg_program *p = mdg_exec_program(x);
    const size_t in_bytes = golden_sum(x, p->n_inputs, mdg_exec_input_bytes);
    const size_t out_bytes = golden_sum(x, p->n_outputs, mdg_exec_output_bytes);
    if (in.size != in_bytes * (size_t)c->invocations || out.size != out_bytes * (size_t)c->invocations) {
        mdg_fail(diag, MDG_MISMATCH, "%zu bytes in and %zu out per invocation do not fit the golden files",
                 in_bytes, out_bytes);
        return GOLDEN_FAILED;
    }
    for (int i = 0; i < c->invocations; i++) {
        golden_invoke(x, in.data + (size_t)i * in_bytes, NULL);
        const uint8_t *want = out.data + (size_t)i * out_bytes;
        for (int k = 0; k < p->n_outputs; want += mdg_exec_output_bytes(x, k++)) {
            if (golden_output_agrees(x, k, want, c->compare)) continue;
            mdg_fail(diag, MDG_MISMATCH, "invocation %d, output %d differs", i, k);
            return GOLDEN_FAILED;
        }
    }
    return GOLDEN_PASSED;
}

#endif
