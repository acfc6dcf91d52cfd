/* SPDX-License-Identifier: MIT
 *
 * writer.h: writes ONNX models for the tests and for fuzzing's seeds. Names in lists are separated by spaces.
 *
 *     onnx_model *m = onnx_new(arena, 17);
 *     onnx_input(m, "x", ONNX_FLOAT, 4, (int64_t[]){1, 3, 8, 8});
 *     onnx_random(m, "w", 4, (int64_t[]){4, 3, 3, 3}, 0.5f);
 *     onnx_ints(onnx_node(m, "Conv", "x w", "y"), "pads", 4, (int64_t[]){1, 1, 1, 1});
 *     onnx_output(m, "y");
 *     mdg_bytes bytes = onnx_bytes(m);
 */
#ifndef MDG_TEST_ONNX_WRITER_H
#define MDG_TEST_ONNX_WRITER_H

#include <stdlib.h>
#include <string.h>

#include <onnx.pb-c.h>

#include "util/arena.h"
#include "util/file.h"
#include "util/rng.h"

enum { ONNX_FLOAT = 1, ONNX_UINT8 = 2, ONNX_INT8 = 3, ONNX_INT32 = 6, ONNX_INT64 = 7, ONNX_MAX_ITEMS = 64 };

typedef struct onnx_model {
    mdg_arena *arena;
    mdg_rng rng;
    Onnx__ModelProto model;
    Onnx__GraphProto graph;
} onnx_model;

/* Appends to one of protobuf-c's arrays of pointers. */
static inline void onnx_append(mdg_arena *arena, void *array, size_t *n, void *item) {
    void ***items = array;
    if (*n == 0) *items = mdg_arena_array(arena, ONNX_MAX_ITEMS, sizeof **items);
    (*items)[(*n)++] = item;
}

#define ONNX_MAKE(arena, type, variable, init)                                                               \
    type *variable = mdg_arena_alloc(arena, sizeof *variable);                                               \
    init(variable)

static inline void onnx_opset(onnx_model *m, const char *domain, int64_t version) {
    ONNX_MAKE(m->arena, Onnx__OperatorSetIdProto, o, onnx__operator_set_id_proto__init);
    o->domain = mdg_arena_strdup(m->arena, domain);
    o->has_version = 1;
    o->version = version;
    onnx_append(m->arena, &m->model.opset_import, &m->model.n_opset_import, o);
}

static inline onnx_model *onnx_new(mdg_arena *arena, int64_t opset) {
    onnx_model *m = mdg_arena_alloc(arena, sizeof *m);
    m->arena = arena;
    m->rng = mdg_rng_of(1, (uint64_t)opset);
    onnx__model_proto__init(&m->model);
    onnx__graph_proto__init(&m->graph);
    m->model.has_ir_version = 1;
    m->model.ir_version = 8;
    m->model.graph = &m->graph;
    m->graph.name = mdg_arena_strdup(arena, "net");
    onnx_opset(m, "", opset);
    return m;
}

static inline Onnx__ValueInfoProto *onnx_value(onnx_model *m, const char *name, int type, int rank,
                                               const int64_t *dims) {
    ONNX_MAKE(m->arena, Onnx__ValueInfoProto, v, onnx__value_info_proto__init);
    ONNX_MAKE(m->arena, Onnx__TypeProto, t, onnx__type_proto__init);
    ONNX_MAKE(m->arena, Onnx__TypeProto__Tensor, tensor, onnx__type_proto__tensor__init);
    ONNX_MAKE(m->arena, Onnx__TensorShapeProto, shape, onnx__tensor_shape_proto__init);
    v->name = mdg_arena_strdup(m->arena, name);
    v->type = t;
    t->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    t->tensor_type = tensor;
    tensor->has_elem_type = 1;
    tensor->elem_type = type;
    if (rank >= 0) tensor->shape = shape;
    for (int i = 0; i < rank; i++) {
        ONNX_MAKE(m->arena, Onnx__TensorShapeProto__Dimension, d, onnx__tensor_shape_proto__dimension__init);
        d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        d->dim_value = dims[i];
        if (dims[i] < 0) {
            d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            d->dim_param = mdg_arena_strdup(m->arena, "N");
        }
        onnx_append(m->arena, &shape->dim, &shape->n_dim, d);
    }
    return v;
}

static inline void onnx_input(onnx_model *m, const char *name, int type, int rank, const int64_t *dims) {
    onnx_append(m->arena, &m->graph.input, &m->graph.n_input, onnx_value(m, name, type, rank, dims));
}

static inline void onnx_output_of(onnx_model *m, const char *name, int type) {
    onnx_append(m->arena, &m->graph.output, &m->graph.n_output, onnx_value(m, name, type, -1, NULL));
}

static inline void onnx_output(onnx_model *m, const char *name) {
    onnx_output_of(m, name, ONNX_FLOAT);
}

/* -- constants -- */

static inline Onnx__TensorProto *onnx_tensor(onnx_model *m, const char *name, int type, int rank,
                                             const int64_t *dims, const void *data, size_t size) {
    ONNX_MAKE(m->arena, Onnx__TensorProto, t, onnx__tensor_proto__init);
    size_t bytes = size;
    t->name = mdg_arena_strdup(m->arena, name);
    t->has_data_type = 1;
    t->data_type = type;
    t->n_dims = (size_t)rank;
    t->dims = mdg_arena_copy(m->arena, dims, (size_t)rank * sizeof *dims);
    for (int i = 0; i < rank; i++) bytes *= (size_t)dims[i];
    t->has_raw_data = 1;
    t->raw_data.data = mdg_arena_copy(m->arena, data, bytes);
    t->raw_data.len = bytes;
    return t;
}

static inline Onnx__TensorProto *onnx_constant(onnx_model *m, const char *name, int type, int rank,
                                               const int64_t *dims, const void *data, size_t size) {
    Onnx__TensorProto *t = onnx_tensor(m, name, type, rank, dims, data, size);
    onnx_append(m->arena, &m->graph.initializer, &m->graph.n_initializer, t);
    return t;
}

static inline void onnx_number(onnx_model *m, const char *name, float value) {
    onnx_constant(m, name, ONNX_FLOAT, 0, NULL, &value, sizeof value);
}

static inline void onnx_list(onnx_model *m, const char *name, int n, const int64_t *values) {
    onnx_constant(m, name, ONNX_INT64, 1, (int64_t[]){n}, values, sizeof *values);
}

static inline int64_t onnx_count(int rank, const int64_t *dims) {
    int64_t n = 1;
    for (int i = 0; i < rank; i++) n *= dims[i];
    return n;
}

/* Uniform in [low, high). */
static inline void onnx_between(onnx_model *m, const char *name, int rank, const int64_t *dims, float low,
                                float high) {
    const int64_t n = onnx_count(rank, dims);
    float *values = mdg_arena_array(m->arena, (size_t)n, sizeof *values);
    for (int64_t i = 0; i < n; i++) values[i] = mdg_rng_uniform(&m->rng, low, high);
    onnx_constant(m, name, ONNX_FLOAT, rank, dims, values, sizeof *values);
}

static inline void onnx_random(onnx_model *m, const char *name, int rank, const int64_t *dims, float range) {
    onnx_between(m, name, rank, dims, -range, range);
}

static inline void onnx_random_int8(onnx_model *m, const char *name, int rank, const int64_t *dims) {
    const int64_t n = onnx_count(rank, dims);
    int8_t *values = mdg_arena_array(m->arena, (size_t)n, sizeof *values);
    for (int64_t i = 0; i < n; i++) values[i] = (int8_t)mdg_rng_uniform(&m->rng, -127, 127);
    onnx_constant(m, name, ONNX_INT8, rank, dims, values, sizeof *values);
}

/* -- nodes -- */

static inline void onnx_names(mdg_arena *arena, const char *list, char ***names, size_t *n) {
    char *at = mdg_arena_strdup(arena, list), *rest = NULL;
    for (char *name = strtok_r(at, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        onnx_append(arena, names, n, strcmp(name, "-") == 0 ? "" : (void *)name); /* "-" = absent */
}

typedef struct onnx_node_ref {
    onnx_model *model;
    Onnx__NodeProto *node;
} onnx_node_ref;

static inline onnx_node_ref onnx_node(onnx_model *m, const char *op, const char *inputs,
                                      const char *outputs) {
    ONNX_MAKE(m->arena, Onnx__NodeProto, n, onnx__node_proto__init);
    n->op_type = mdg_arena_strdup(m->arena, op);
    n->name = mdg_arena_printf(m->arena, "%s_%zu", op, m->graph.n_node);
    onnx_names(m->arena, inputs, &n->input, &n->n_input);
    onnx_names(m->arena, outputs, &n->output, &n->n_output);
    onnx_append(m->arena, &m->graph.node, &m->graph.n_node, n);
    return (onnx_node_ref){m, n};
}

/* A node of ONNX Runtime's own operators. */
static inline onnx_node_ref onnx_own(onnx_model *m, const char *op, const char *inputs, const char *outputs) {
    onnx_node_ref n = onnx_node(m, op, inputs, outputs);
    n.node->domain = mdg_arena_strdup(m->arena, "com.microsoft");
    if (m->model.n_opset_import == 1) onnx_opset(m, "com.microsoft", 1);
    return n;
}

static inline Onnx__AttributeProto *onnx_attr(onnx_node_ref n, const char *name, int type) {
    ONNX_MAKE(n.model->arena, Onnx__AttributeProto, a, onnx__attribute_proto__init);
    a->name = mdg_arena_strdup(n.model->arena, name);
    a->has_type = 1;
    a->type = (Onnx__AttributeProto__AttributeType)type;
    onnx_append(n.model->arena, &n.node->attribute, &n.node->n_attribute, a);
    return a;
}

static inline onnx_node_ref onnx_int(onnx_node_ref n, const char *name, int64_t value) {
    Onnx__AttributeProto *a = onnx_attr(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    a->has_i = 1;
    a->i = value;
    return n;
}

static inline onnx_node_ref onnx_float(onnx_node_ref n, const char *name, float value) {
    Onnx__AttributeProto *a = onnx_attr(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    a->has_f = 1;
    a->f = value;
    return n;
}

static inline onnx_node_ref onnx_ints(onnx_node_ref n, const char *name, int count, const int64_t *values) {
    Onnx__AttributeProto *a = onnx_attr(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    a->n_ints = (size_t)count;
    a->ints = mdg_arena_copy(n.model->arena, values, (size_t)count * sizeof *values);
    return n;
}

static inline onnx_node_ref onnx_text(onnx_node_ref n, const char *name, const char *value) {
    Onnx__AttributeProto *a = onnx_attr(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    a->has_s = 1;
    a->s.len = strlen(value);
    a->s.data = (uint8_t *)mdg_arena_strdup(n.model->arena, value);
    return n;
}

/* -- quantisation -- */

/* The constants NAME_scale and NAME_zero. */
static inline void onnx_affine(onnx_model *m, const char *name, int type, float scale, int zero) {
    const uint8_t stored = (uint8_t)zero;
    onnx_number(m, mdg_arena_printf(m->arena, "%s_scale", name), scale);
    onnx_constant(m, mdg_arena_printf(m->arena, "%s_zero", name), type, 0, NULL, &stored, 1);
}

/* QuantizeLinear and DequantizeLinear: NAME to NAME_q and NAME_r. */
static inline void onnx_qdq(onnx_model *m, const char *name, int type, float scale, int zero) {
    mdg_arena *a = m->arena;
    onnx_affine(m, name, type, scale, zero);
    onnx_node(m, "QuantizeLinear", mdg_arena_printf(a, "%s %s_scale %s_zero", name, name, name),
              mdg_arena_printf(a, "%s_q", name));
    onnx_node(m, "DequantizeLinear", mdg_arena_printf(a, "%s_q %s_scale %s_zero", name, name, name),
              mdg_arena_printf(a, "%s_r", name));
}

/* int8 weights NAME_q with n scales NAME_scale along the axis, zero points NAME_zero; NAME is dequantised. */
static inline void onnx_weights(onnx_model *m, const char *name, int rank, const int64_t *dims, int axis,
                                float scale) {
    mdg_arena *a = m->arena;
    const int64_t n = axis < 0 ? 1 : dims[axis];
    int8_t *zeros = mdg_arena_array(a, (size_t)n, 1);
    onnx_random_int8(m, mdg_arena_printf(a, "%s_q", name), rank, dims);
    if (axis < 0) {
        onnx_affine(m, name, ONNX_INT8, scale, 0);
    } else {
        onnx_between(m, mdg_arena_printf(a, "%s_scale", name), 1, &n, scale / 2, scale);
        onnx_constant(m, mdg_arena_printf(a, "%s_zero", name), ONNX_INT8, 1, &n, zeros, 1);
    }
    onnx_node_ref dq = onnx_node(m, "DequantizeLinear",
                                 mdg_arena_printf(a, "%s_q %s_scale %s_zero", name, name, name), name);
    if (axis >= 0) onnx_int(dq, "axis", axis);
}

/* An int32 bias NAME_q of n numbers in steps of x_scale times the weights' scales (constants of the model),
 * NAME is dequantised. */
static inline void onnx_int_bias(onnx_model *m, const char *name, const char *weights, int64_t n,
                                 float x_scale) {
    mdg_arena *a = m->arena;
    const char *of_weights = mdg_arena_printf(a, "%s_scale", weights);
    const Onnx__TensorProto *w = NULL;
    for (size_t i = 0; i < m->graph.n_initializer; i++)
        if (strcmp(m->graph.initializer[i]->name, of_weights) == 0) w = m->graph.initializer[i];
    if (!w) abort();
    const size_t count = w->raw_data.len / sizeof(float);
    float *scale = mdg_arena_copy(a, w->raw_data.data, w->raw_data.len);
    int32_t *values = mdg_arena_array(a, (size_t)n, sizeof *values),
            *zeros = mdg_arena_array(a, count, sizeof *zeros);
    for (size_t i = 0; i < count; i++) scale[i] *= x_scale;
    for (int64_t i = 0; i < n; i++) values[i] = (int32_t)mdg_rng_uniform(&m->rng, -2000, 2000);
    onnx_constant(m, mdg_arena_printf(a, "%s_q", name), ONNX_INT32, 1, &n, values, sizeof *values);
    onnx_constant(m, mdg_arena_printf(a, "%s_scale", name), ONNX_FLOAT, (int)w->n_dims, w->dims, scale,
                  sizeof *scale);
    onnx_constant(m, mdg_arena_printf(a, "%s_zero", name), ONNX_INT32, (int)w->n_dims, w->dims, zeros,
                  sizeof *zeros);
    onnx_int(onnx_node(m, "DequantizeLinear", mdg_arena_printf(a, "%s_q %s_scale %s_zero", name, name, name),
                       name),
             "axis", 0);
}

static inline mdg_bytes onnx_bytes(const onnx_model *m) {
    mdg_bytes b = {.size = onnx__model_proto__get_packed_size(&m->model)};
    b.data = mdg_arena_alloc(m->arena, b.size);
    onnx__model_proto__pack(&m->model, b.data);
    return b;
}

#endif
