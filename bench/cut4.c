/* SPDX-License-Identifier: MIT
 *
 * bench.cut4 FROM.tflite TO.tflite [clusters]: the same model with int8 weights cut to 4 bits, or clustered:
 * int8 still, of 15 values. Its outputs mean little; tools/costs measures with it what such weights cost.
 */
#include <stdio.h>
#include <string.h>

#include "tflite/tflite.h"

enum { STEP = 16, MOST = 7, CLUSTER = 17 };

/* Two weights a byte, the first in the low half */
static const uint8_t *cut(mdg_arena *arena, const int8_t *w, size_t n) {
    uint8_t *packed = mdg_arena_alloc(arena, (n + 1) / 2);
    for (size_t i = 0; i < n; i++) {
        const int v = w[i] / STEP < -MOST ? -MOST : w[i] / STEP;
        packed[i / 2] = (uint8_t)(packed[i / 2] | (v & 15) << (i % 2 * 4));
    }
    return packed;
}

static bool has_weights(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *w = op->n_inputs > 1 && op->inputs[1] >= 0 ? &s->tensors[op->inputs[1]] : NULL;
    return w && w->type == MDG_INT8 && w->data && w->shape.rank > 1 && w->quant.count > 0;
}

/* Weights that count a quarter instead of a sixteenth keep the sums' variety. */
static void cut_weights(mdg_arena *arena, mdg_tensor *w) {
    float *scale = mdg_arena_array(arena, (size_t)w->quant.count, sizeof *scale);
    for (int i = 0; i < w->quant.count; i++) scale[i] = 4 * w->quant.scale[i];
    w->quant.scale = scale;
    w->data = cut(arena, w->data, w->bytes);
    w->type = MDG_INT4;
    w->bytes = (w->bytes + 1) / 2;
}

static void cluster_weights(mdg_arena *arena, mdg_tensor *w) {
    int8_t *clustered = mdg_arena_copy(arena, w->data, w->bytes);
    for (size_t i = 0; i < w->bytes; i++) clustered[i] = (int8_t)(clustered[i] / CLUSTER * CLUSTER);
    w->data = clustered;
}

static mdg_status cut_model(const char *from, const char *to, bool clusters, mdg_arena *arena,
                            mdg_diag *diag) {
    mdg_graph *graph;
    MDG_TRY(mdg_tflite_load(from, arena, &graph, diag));
    mdg_subgraph *s = &graph->subgraphs[0];
    for (int i = 0; i < s->n_ops; i++)
        if (has_weights(s, &s->ops[i]))
            (clusters ? cluster_weights : cut_weights)(arena, &s->tensors[s->ops[i].inputs[1]]);
    return mdg_tflite_save(graph, to, diag);
}

int main(int argc, char **argv) {
    mdg_diag diag = {""};
    mdg_arena *arena = mdg_arena_new();
    const bool clusters = argc == 4 && strcmp(argv[3], "clusters") == 0;
    const mdg_status status =
        argc == 3 || clusters
            ? cut_model(argv[1], argv[2], clusters, arena, &diag)
            : mdg_fail(&diag, MDG_INVALID, "usage: bench.cut4 FROM.tflite TO.tflite [clusters]");
    if (status != MDG_OK) fprintf(stderr, "bench.cut4: %s\n", diag.text);
    mdg_arena_free(arena);
    return status != MDG_OK;
}
