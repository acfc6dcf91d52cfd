/* SPDX-License-Identifier: MIT
 *
 * program.h: what a graph becomes before it runs anywhere: a list of kernel calls on buffers. The host runs
 * it (host/exec), the planner gives its buffers their places (host/plan), the emitter prints it as C
 * (host/emit) and packs it as a model image. All of them see only this.
 *
 *     mdg_lower(graph, arena, &program, diag)    graph -> program, after checking every operator
 *     mdg_plan(&program, &opts, diag)            offsets for all ARENA and STATE buffers
 *     mdg_exec_run(program, ...)                 run it
 *
 * Calls run from first to last. Control flow (IF, WHILE) is part of the list: subgraphs stand in it inline,
 * between steps that are no kernel calls.
 *
 *     KERNEL                      kernel(params, in, out)
 *     IF c  ... [ELSE ...] END_IF       if (*(const uint8_t *)c) { ... } else { ... }
 *     LOOP ... BREAK_UNLESS c ... END_LOOP      for (;;) { ... if (!*(const uint8_t *)c) break; ... }
 *
 * The inputs and outputs of a program are distinct ARENA buffers.
 */
#ifndef MDG_PROGRAM_H
#define MDG_PROGRAM_H

#include "graph/graph.h"
#include "midge/check.h"

typedef struct mdg_param_field {
    const char *name;
    const char *type; /* "int32_t" or "float" */
    int count;        /* 0: scalar, else an array */
} mdg_param_field;

/* One line of kernels.def, with what the host needs to know of it. */
typedef struct mdg_kernel_info {
    const char *name;   /* "conv2d_s8" */
    const char *params; /* "conv2d" */
    const char *file;   /* "conv2d_s8" */
    mdg_kernel_fn *run;
    mdg_check_fn *check;
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
    const void *data; /* CONST (aligned to 16), STATE */
    int first, last;  /* calls that write it first and read it last; a program's input has first = -1, an
                         output last =  n_calls; first > last: never used. Set by mdg_program_lifetimes */
    size_t offset;    /* in the arena or in the state, multiple of 16 unless the planner is told less; set by
                         mdg_plan */
    int whole;        /* the ARENA buffer that this one is a part of, -1 = none: a part lives as long as the
                         whole, which is planned for both, and counts as never used itself */
    size_t place;     /* of a part: bytes from the begin of the whole */
} mdg_buffer;

typedef enum mdg_step {
    MDG_STEP_KERNEL,
    MDG_STEP_IF, /* in[0]: the condition, one byte */
    MDG_STEP_ELSE,
    MDG_STEP_END_IF,
    MDG_STEP_LOOP,
    MDG_STEP_BREAK_UNLESS, /* in[0]: the condition */
    MDG_STEP_END_LOOP
} mdg_step;

enum { MDG_CALL_MAX_IO = MDG_MAX_OPERANDS };

typedef struct mdg_call {
    mdg_step step;
    mdg_kernel_id kernel;          /* of a KERNEL step, as the next three */
    const mdg_kernel_info *custom; /* instead of it: the application's kernel, a name without a function */
    const void *params;            /* kernel_info.params_bytes bytes */
    int inplace_in, inplace_out;   /* out[inplace_out] may share memory with in[inplace_in]; -1 = no. An input
                                      that is state or constant is never overwritten. */
    int n_in, n_out;
    int in[MDG_CALL_MAX_IO];  /* buffer numbers, -1 = NULL */
    int out[MDG_CALL_MAX_IO]; /* outputs, then state and scratch */
    int jump;         /* IF: to the step behind ELSE or to END_IF; ELSE: to END_IF; BREAK_UNLESS: to END_LOOP;
                         END_LOOP: to         LOOP. Set by mdg_program_lifetimes */
    int subgraph, op; /* where it comes from: index of the operator in its subgraph; -1 = of none */
} mdg_call;

static inline const mdg_kernel_info *mdg_call_kernel(const mdg_call *c) {
    return c->custom ? c->custom : &mdg_kernels[c->kernel];
}

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
    int *tensor_buffer; /* [n_tensors] buffer of each tensor of subgraph 0, -1 where it has none */
    bool for_size;      /* generated C asks the compiler for small code, whatever its options say */
    size_t arena_bytes, state_bytes, arena_bound_bytes; /* set by mdg_plan; bound: what no plan can beat */
    int buffers_capacity, calls_capacity;
} mdg_program;

/* Lowers the graph, from subgraph 0. Checks each operator: types, shapes, quantisation, attributes.
 * Returns MDG_OK, MDG_INVALID, or MDG_UNSUPPORTED; diag names file, op index, op name and cause. */
mdg_status mdg_lower(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_diag *diag);

/* An operator that is not lowered, and why */
typedef struct mdg_refusal {
    int subgraph, op;
    const char *message; /* as the failure of mdg_lower would have it */
    struct mdg_refusal *next;
} mdg_refusal;

/* The same for looking at a model: operators that are refused are listed, in order, and what they write
 * counts as computed. With a refusal, the program is not to be run. */
mdg_status mdg_lower_all(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_refusal **refused,
                         mdg_diag *diag);

/* Build. Pointers into buffers and calls are good until the next one is added. */
int mdg_program_add_buffer(mdg_program *p, mdg_buffer_kind kind, const char *name, const char *element,
                           size_t bytes, const void *data);
mdg_call *mdg_program_add_call(mdg_program *p, mdg_kernel_id kernel, const void *params);
mdg_call *mdg_program_add_step(mdg_program *p, mdg_step step, int condition); /* condition: buffer or -1 */
void mdg_call_add_in(mdg_call *c, int buffer);
void mdg_call_add_out(mdg_call *c, int buffer);

/* A program of its own to be changed, in that arena; constants and parameters are shared. */
mdg_program mdg_program_copy(const mdg_program *p, mdg_arena *arena);

/* Sets the lifetimes of buffers and the jumps of steps. A buffer that is live at a loop's border lives
 * throughout the loop. */
void mdg_program_lifetimes(mdg_program *p);

/* Gives parts their offsets, when those of the whole buffers are set. */
void mdg_program_place_parts(mdg_program *p);

/* The first call, from first_call on, that does not pass the check of its kernel (core/checks), or NULL */
const mdg_call *mdg_program_refused_call(const mdg_program *p, int first_call);

/* Writes the program as text, one line a buffer and a call. */
void mdg_program_print(const mdg_program *p, FILE *out);

#endif
