/* SPDX-License-Identifier: MIT
 *
 * program.h: what a graph becomes before it runs anywhere: a list of kernel calls on buffers. The host runs it
 * (host/exec), the planner gives its buffers their places (host/plan), the emitter prints it as C (host/emit) and packs
 * it as a model image. All of them see only this.
 *
 *     mdg_lower(graph, &opts, &program, diag)    graph -> program, after checking every operator
 *     mdg_plan(program, &opts, diag)             offsets for all ARENA and STATE buffers
 *     mdg_exec_run(program, ...)                 run it
 */
#ifndef MDG_PROGRAM_H
#define MDG_PROGRAM_H

#include "graph/graph.h"
#include "midge/kernel.h"

typedef struct mdg_param_field {
    const char *name;
    const char *type; /* "int32_t" or "float" */
    int count;        /* 0: scalar, else an array */
} mdg_param_field;

/* One line of kernels.def, with what the host needs to know of it. */
typedef struct mdg_kernel_info {
    const char *name; /* "conv2d_s8" */
    const char *params; /* "conv2d" */
    const char *file; /* "conv2d_s8" */
    mdg_kernel_fn *run;
    size_t params_bytes;
    const mdg_param_field *fields;
    int n_fields;
} mdg_kernel_info;

extern const mdg_kernel_info mdg_kernels[]; /* indexed by MDG_K_* */
typedef enum mdg_kernel_id {
#define K(name, params, file) MDG_K_##name,
#include "midge/kernels.def"
#undef K
    MDG_K_COUNT
} mdg_kernel_id;

typedef enum mdg_buffer_kind {
    MDG_BUF_CONST, /* weights, tables: in flash */
    MDG_BUF_ARENA, /* activations and scratch: overlapping lifetimes are planned; inputs and outputs too */
    MDG_BUF_STATE  /* survives between inferences; `data` is its value after reset, NULL = zero bytes */
} mdg_buffer_kind;

typedef struct mdg_buffer {
    mdg_buffer_kind kind;
    const char *name;
    const char *element; /* C type of an element for generated code: "int8_t", "int32_t", "float", ... */
    size_t bytes;
    const void *data; /* CONST, STATE */
    int first, last;  /* calls that write it first and read it last; a program's input has first = -1, an output last =
                         n_calls. Set by mdg_program_lifetimes */
    size_t offset;    /* in the arena or in the state, multiple of 16 unless the planner is told less; set by mdg_plan */
} mdg_buffer;

enum { MDG_CALL_MAX_IO = 16 };

typedef struct mdg_call {
    mdg_kernel_id kernel;
    const void *params; /* kernel_info.params_bytes bytes */
    int n_in, n_out;
    int in[MDG_CALL_MAX_IO];  /* buffer numbers, -1 = NULL */
    int out[MDG_CALL_MAX_IO]; /* outputs, then state and scratch */
    int inplace_in, inplace_out; /* out[inplace_out] may share memory with in[inplace_in]; -1 = no. An input that is
                                    state or constant is never overwritten. */
    int op;                   /* index of the operator in its subgraph */
} mdg_call;

typedef struct mdg_io {
    int buffer;
    const mdg_tensor *tensor; /* name, type, shape, quantisation */
} mdg_io;

typedef struct mdg_program {
    mdg_arena *arena;
    const mdg_graph *graph;
    int n_buffers, n_calls, n_inputs, n_outputs;
    mdg_buffer *buffers;
    mdg_call *calls;
    mdg_io *inputs, *outputs;
    int *tensor_buffer; /* [n_tensors] buffer of each tensor of the subgraph, -1 where it has none */
    size_t arena_bytes, state_bytes, arena_bound_bytes; /* set by mdg_plan; bound: what no plan can beat */
} mdg_program;

/* Lowers subgraph 0. Checks each operator: types, shapes, quantisation, attributes.
 * Returns MDG_OK, MDG_INVALID, or MDG_UNSUPPORTED; diag names op index, op name and cause. */
mdg_status mdg_lower(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_diag *diag);

/* What lowering functions use; see lower_conv2d.c for the pattern. */
int mdg_program_add_buffer(mdg_program *p, mdg_buffer_kind kind, const char *name, const char *element, size_t bytes,
                           const void *data);
mdg_call *mdg_program_add_call(mdg_program *p, mdg_kernel_id kernel, const void *params);
void mdg_program_lifetimes(mdg_program *p);
void mdg_program_print(const mdg_program *p, FILE *out);

#endif
