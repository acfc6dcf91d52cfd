/* SPDX-License-Identifier: MIT
 *
 * MLPerf's keyword inputs through MLPerf's keyword model: each clip gives TFLM's very scores, so the accuracy
 * is TFLM's, too. shared/data/kws01 holds inputs (int8 MFCC), labels and TFLM's scores.
 */
#include "golden.h"

enum { N_CLASSES = 12, INPUT_BYTES = 490 };

typedef struct tally {
    int clips, differing, correct;
} tally;

static mdg_status run_clip(mdg_exec *x, const char *path, const uint8_t *want, int label, tally *t) {
    mdg_arena *arena = mdg_arena_new();
    mdg_bytes in;
    mdg_diag diag;
    const mdg_status status = mdg_file_read(path, arena, &in, &diag);
    if (status == MDG_OK && in.size == INPUT_BYTES) {
        memcpy(mdg_exec_input(x, 0), in.data, in.size);
        mdg_exec_invoke(x, NULL);
        const int8_t *scores = mdg_exec_output(x, 0);
        int best = 0;
        for (int k = 1; k < N_CLASSES; k++) best = scores[k] > scores[best] ? k : best;
        t->clips++;
        t->differing += memcmp(scores, want, N_CLASSES) != 0;
        t->correct += best == label;
    }
    mdg_arena_free(arena);
    return status;
}

/* Lines of y_labels.csv: file,12,label */
static tally run_all(mdg_exec *x, const char *folder, const mdg_bytes *golden, mdg_arena *arena) {
    tally t = {0};
    FILE *list = fopen(mdg_arena_printf(arena, "%s/y_labels.csv", folder), "r");
    char name[256];
    int classes, label;
    for (size_t at = 0; list && at + N_CLASSES <= golden->size; at += N_CLASSES) {
        if (fscanf(list, " %255[^,],%d,%d", name, &classes, &label) != 3) break;
        if (run_clip(x, mdg_arena_printf(arena, "%s/%s", folder, name), golden->data + at, label, &t) !=
            MDG_OK)
            break;
    }
    if (list) fclose(list);
    return t;
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const char *shared = getenv("MIDGE_SHARED");
    const char *folder = mdg_arena_printf(arena, "%s/data/kws01", shared ? shared : "");
    const char *model =
        mdg_arena_printf(arena, "%s/models/mlperf_kws_ref_model.tflite", shared ? shared : "");
    if (!mdg_file_exists(folder) || !mdg_file_exists(model)) {
        printf("skipped: %s or %s is not there (MIDGE_SHARED)\n", folder, model);
        return golden_skip(arena);
    }
    mdg_graph *g;
    mdg_exec *x;
    mdg_bytes golden;
    mdg_diag diag = {""};
    const bool ready =
        mdg_tflite_load(model, arena, &g, &diag) == MDG_OK && mdg_exec_open(g, arena, &x, &diag) == MDG_OK &&
        mdg_file_read(mdg_arena_printf(arena, "%s/tflm_scores.bin", folder), arena, &golden, &diag) == MDG_OK;
    if (!ready) {
        printf("%s\n", diag.text);
        return 1;
    }
    const tally t = run_all(x, folder, &golden, arena);
    printf("%d clips, %d with other scores than TFLM's, %d right\n", t.clips, t.differing, t.correct);
    const bool all = t.clips > 0 && (size_t)t.clips * N_CLASSES == golden.size;
    mdg_arena_free(arena);
    return all && t.differing == 0 ? 0 : 1;
}
