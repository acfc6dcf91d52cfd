/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <stdarg.h>
#include <string.h>

#include "graph/op_table.h"

mdg_graph *mdg_graph_new(mdg_arena *arena) {
    mdg_graph *g = mdg_arena_alloc(arena, sizeof *g);
    g->arena = arena;
    g->source = "graph";
    g->description = "";
    return g;
}

/* Makes room for one element more in an array of `count`, doubling it when it is full. */
static void *grow(mdg_arena *arena, void *items, int count, int *room, size_t size) {
    if (count < *room) return items;
    *room = count ? 2 * count : 8;
    void *more = mdg_arena_array(arena, (size_t)*room, size);
    if (count) memcpy(more, items, (size_t)count * size);
    return more;
}

mdg_subgraph *mdg_subgraph_add(mdg_graph *g, const char *name) {
    g->subgraphs = grow(g->arena, g->subgraphs, g->n_subgraphs, &g->room_subgraphs, sizeof *g->subgraphs);
    mdg_subgraph *s = &g->subgraphs[g->n_subgraphs++];
    *s = (mdg_subgraph){.name = mdg_arena_strdup(g->arena, name)};
    return s;
}

int mdg_tensor_add(mdg_graph *g, mdg_subgraph *s, const char *name, mdg_type type, mdg_shape shape) {
    s->tensors = grow(g->arena, s->tensors, s->n_tensors, &s->room_tensors, sizeof *s->tensors);
    mdg_tensor *t = &s->tensors[s->n_tensors];
    *t = (mdg_tensor){
        .name = mdg_arena_strdup(g->arena, name), .type = type, .shape = shape, .has_rank = true};
    t->bytes = mdg_tensor_bytes(t);
    return s->n_tensors++;
}

static int32_t *absent_tensors(mdg_arena *arena, int n) {
    int32_t *indices = mdg_arena_array(arena, (size_t)n, sizeof *indices);
    for (int i = 0; i < n; i++) indices[i] = -1;
    return indices;
}

mdg_op *mdg_op_add(mdg_graph *g, mdg_subgraph *s, mdg_opcode code, int n_inputs, int n_outputs) {
    s->ops = grow(g->arena, s->ops, s->n_ops, &s->room_ops, sizeof *s->ops);
    mdg_op *op = &s->ops[s->n_ops++];
    *op = (mdg_op){.code = code, .n_inputs = n_inputs, .n_outputs = n_outputs};
    op->inputs = absent_tensors(g->arena, n_inputs);
    op->outputs = absent_tensors(g->arena, n_outputs);
    op->attrs = mdg_attrs_new(g->arena, code);
    return op;
}

void mdg_tensor_set_data(mdg_tensor *t, const void *data) {
    t->data = data;
    t->bytes = mdg_tensor_bytes(t);
}

void mdg_tensor_quantize(mdg_graph *g, mdg_tensor *t, float scale, int32_t zero_point) {
    mdg_tensor_quantize_channels(g, t, 0, 1, &scale);
    t->quant.zero_point[0] = zero_point;
}

void mdg_tensor_set_range(mdg_graph *g, mdg_tensor *t, float lo, float hi) {
    t->range = mdg_arena_copy(g->arena, (const float[]){lo, hi}, 2 * sizeof(float));
}

void mdg_tensor_quantize_channels(mdg_graph *g, mdg_tensor *t, int axis, int count, const float *scale) {
    const size_t n = (size_t)count;
    t->quant = (mdg_quant){.count = count, .axis = axis};
    t->quant.scale = mdg_arena_copy(g->arena, scale, n * sizeof *scale);
    t->quant.zero_point = mdg_arena_array(g->arena, n, sizeof *t->quant.zero_point);
}

void mdg_subgraph_set_io(mdg_graph *g, mdg_subgraph *s, int n_inputs, const int32_t *inputs, int n_outputs,
                         const int32_t *outputs) {
    s->n_inputs = n_inputs;
    s->n_outputs = n_outputs;
    s->inputs = mdg_arena_copy(g->arena, inputs, (size_t)n_inputs * sizeof *inputs);
    s->outputs = mdg_arena_copy(g->arena, outputs, (size_t)n_outputs * sizeof *outputs);
}

mdg_shape mdg_shape_of(int rank, ...) {
    mdg_shape s = {.rank = rank};
    va_list dims;
    va_start(dims, rank);
    for (int i = 0; i < rank && i < MDG_MAX_RANK; i++) s.dim[i] = va_arg(dims, int);
    va_end(dims);
    return s;
}
