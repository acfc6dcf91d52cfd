/* SPDX-License-Identifier: MIT
 *
 * lower.h: what the lowering of an operator is made of. docs/ADDING_AN_OP.md walks through one.
 *
 * An operator has a rule (lower_<family>.c): how many inputs and outputs it takes, which combinations of
 * types lead to which kernel, and a function that checks the rest and adds the calls. lower.def names the
 * rule of each operator. Before the function runs, the driver has checked that
 *   - required inputs and all outputs are there, and hold 1 to MDG_MAX_TENSOR_BYTES bytes (see takes_empty),
 *   - the types match a variant; lo->kernel is its kernel.
 * After the function has returned MDG_OK, no input of the program may lead the kernel out of bounds: what the
 * kernel trusts, the function checks.
 *
 *     static mdg_status lower(mdg_lowering *lo)
 *     {
 *         const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
 *         MDG_TRY(mdg_lo_need_same_shape(lo, x, y));
 *         mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
 *         p->count = mdg_lo_elements(x);
 *         mdg_call *c = mdg_lo_call(lo, p);          // with all inputs and outputs
 *         ...
 *     }
 */
#ifndef MDG_LOWER_H
#define MDG_LOWER_H

#include "lower/program.h"

enum { MDG_MAX_TENSOR_BYTES = 1 << 28 };

/* types: "int8,int8,int32->int8", as fnmatch(3) pattern; absent optional inputs are "none", those at the end
 * are not written. */
typedef struct mdg_variant {
    const char *types;
    mdg_kernel_id kernel;
} mdg_variant;

/* A resource variable (lower_variable.c), in a list of all */
typedef struct mdg_variable {
    struct mdg_variable *next;
    const char *container, *name;
    int buffer;
} mdg_variable;

typedef struct mdg_lowering {
    mdg_program *program;
    const mdg_graph *graph;
    int subgraph; /* number and address of the subgraph, and of the operator in it */
    const mdg_subgraph *sub;
    int op_index;
    const mdg_op *op;
    int *tensor_buffer; /* [n_tensors of the subgraph], -1 = none yet */
    const struct mdg_rule *rule;
    mdg_kernel_id kernel; /* of the variant that the types match */
    int depth;            /* of subgraphs within subgraphs */
    mdg_variable **variables;
    mdg_refusal **refused; /* where refusals are listed; NULL: the first one is a failure */
    mdg_diag *diag;
} mdg_lowering;

typedef struct mdg_rule {
    int min_inputs, max_inputs; /* inputs below min_inputs are required; max -1: any number */
    int outputs;                /* -1: any number, at least 1 */
    const mdg_variant *variants;
    int n_variants;
    mdg_status (*lower)(mdg_lowering *lo);
    /* Of its inputs and outputs some may have no elements. (Without it, an operator all of whose outputs are
     * empty becomes nothing, and other empty tensors are refused, but for lists of integers as inputs.) */
    bool takes_empty;
} mdg_rule;

/* What follows the function are designated initialisers of further fields. */
#define MDG_RULE(name, min, max, outs, variant_list, function, ...)                                          \
    const mdg_rule mdg_rule_##name = {.min_inputs = min,                                                     \
                                      .max_inputs = max,                                                     \
                                      .outputs = outs,                                                       \
                                      .variants = variant_list,                                              \
                                      .n_variants = sizeof(variant_list) / sizeof *(variant_list),           \
                                      .lower = function,                                                     \
                                      __VA_ARGS__}

/* The rule of an operator, NULL where midge does not lower it (yet) */
const mdg_rule *mdg_rule_of(mdg_opcode code);

/* What midge refuses of this operator, in words; "" = nothing but faults of the file */
const char *mdg_restrictions_of(mdg_opcode code);

/* Lowers all operators of a subgraph behind the calls that are there, given the buffers of its inputs.
 * tensor_buffer: [n_tensors], set to -1 or to a buffer for each input; on return the outputs have theirs. */
mdg_status mdg_lower_subgraph(const mdg_lowering *from, int subgraph, int *tensor_buffer);

int *mdg_lo_no_buffers(mdg_arena *arena, int n_tensors);

/* Every call from first_call on passes the check of its kernel (core/checks); a refusal is a fault of a rule.
 */
mdg_status mdg_lo_check_calls(const mdg_lowering *lo, int first_call);

/* Runs the calls from first_call on, if all that they read is constant, and makes what they write constant.
 */
void mdg_fold_constants(mdg_program *p, int first_call);

/* -- Ask -- */

static inline const mdg_tensor *mdg_lo_input(const mdg_lowering *lo, int k) {
    return mdg_op_input(lo->sub, lo->op, k);
}
static inline const mdg_tensor *mdg_lo_output(const mdg_lowering *lo, int k) {
    return mdg_op_output(lo->sub, lo->op, k);
}
static inline int32_t mdg_lo_elements(const mdg_tensor *t) {
    return (int32_t)mdg_shape_elements(&t->shape);
}
/* Of a tensor with one scale for all (mdg_lo_need_scale). */
static inline float mdg_lo_scale(const mdg_tensor *t) {
    return t->quant.scale[0];
}
static inline int32_t mdg_lo_zero(const mdg_tensor *t) {
    return t->quant.zero_point[0];
}

/* The values of an input or output that is constant or was folded to a constant, else NULL */
const void *mdg_lo_const_data(const mdg_lowering *lo, const mdg_tensor *t);

/* "file: op 7 CONV_2D: ..." */
mdg_status mdg_lo_fail(const mdg_lowering *lo, mdg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* -- Check: each returns MDG_OK, or fails with a message that names the tensor -- */

mdg_status mdg_lo_need(const mdg_lowering *lo, bool condition,
                       const char *what); /* MDG_INVALID unless condition */
mdg_status mdg_lo_need_rank(const mdg_lowering *lo, const mdg_tensor *t, int min, int max);
mdg_status mdg_lo_need_elements(const mdg_lowering *lo, const mdg_tensor *t, int64_t count);
mdg_status mdg_lo_need_same_shape(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b);
mdg_status mdg_lo_need_same_elements(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b);
mdg_status mdg_lo_need_shape(const mdg_lowering *lo, const mdg_tensor *t, const mdg_shape *shape);
mdg_status mdg_lo_need_same_type(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b);
/* One positive scale, one zero point */
mdg_status mdg_lo_need_scale(const mdg_lowering *lo, const mdg_tensor *t);
/* One scale, or one for each channel along `axis`; the scales are positive */
mdg_status mdg_lo_need_channel_scales(const mdg_lowering *lo, const mdg_tensor *t, int axis);
mdg_status mdg_lo_need_same_scale(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b);
mdg_status mdg_lo_need_const(const mdg_lowering *lo, const mdg_tensor *t);
mdg_status mdg_lo_need_variable(const mdg_lowering *lo, const mdg_tensor *t);
/* Per tensor, with zero point 0 */
mdg_status mdg_lo_need_symmetric(const mdg_lowering *lo, const mdg_tensor *t);
/* A constant of type int32 or int64; its values come back as int32 (a value beyond is MDG_INVALID). */
mdg_status mdg_lo_need_const_ints(const mdg_lowering *lo, const mdg_tensor *t, const int32_t **values,
                                  int *count);

/* -- Compute (lower_math.c) -- */

/* real as mult * 2^(shift - 31). Fails where real is no number, negative, or 2^30 and more. */
mdg_status mdg_lo_multiplier(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift);
/* The same where TFLM demands 0 < real < 1 */
mdg_status mdg_lo_multiplier_below_one(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift);
/* The same as mdg_requantize_s64 takes it: below 2^14 */
mdg_status mdg_lo_multiplier_s64(const mdg_lowering *lo, double real, int32_t *mult, int32_t *shift);
/* The scale of a times that of b, rounded to float, by out_scale */
mdg_status mdg_lo_product_multiplier(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b,
                                     float out_scale, int32_t *mult, int32_t *shift);
/* From input x with weights w to output 0 for each channel, in double, as two CONST buffers [channels]; one
 * scale stands for all channels. */
mdg_status mdg_lo_channel_multipliers(mdg_lowering *lo, const mdg_tensor *x, const mdg_tensor *w,
                                      int *mult_buffer, int *shift_buffer);
/* From the scale of input 0 to that of output 0, all but the activation; their ratio in double, or rounded to
 * float32 */
mdg_status mdg_lo_requantize(const mdg_lowering *lo, mdg_requantize_params *p, bool in_float32);
/* The fused activation in the quantised range of t (int8, uint8, int16), and in real numbers */
mdg_status mdg_lo_activation(const mdg_lowering *lo, int activation, const mdg_tensor *t, int32_t *min,
                             int32_t *max);
mdg_status mdg_lo_activation_f32(const mdg_lowering *lo, int activation, float *min, float *max);
void mdg_lo_type_range(mdg_type type, int32_t *min, int32_t *max); /* of values */

/* One axis of a window that slides: `out` and the padding before follow from the rest; fails unless out is
 * `stated`. */
typedef struct mdg_window {
    int padding; /* MDG_PADDING_* */
    int32_t in, kernel, stride, dilation, stated;
} mdg_window;
mdg_status mdg_lo_window(const mdg_lowering *lo, const mdg_window *w, int32_t *pad_before);

/* A whole lowering function: one call with the parameter list `broadcast` */
mdg_status mdg_lower_broadcast(mdg_lowering *lo);

/* Tables (lower_interpolation.c), as CONST buffers: sigmoid(i / 24) for i = 0 ... 255 in Q0.16, and 513
 * values in Q0.15 of a function over [from, to], from which TFLM's int16 lookup interpolates */
int mdg_lo_sigmoid_table(mdg_lowering *lo);
int mdg_lo_lookup_table_s16(mdg_lowering *lo, const char *name, float (*function)(float), float from,
                            float to);

/* Fill the leading fields (params.h: broadcast, reduce_shape) of params after checking the shapes. */
mdg_status mdg_lo_broadcast(const mdg_lowering *lo, void *params);
mdg_status mdg_lo_reduce(const mdg_lowering *lo, void *params);

/* -- Emit -- */

/* The buffer of input or output k, made where there is none yet; -1 for an absent input. Constants become
 * CONST, variables STATE, int4 constants one int8 an element; what has no elements is a CONST of 0 bytes,
 * which kernels see as NULL. */
int mdg_lo_input_buffer(mdg_lowering *lo, int k);
int mdg_lo_tensor_buffer(mdg_lowering *lo, int tensor); /* -1 where the tensor is not computed yet */
int mdg_lo_output_buffer(mdg_lowering *lo, int k);
/* Output k is input j under another shape: they share a buffer. */
void mdg_lo_alias(mdg_lowering *lo, int j, int k);
int mdg_lo_const(mdg_lowering *lo, const char *name, const char *element, const void *data, size_t bytes);
int mdg_lo_const_i32(mdg_lowering *lo, const char *name, const int32_t *values, int count);
int mdg_lo_scratch(mdg_lowering *lo, const char *name, const char *element, size_t bytes);
int mdg_lo_state(mdg_lowering *lo, const char *name, const char *element, const void *initial, size_t bytes);

/* Zeroed memory for parameters or tables */
void *mdg_lo_params(mdg_lowering *lo, size_t bytes);
/* A call of lo->kernel with all the operator's inputs (NULL for those that are absent, up to the rule's
 * max_inputs) and outputs, or of any kernel with none yet (mdg_call_add_in, mdg_call_add_out) */
mdg_call *mdg_lo_call(mdg_lowering *lo, const void *params);
/* mdg_lo_call of a kernel where each element of output 0 depends on the input elements at its place alone: it
 * may take the place of an input that is as large. */
mdg_call *mdg_lo_call_elementwise(mdg_lowering *lo, const void *params);
mdg_call *mdg_lo_call_kernel(mdg_lowering *lo, mdg_kernel_id kernel, const void *params);
mdg_call *mdg_lo_step(mdg_lowering *lo, mdg_step step, int condition);
/* Copies one whole buffer to another of the same size; of nothing there is no call. */
void mdg_lo_copy(mdg_lowering *lo, int from, int to);
/* Output 0 may take the place of input k, if they have as many elements, and these are of one type. */
void mdg_call_allow_inplace(const mdg_program *p, mdg_call *c, int k);

const char *mdg_c_type(mdg_type type); /* "int8_t" */

#endif
