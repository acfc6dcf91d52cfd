/* SPDX-License-Identifier: MIT
 *
 * An ONNX model into a graph, step by step.
 */
#include "onnx/importer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* -- helpers of all steps -- */

char *mdg_onx_clean(const mdg_onx *in, const char *text) {
    enum { MAX_NAME = 200 };
    char *copy = mdg_arena_printf(in->arena, "%.*s", MAX_NAME, text);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
    return copy;
}

mdg_status mdg_onx_fail(const mdg_onx *in, mdg_status status, const char *format, ...) {
    char cause[512];
    va_list args;
    va_start(args, format);
    vsnprintf(cause, sizeof cause, format, args);
    va_end(args);
    if (!in->node) return mdg_fail(in->diag, status, "%s: %s", in->file, cause);
    const Onnx__NodeProto *p = in->node->proto;
    return mdg_fail(in->diag, status, "%s: node %d %.40s \"%.80s\": %s", in->file, in->node->index,
                    mdg_onx_clean(in, p->op_type ? p->op_type : ""),
                    mdg_onx_clean(in, p->name ? p->name : ""), cause);
}

mdg_status mdg_onx_need(const mdg_onx *in, bool condition, const char *cause) {
    return condition ? MDG_OK : mdg_onx_fail(in, MDG_UNSUPPORTED, "%s", cause);
}

mdg_status mdg_onx_need_shape(const mdg_onx *in, const mdg_shape *shape) {
    MDG_TRY(mdg_onx_need(in, mdg_shape_is_sane(shape), "its output is too large"));
    for (int d = 0; d < shape->rank; d++)
        MDG_TRY(mdg_onx_need(in, shape->dim[d] > 0, "a dimension of it is 0"));
    return MDG_OK;
}

mdg_status mdg_onx_alloc(mdg_onx *in, size_t count, size_t size, void **out) {
    if (count > in->budget / size)
        return mdg_onx_fail(in, MDG_INVALID, "it needs far more memory than the file's size explains");
    in->budget -= count * size;
    *out = mdg_arena_array(in->arena, count, size);
    return MDG_OK;
}

/* -- the model's head -- */

static mdg_status read_head(mdg_onx *in) {
    const Onnx__ModelProto *m = in->model;
    in->opset = 0;
    for (size_t i = 0; i < m->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *o = m->opset_import[i];
        const bool is_main = !o->domain || !o->domain[0] || strcmp(o->domain, "ai.onnx") == 0;
        if (is_main && o->version > 0 && o->version <= INT32_MAX) in->opset = (int)o->version;
    }
    if (in->opset < MDG_ONX_OPSET_MIN || in->opset > MDG_ONX_OPSET_MAX)
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "operator set %d; supported are %d to %d", in->opset,
                            MDG_ONX_OPSET_MIN, MDG_ONX_OPSET_MAX);
    MDG_TRY(mdg_onx_need(in, m->graph->n_sparse_initializer == 0, "sparse initializers are not supported"));
    in->graph = mdg_graph_new(in->arena);
    in->graph->source = in->file;
    in->sub = mdg_subgraph_add(in->graph, mdg_onx_clean(in, m->graph->name ? m->graph->name : "main"));
    return MDG_OK;
}

/* -- initialisers, inputs -- */

static mdg_status read_initializers(mdg_onx *in) {
    const Onnx__GraphProto *g = in->model->graph;
    for (size_t i = 0; i < g->n_initializer; i++) {
        const int k = mdg_onx_find_name(in, g->initializer[i]->name);
        MDG_TRY(mdg_onx_need(in, k >= 0, "an initializer has no name"));
        mdg_onx_value *v = &in->values[k], constant = *v;
        MDG_TRY(mdg_onx_need(in, !v->is_known, "two initializers have the same name"));
        MDG_TRY(mdg_onx_read_constant(in, g->initializer[i], &constant));
        *v = constant;
    }
    return MDG_OK;
}

/* An open first dimension is a batch: of one, on a microcontroller. */
static mdg_status read_input_shape(const mdg_onx *in, const Onnx__TypeProto__Tensor *t, const char *name,
                                   mdg_shape *out) {
    int64_t dims[MDG_MAX_RANK];
    if (!t->shape || t->shape->n_dim > MDG_MAX_RANK)
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "input \"%.80s\" has no shape, or too many dimensions",
                            name);
    for (size_t d = 0; d < t->shape->n_dim; d++) {
        const Onnx__TensorShapeProto__Dimension *dim = t->shape->dim[d];
        const bool is_known = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        if (!is_known && d > 0)
            return mdg_onx_fail(
                in, MDG_UNSUPPORTED,
                "input \"%.80s\" leaves dimension %zu open; export the model with fixed sizes", name, d);
        dims[d] = is_known ? dim->dim_value : 1;
    }
    MDG_TRY(mdg_onx_read_dims(in, t->shape->n_dim, dims, name, out));
    return mdg_onx_need_shape(in, out);
}

static mdg_status read_input(mdg_onx *in, const Onnx__ValueInfoProto *info, int32_t *tensors, int *n) {
    const char *name = mdg_onx_clean(in, info->name ? info->name : "");
    const int k = mdg_onx_find_name(in, info->name);
    MDG_TRY(mdg_onx_need(in, k >= 0, "an input has no name"));
    mdg_onx_value *v = &in->values[k];
    if (v->is_known && mdg_onx_is_constant(v)) return MDG_OK; /* its initialiser is its value */
    MDG_TRY(mdg_onx_need(in, !v->is_known, "two inputs have the same name"));
    MDG_TRY(mdg_onx_need(in, info->type && info->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE,
                         "an input is no tensor"));
    mdg_shape shape;
    MDG_TRY(read_input_shape(in, info->type->tensor_type, name, &shape));
    MDG_TRY(mdg_onx_read_type(in, info->type->tensor_type->elem_type, name, &v->type));
    int perm[MDG_MAX_RANK];
    mdg_onx_channels_last(shape.rank, perm);
    for (int d = 0; d < shape.rank; d++)
        if (!v->leads_to_map) perm[d] = d;
    const mdg_shape memory = mdg_onx_shape_permuted(&shape, perm);
    v->stored = v->type;
    v->view = mdg_onx_view_ordered(&shape, perm);
    v->tensor = mdg_onx_add_tensor(in, name, v->type, &memory, NULL);
    v->is_known = true;
    tensors[(*n)++] = v->tensor;
    return MDG_OK;
}

/* -- nodes, outputs -- */

static mdg_status import_node(mdg_onx *in, const mdg_onx_node *n) {
    bool is_folded = false;
    for (int k = 0; k < n->n_inputs; k++) {
        MDG_TRY(mdg_onx_need(in, k >= n->op->min_inputs || n->inputs[k] >= 0, "an input is missing"));
        if (n->inputs[k] >= 0 && !in->values[n->inputs[k]].is_known)
            return mdg_onx_fail(
                in, MDG_INVALID,
                "its input \"%.80s\" is computed later: the nodes form a circle or are out of order",
                mdg_onx_clean(in, in->values[n->inputs[k]].name));
    }
    for (int k = 0; k < n->n_outputs; k++)
        MDG_TRY(mdg_onx_need(in, n->outputs[k] < 0 || !in->values[n->outputs[k]].is_known,
                             "its output has a value already"));
    MDG_TRY(mdg_onx_fold(in, &is_folded));
    return is_folded ? MDG_OK : n->op->import(in);
}

static mdg_status import_nodes(mdg_onx *in) {
    for (int i = 0; i < in->n_nodes; i++) {
        if (in->nodes[i].is_absorbed) continue;
        in->node = &in->nodes[i];
        MDG_TRY(import_node(in, in->node));
    }
    in->node = NULL;
    return MDG_OK;
}

/* A map stays NHWC, other outputs come in ONNX's order. */
static mdg_status place_output(mdg_onx *in, mdg_onx_value *v, int32_t *tensor) {
    mdg_onx_value y = *v;
    int perm[MDG_MAX_RANK], t;
    if (v->type == MDG_FLOAT32) MDG_TRY(mdg_onx_real(in, v, &y));
    const int rank = y.view.shape.rank;
    mdg_onx_channels_last(rank, perm);
    mdg_onx_view ordered;
    const bool is_nhwc = rank >= 3 && !mdg_onx_view_is_plain(&y.view) &&
                         mdg_onx_view_transpose(&y.view, perm, &ordered) && mdg_onx_view_is_plain(&ordered);
    MDG_TRY(mdg_onx_operand(in, &y, is_nhwc ? perm : NULL, &t));
    if (y.type == MDG_UINT8 && y.stored == MDG_INT8 && y.quant.count == 1) {
        const mdg_quant q = mdg_onx_quant(in, y.quant.scale[0], y.quant.zero_point[0] + MDG_ONX_SHIFT_U8);
        const mdg_shape shape = in->sub->tensors[t].shape;
        const int from = t;
        t = mdg_onx_add_tensor(in, v->name, MDG_UINT8, &shape, &q);
        mdg_onx_emit(in, MDG_OP_QUANTIZE, 1, &from, t);
    }
    in->sub->tensors[t].name = mdg_onx_clean(in, v->name);
    *tensor = t;
    return MDG_OK;
}

static mdg_status find_outputs(mdg_onx *in, int *values) {
    const Onnx__GraphProto *g = in->model->graph;
    MDG_TRY(mdg_onx_need(in, g->n_output > 0, "the model has no output"));
    for (size_t i = 0; i < g->n_output; i++) {
        values[i] = mdg_onx_find_name(in, g->output[i]->name);
        if (values[i] < 0)
            return mdg_onx_fail(in, MDG_INVALID, "output \"%.80s\" is computed by no node",
                                mdg_onx_clean(in, g->output[i]->name ? g->output[i]->name : ""));
        in->values[values[i]].is_output = true;
        in->values[values[i]].n_uses++;
    }
    return MDG_OK;
}

static mdg_status import(mdg_onx *in) {
    const Onnx__GraphProto *g = in->model->graph;
    int32_t *inputs = NULL, *outputs = NULL;
    int n_inputs = 0, *values = NULL;
    MDG_TRY(mdg_onx_alloc(in, g->n_input + 1, sizeof *inputs, (void **)&inputs));
    MDG_TRY(mdg_onx_alloc(in, g->n_output + 1, sizeof *outputs, (void **)&outputs));
    MDG_TRY(mdg_onx_alloc(in, g->n_output + 1, sizeof *values, (void **)&values));
    MDG_TRY(read_initializers(in));
    MDG_TRY(mdg_onx_collect_nodes(in));
    MDG_TRY(find_outputs(in, values));
    for (size_t i = 0; i < g->n_input; i++) MDG_TRY(read_input(in, g->input[i], inputs, &n_inputs));
    MDG_TRY(import_nodes(in));
    for (size_t i = 0; i < g->n_output; i++) MDG_TRY(place_output(in, &in->values[values[i]], &outputs[i]));
    mdg_subgraph_set_io(in->graph, in->sub, n_inputs, inputs, (int)g->n_output, outputs);
    return MDG_OK;
}

mdg_status mdg_onnx_read(const mdg_bytes *bytes, const char *name, mdg_arena *arena, mdg_graph **out,
                         mdg_diag *diag) {
    mdg_onx in = {.file = mdg_arena_strdup(arena, name), .arena = arena, .diag = diag};
    MDG_TRY(mdg_onx_unpack(&in, bytes));
    MDG_TRY(read_head(&in));
    MDG_TRY(mdg_onx_collect_names(&in));
    MDG_TRY(import(&in));
    mdg_onx_tidy(in.graph);
    MDG_TRY(mdg_graph_check(in.graph, diag));
    *out = in.graph;
    return MDG_OK;
}

mdg_status mdg_onnx_load(const char *path, mdg_arena *arena, mdg_graph **out, mdg_diag *diag) {
    mdg_bytes bytes;
    MDG_TRY(mdg_file_read(path, arena, &bytes, diag));
    return mdg_onnx_read(&bytes, path, arena, out, diag);
}
