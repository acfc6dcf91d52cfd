/* SPDX-License-Identifier: MIT
 *
 * graph.h: the one intermediate form. A graph has subgraphs; a subgraph has tensors and, in execution order,
 * operators, whose inputs and outputs are indices of tensors. It is what a .tflite or ONNX file is read into,
 * what training exports, what passes and quantisation transform, and what is lowered to a program of kernel
 * calls.
 *
 *     mdg_graph *g = mdg_graph_new(arena);
 *     mdg_subgraph *s = mdg_subgraph_add(g, "main");
 *     int x = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(4, 1, 49, 10, 1));
 *     ...
 *     status = mdg_graph_check(g, diag);      // once; after it, stages trust the graph
 *     mdg_graph_print(g, stdout);
 *
 * A pointer that mdg_subgraph_add or mdg_op_add returns holds until the next call of the same function;
 * indices and mdg_graph.subgraphs stay. Tensors are named by index for the same reason.
 *
 * Memory: everything lives in the arena that the graph was made with; constant data may point into a file's
 * bytes.
 */
#ifndef MDG_GRAPH_H
#define MDG_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "graph/attrs.h"
#include "midge/params.h"
#include "util/arena.h"
#include "util/diag.h"

typedef enum mdg_type {
#define T(name, code, bits, text) MDG_##name = code,
#include "graph/types.def"
#undef T
    MDG_TYPE_COUNT
} mdg_type;

typedef enum mdg_opcode {
#define OP(name, code, attrs)        MDG_OP_##name,
#define CUSTOM_OP(name, custom_name) MDG_OP_##name,
#define OTHER_OP(name, code)         MDG_OP_##name, /* known by name alone: nothing in midge runs it */
#include "graph/ops.def"
#undef OP
#undef CUSTOM_OP
    MDG_OP_CUSTOM, /* a custom operator that midge does not know; the application supplies it */
    MDG_OP_COUNT
} mdg_opcode;

typedef struct mdg_shape {
    int rank;
    int32_t dim[MDG_MAX_RANK];
} mdg_shape;

/* Affine quantisation: real = scale[c] * (q - zero_point[c]), c the index along `axis` when count > 1. */
typedef struct mdg_quant {
    int count; /* 0: not quantised, 1: per tensor, else per channel */
    int axis;
    float *scale;        /* [count] */
    int32_t *zero_point; /* [count] */
} mdg_quant;

typedef struct mdg_tensor {
    const char *name;
    mdg_type type;
    mdg_shape shape;
    mdg_quant quant;
    const void *data; /* constant values, or NULL */
    size_t bytes;     /* of data, or of the shape and type; int4 is packed two to a byte, low nibble first */
    const float
        *range;       /* [2] of a float tensor: the lowest and highest value that training allowed it; NULL */
    bool is_variable; /* state: keeps its value between inferences */
    bool has_rank;    /* false: the file states no shape at all (not even a scalar's) */
    /* [shape.rank] the shape with -1 where the file leaves a dimension open, or NULL */
    const int32_t *signature;
} mdg_tensor;

typedef struct mdg_op {
    mdg_opcode code;
    const char *custom_name; /* of MDG_OP_CUSTOM */
    int n_inputs, n_outputs, n_intermediates;
    int32_t *inputs; /* tensor indices; -1 = an optional input that is absent */
    int32_t *outputs;
    int32_t *intermediates;
    void *attrs;           /* the attrs.h struct of the operator's code, never NULL where it has one */
    const uint8_t *custom; /* custom options (FlexBuffers) */
    size_t custom_bytes;
    int version; /* TFLite's; 0: the writer finds the lowest that fits */
    /* the file gives options that midge does not keep: the operator can't be written back */
    bool options_lost;
} mdg_op;

typedef struct mdg_subgraph {
    const char *name;
    int n_tensors, n_ops, n_inputs, n_outputs;
    int room_tensors, room_ops; /* for how many the arrays below have space; 0 = for no more than they hold */
    mdg_tensor *tensors;
    mdg_op *ops;
    int32_t *inputs;
    int32_t *outputs;
} mdg_subgraph;

/* A model that keeps a window and takes what is new (pass/stream.h), in frames of its input */
typedef struct mdg_streaming {
    int32_t hop;     /* new ones a call; 0: it takes whole inputs, each for itself */
    int32_t window;  /* that an output tells of */
    int32_t warm_up; /* how many calls after a reset have outputs without meaning, until the window is full */
} mdg_streaming;

typedef struct mdg_graph {
    mdg_arena *arena;
    const char *source; /* file name for messages */
    const char *description;
    int n_subgraphs, room_subgraphs;
    mdg_subgraph *subgraphs;
    mdg_streaming streaming;
} mdg_graph;

/* Build. New inputs, outputs of an operator are -1 and attributes have the schema's defaults until set. */
mdg_graph *mdg_graph_new(mdg_arena *arena);
mdg_subgraph *mdg_subgraph_add(mdg_graph *g, const char *name);
int mdg_tensor_add(mdg_graph *g, mdg_subgraph *s, const char *name, mdg_type type, mdg_shape shape);
mdg_op *mdg_op_add(mdg_graph *g, mdg_subgraph *s, mdg_opcode code, int n_inputs, int n_outputs);
void mdg_tensor_set_data(mdg_tensor *t, const void *data); /* constant; not copied */
void mdg_tensor_quantize(mdg_graph *g, mdg_tensor *t, float scale, int32_t zero_point);
void mdg_tensor_set_range(mdg_graph *g, mdg_tensor *t, float lo, float hi);
/* Zero points are 0. */
void mdg_tensor_quantize_channels(mdg_graph *g, mdg_tensor *t, int axis, int count, const float *scale);
void mdg_subgraph_set_io(mdg_graph *g, mdg_subgraph *s, int n_inputs, const int32_t *inputs, int n_outputs,
                         const int32_t *outputs);

/* Ask */
mdg_shape mdg_shape_of(int rank, ...); /* dims as int */
int64_t mdg_shape_elements(const mdg_shape *s);
bool mdg_shape_equal(const mdg_shape *a, const mdg_shape *b);
/* No dimension below 0; the product of those above 0 fits 31 bits. */
bool mdg_shape_is_sane(const mdg_shape *s);
size_t mdg_type_bits(mdg_type t);
const char *mdg_type_text(mdg_type t);
const char *mdg_op_name(const mdg_op *op); /* "CONV_2D", or the custom name */
size_t mdg_tensor_bytes(const mdg_tensor *t);
int64_t mdg_op_macs(const mdg_subgraph *s, const mdg_op *op);

/* The tensor of input k, or NULL where it is absent. */
static inline mdg_tensor *mdg_op_input(const mdg_subgraph *s, const mdg_op *op, int k) {
    return k < op->n_inputs && op->inputs[k] >= 0 ? &s->tensors[op->inputs[k]] : NULL;
}
static inline mdg_tensor *mdg_op_output(const mdg_subgraph *s, const mdg_op *op, int k) {
    return &s->tensors[op->outputs[k]];
}

/* Checks indices, order (each tensor written before it is read, once), sizes of constant data, quantisation
 * arrays, and that subgraphs do not call each other in a circle. What an operator demands of its tensors is
 * lowering's to check. Returns MDG_OK, or MDG_INVALID with a message that names file, subgraph, operator and
 * cause. */
mdg_status mdg_graph_check(const mdg_graph *g, mdg_diag *diag);

/* Writes the graph as text, one line a tensor and an operator. */
void mdg_graph_print(const mdg_graph *g, FILE *out);

/* True when both graphs say the same (source apart; a version of 0 equals any). If not, diag names the first
 * difference. */
bool mdg_graph_equal(const mdg_graph *a, const mdg_graph *b, mdg_diag *diag);

#endif
