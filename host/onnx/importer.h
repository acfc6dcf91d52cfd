/* SPDX-License-Identifier: MIT
 *
 * importer.h: inside the ONNX reader. The model's names become values, its nodes, QOperators taken apart into
 * DequantizeLinear, operator and QuantizeLinear, become a list; then each node, in order, is given to the
 * function of its operator (ops.def), which says what its outputs are: a view of something known, a constant,
 * or the output of a graph operator that it adds.
 *
 *     proto.c     bytes to protobuf-c's structs, with limits
 *     names.c     names to indices of values       nodes.c   the list of nodes
 *     tensor.c    TensorProto to constant          attr.c    attributes
 *     value.c     values in the order and type that an operator needs
 *     tail.c      what of the nodes behind one becomes part of it: activation, QuantizeLinear
 *     op_*.c      the operators                    fold.c    arithmetic on shapes
 *     tidy.c      leaves out what nothing uses     read.c    all of it, in order
 */
#ifndef MDG_ONNX_IMPORTER_H
#define MDG_ONNX_IMPORTER_H

#include <onnx.pb-c.h>

#include "onnx/onnx.h"
#include "onnx/view.h"

enum { MDG_ONX_OPSET_MIN = 7, MDG_ONX_OPSET_MAX = 23, MDG_ONX_SHIFT_U8 = 128 };

/* Integers that stand for real numbers are stored as int8 (uint8 less 128) with their quantisation; `type`
 * stays what ONNX says, float32 behind DequantizeLinear. */
typedef struct mdg_onx_value {
    const char *name;
    bool is_known, is_output;
    bool leads_to_map; /* over operators that keep the layout to a spatial one */
    int n_uses;        /* by nodes (Shape apart) and as output of the model */
    int user;          /* the first node that uses it */
    mdg_type type;
    mdg_type stored;
    mdg_quant quant; /* count > 0: of the stored integers; axis is logical */
    mdg_onx_view view;
    const void *data; /* of a constant; else: */
    int tensor;       /* the graph's, with the memory that view describes */
    int real;         /* the tensor after DEQUANTIZE, or -1 */
} mdg_onx_value;

typedef struct mdg_onx mdg_onx;

/* What an operator's output layout says of its input's: a network's input is made channels last when it
 * leads, over operators that keep the layout, to a spatial one. */
typedef enum mdg_onx_layout { MDG_ONX_OTHER, MDG_ONX_KEEPS, MDG_ONX_SPATIAL } mdg_onx_layout;

typedef struct mdg_onx_op {
    const char *name;
    mdg_status (*import)(mdg_onx *in);
    int min_inputs, max_inputs;
    mdg_onx_layout layout;
} mdg_onx_op;

typedef struct mdg_onx_node {
    const Onnx__NodeProto *proto;
    int index; /* in the file */
    const mdg_onx_op *op;
    int n_inputs, n_outputs;
    int *inputs; /* values; -1 = absent */
    int *outputs;
    bool has_axis; /* part of a QOperator: the axis of its scales */
    int64_t axis;
    bool is_absorbed; /* has become part of a node before it */
} mdg_onx_node;

struct mdg_onx {
    const char *file;
    mdg_arena *arena;
    mdg_diag *diag;
    size_t budget; /* bytes that may still be allocated: a small file must not make a huge graph */
    Onnx__ModelProto *model;
    int opset;
    mdg_graph *graph;
    mdg_subgraph *sub;
    int n_values, n_named, room_values; /* the first n_named are sorted by name */
    mdg_onx_value *values;
    int n_nodes, room_nodes;
    mdg_onx_node *nodes;
    const mdg_onx_node *node; /* the one being read, or NULL */
};

/* "file: node 7 Conv "name": cause" */
mdg_status mdg_onx_fail(const mdg_onx *in, mdg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
mdg_status mdg_onx_need(const mdg_onx *in, bool condition, const char *cause);
mdg_status mdg_onx_need_shape(const mdg_onx *in,
                              const mdg_shape *shape); /* of a result: not empty, not too large */
mdg_status mdg_onx_alloc(mdg_onx *in, size_t count, size_t size, void **out);
char *mdg_onx_clean(const mdg_onx *in, const char *text); /* a copy without control characters */

/* -- proto.c, names.c, nodes.c, tensor.c, tidy.c: the steps of reading -- */
mdg_status mdg_onx_unpack(mdg_onx *in, const mdg_bytes *bytes);
mdg_status mdg_onx_collect_names(mdg_onx *in);
int mdg_onx_find_name(const mdg_onx *in, const char *name); /* value, or -1 for NULL, "" and unknown names */
mdg_status mdg_onx_collect_nodes(mdg_onx *in);
mdg_status mdg_onx_read_constant(mdg_onx *in, const Onnx__TensorProto *t, mdg_onx_value *out);
mdg_status mdg_onx_read_type(const mdg_onx *in, int32_t data_type, const char *name, mdg_type *out);
mdg_status mdg_onx_read_dims(const mdg_onx *in, size_t n, const int64_t *dims, const char *name,
                             mdg_shape *out);
void mdg_onx_tidy(mdg_graph *g);
const mdg_onx_op *mdg_onx_op_find(const char *name);

/* -- attr.c: attributes of the node; `otherwise` where it has none -- */
const Onnx__AttributeProto *mdg_onx_attr(const mdg_onx_node *n, const char *name);
int64_t mdg_onx_attr_int(const mdg_onx *in, const char *name, int64_t otherwise);
float mdg_onx_attr_float(const mdg_onx *in, const char *name, float otherwise);
bool mdg_onx_attr_is(const mdg_onx *in, const char *name, const char *text); /* absent counts as "" */

/* A list that is attribute `name` in old operator sets and input k in new ones (k < 0: attribute alone).
 * *count is -1 where there is neither. */
mdg_status mdg_onx_ints(mdg_onx *in, const char *name, int k, int max, int64_t *values, int *count);
mdg_status mdg_onx_value_ints(mdg_onx *in, const mdg_onx_value *x, int max, int64_t *values, int *count);
mdg_status mdg_onx_axis(const mdg_onx *in, int64_t axis, int rank,
                        int *out); /* negative ones count from the end */

/* -- value.c -- */
mdg_onx_value *mdg_onx_input(const mdg_onx *in, int k); /* NULL where absent */
mdg_onx_value *mdg_onx_define(mdg_onx *in, int k,
                              const mdg_onx_value *value); /* output k of the node is this */
static inline bool mdg_onx_is_constant(const mdg_onx_value *x) {
    return x->data != NULL;
}
static inline bool mdg_onx_is_integer(const mdg_onx_value *x) { /* reals held as int8 */
    return x->type == MDG_FLOAT32 && x->quant.count > 0;
}

/* y is x with memory in the order of dimensions perm (NULL: logical order) and its dimensions so permuted; a
 * tensor of the graph gets that shape. Constants are rearranged here, for activations RESHAPE and TRANSPOSE
 * are added. */
mdg_status mdg_onx_arrange(mdg_onx *in, const mdg_onx_value *x, const int *perm, mdg_onx_value *y);

/* The graph's tensor of the whole memory of x, with this shape. */
mdg_status mdg_onx_shaped(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *shape, int *tensor);

/* Arranged and placed at once. */
mdg_status mdg_onx_operand(mdg_onx *in, const mdg_onx_value *x, const int *perm, int *tensor);

/* y is x as float32 in memory. */
mdg_status mdg_onx_real(mdg_onx *in, mdg_onx_value *x, mdg_onx_value *y);

/* y is x with other logical dimensions of as many elements. */
mdg_status mdg_onx_reshape(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *shape, mdg_onx_value *y);
mdg_status mdg_onx_transpose(mdg_onx *in, const mdg_onx_value *x, const int *perm, mdg_onx_value *y);

/* y is x with the elements of the last dimension together in memory; the tensor is [rows, last]. */
mdg_status mdg_onx_rows(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y, int *tensor);

/* Values of a constant in logical order. */
mdg_status mdg_onx_constant_floats(mdg_onx *in, mdg_onx_value *x, const float **values);

int mdg_onx_add_ints(mdg_onx *in, const char *name, int n, const int32_t *values);
int mdg_onx_add_floats(mdg_onx *in, const char *name, int n, const float *values);
int mdg_onx_add_tensor(mdg_onx *in, const char *name, mdg_type type, const mdg_shape *shape,
                       const mdg_quant *quant);
mdg_op *mdg_onx_emit(mdg_onx *in, mdg_opcode code, int n_inputs, const int *inputs, int output);
mdg_quant mdg_onx_quant(mdg_onx *in, float scale, int32_t zero_point);
bool mdg_onx_same_quant(const mdg_quant *a, const mdg_quant *b);

/* The tensor in another quantisation. */
int mdg_onx_requantize(mdg_onx *in, int tensor, const mdg_quant *quant);

/* -- tail.c: nodes behind the present one that it takes in -- */
typedef struct mdg_onx_tail {
    int value;       /* whose producer the operator becomes */
    int activation;  /* MDG_ACT_ */
    mdg_type type;   /* ONNX's of the value */
    mdg_quant quant; /* count 1: the output is quantised so */
    int n_absorbed;
    int absorbed[4];
} mdg_onx_tail;

/* The node that alone uses the value, if it is an `op`; else NULL. */
mdg_onx_node *mdg_onx_only_user(const mdg_onx *in, int value, const char *op);

/* Begins at the node's first output. */
mdg_onx_tail mdg_onx_tail_start(const mdg_onx *in);
void mdg_onx_tail_absorb(mdg_onx *in, mdg_onx_tail *t, mdg_onx_node *n);

/* Takes in an activation, then, if `integer`, QuantizeLinear. Returns whether the output is to be quantised.
 */
bool mdg_onx_tail_activation(mdg_onx *in, mdg_onx_tail *t);
bool mdg_onx_tail_quantize(mdg_onx *in, mdg_onx_tail *t, bool integer);

/* Bounds of a Clip. False: they are no constants. */
bool mdg_onx_clip_bounds(mdg_onx *in, const mdg_onx_node *clip, float *low, float *high);

/* Adds the output tensor, of this shape in memory, and makes it the tail's value. */
int mdg_onx_tail_finish(mdg_onx *in, const mdg_onx_tail *t, const mdg_shape *memory,
                        const mdg_onx_view *view);

/* Makes y the tail's value. */
void mdg_onx_tail_define(mdg_onx *in, const mdg_onx_tail *t, const mdg_onx_value *y);

/* Output 0 of an operator that keeps the type and quantisation of x. */
int mdg_onx_finish_like(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *memory,
                        const mdg_onx_view *view);

/* scale and zero point of a QuantizeLinear or DequantizeLinear, of the stored integers. */
mdg_status mdg_onx_read_quant(mdg_onx *in, const mdg_onx_node *n, mdg_type *type, mdg_quant *quant);

/* -- what several operators share -- */

/* A window along one axis, and what it comes to. */
typedef struct mdg_onx_window {
    int32_t in, kernel, stride, dilation, before, after, out;
} mdg_onx_window;

typedef struct mdg_onx_windows {
    mdg_onx_window axis[2]; /* h, w */
    int padding;            /* MDG_PADDING_ */
    bool is_padded;         /* before and after must be added by PAD; padding is VALID then */
} mdg_onx_windows;

/* The windows of a kernel (h, w) over map x; attributes are lists of w alone where the operator is
 * one-dimensional. */
mdg_status mdg_onx_read_windows(mdg_onx *in, const mdg_shape *x, const int32_t *kernel, mdg_onx_windows *out);
mdg_status mdg_onx_read_kernel(mdg_onx *in, int rank, int32_t *kernel); /* attribute kernel_shape: h, w */

/* The NHWC tensor of x, with rows and columns added around it where the windows ask for that; fill: NULL for
 * 0. */
mdg_status mdg_onx_windowed(mdg_onx *in, const mdg_onx_value *x, const mdg_onx_windows *w, const float *fill,
                            int *tensor);

/* PAD or PADV2 of a placed tensor; before and after in its own dimensions; fill: NULL for 0. */
mdg_status mdg_onx_pad(mdg_onx *in, int tensor, const int32_t *before, const int32_t *after,
                       const float *fill, int *out);

/* y = a op b (ADD, SUB, ...) with broadcasting, activation and quantisation of the tail. */
mdg_status mdg_onx_binary(mdg_onx *in, mdg_opcode code, const mdg_onx_value *a, const mdg_onx_value *b,
                          const mdg_onx_tail *t, mdg_onx_value *y);

/* Weights that the kernels take: per channel of dimension axis or for all; symmetric where `symmetric`. */
mdg_status mdg_onx_check_weights(mdg_onx *in, const mdg_onx_value *w, int axis, bool symmetric);

/* The bias of n outputs as a tensor: float32, or int32 with scale x * w where the operator is `integer`. */
mdg_status mdg_onx_bias(mdg_onx *in, mdg_onx_value *bias, int n, const mdg_onx_value *x,
                        const mdg_onx_value *w, bool integer, int *tensor);

/* A map: x of [N,C,H,W], or [N,C,L] as [N,C,1,L]; and such a view of NHWC memory, with the rank of x. */
mdg_status mdg_onx_map(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *map);
mdg_onx_view mdg_onx_map_view(int rank, const mdg_shape *nhwc);

/* Scale and shift per channel of a BatchNormalization. */
mdg_status mdg_onx_batch_norm(mdg_onx *in, const mdg_onx_node *n, int channels, float **scale, float **shift);

/* Takes the norm behind a layer into its weights, whose outputs are along the axis, and its bias (which may
 * be NULL); folded: room for the bias that it then has. */
mdg_status mdg_onx_fold_norm(mdg_onx *in, const mdg_onx_node *norm, int axis, mdg_onx_value *w,
                             mdg_onx_value **bias, mdg_onx_value *folded);

/* Arithmetic on constant integers; *done tells whether this node was that. */
mdg_status mdg_onx_fold(mdg_onx *in, bool *done);

/* The operators */
#define OP(name, import, min_inputs, max_inputs, layout) mdg_status mdg_onx_##import(mdg_onx *in);
#include "onnx/ops.def"
#undef OP

#endif
