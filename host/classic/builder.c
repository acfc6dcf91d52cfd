/* SPDX-License-Identifier: MIT */
#include "classic/builder.h"

mdg_builder mdg_builder_new(const mdg_classic_shape *in, mdg_arena *arena, mdg_diag *diag) {
    mdg_builder b = {.graph = mdg_graph_new(arena), .diag = diag};
    b.graph->source = "the trained model";
    b.sub = mdg_subgraph_add(b.graph, "main");
    b.at = mdg_tensor_add(b.graph, b.sub, "features", MDG_INT8, mdg_shape_of(4, 1, in->h, in->w, in->c));
    mdg_tensor_quantize(b.graph, &b.sub->tensors[b.at], in->scale, 0);
    mdg_subgraph_set_io(b.graph, b.sub, 1, (int32_t[]){b.at}, 0, NULL);
    return b;
}

static int add_constant(mdg_builder *b, const char *name, mdg_type type, const void *data, mdg_shape shape) {
    const int t = mdg_tensor_add(b->graph, b->sub, name, type, shape);
    mdg_tensor *tensor = &b->sub->tensors[t];
    mdg_tensor_set_data(tensor, mdg_arena_copy(b->graph->arena, data, mdg_tensor_bytes(tensor)));
    return t;
}

int mdg_builder_list(mdg_builder *b, const char *name, mdg_type type, const void *data, int count) {
    return add_constant(b, name, type, data, mdg_shape_of(1, count));
}

int mdg_builder_table(mdg_builder *b, const char *name, mdg_type type, const void *data, int rows,
                      int columns) {
    return add_constant(b, name, type, data, mdg_shape_of(2, rows, columns));
}

void mdg_builder_add(mdg_builder *b, const mdg_builder_op *o) {
    const char *name = mdg_arena_printf(b->graph->arena, "%d", b->sub->n_ops);
    const int y = mdg_tensor_add(b->graph, b->sub, name, o->type, mdg_shape_of(2, 1, o->n));
    if (o->scale > 0) mdg_tensor_quantize(b->graph, &b->sub->tensors[y], o->scale, o->zero_point);
    mdg_op *op = mdg_op_add(b->graph, b->sub, o->code, 1 + o->n_constants, 1);
    op->inputs[0] = b->at;
    for (int k = 0; k < o->n_constants; k++) op->inputs[1 + k] = o->constants[k];
    op->outputs[0] = b->at = y;
}

mdg_graph *mdg_builder_graph(mdg_builder *b) {
    const int32_t input = b->sub->inputs[0];
    mdg_subgraph_set_io(b->graph, b->sub, 1, &input, 1, (int32_t[]){b->at});
    return b->graph;
}
