/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of the emitter share; nobody else includes it.
 */
#ifndef MDG_EMIT_PARTS_H
#define MDG_EMIT_PARTS_H

#include "emit/emit.h"
#include "emit/source.h"

enum { MDG_EMIT_NAME_MAX = 48 };

typedef struct mdg_emit {
    const mdg_program *program;
    const mdg_program *tables; /* the same with trees as tables, where `program` calls code; else NULL */
    const mdg_emit_opts *opts;
    char upper[MDG_EMIT_NAME_MAX + 1]; /* the name in capitals, prefix of macros */
    int *constant; /* [n_buffers] number of the constant that holds a buffer's data; -1 = none is needed */
    int *constant_buffer; /* [n_constants] the way back */
    int n_constants;
    int *params;        /* [n_calls] the first call that has the same parameters */
    size_t arena_bytes; /* the program's, or the front end's scratch where that is more */
    size_t weights_bytes;
} mdg_emit;

/* Prints text with $n replaced by the model's name and $N by that in capitals. */
void mdg_emit_text(const mdg_emit *e, FILE *out, const char *text);

/* Text from outside for a comment or a string literal: what would end either is replaced or escaped. */
void mdg_emit_comment(FILE *out, const char *text);
void mdg_emit_string(FILE *out, const char *text);

/* `static const <element> <name>[count] = {...};` of data in this machine's byte order. */
void mdg_emit_array(FILE *out, const char *element, const char *name, const void *data, size_t bytes);
void mdg_emit_params(const mdg_emit *e, FILE *out, const mdg_call *call, int number);
void mdg_emit_float(FILE *out, float value);
/* Whether a constant is infinite or no number: math.h has the words for it. */
bool mdg_emit_needs_math(const mdg_emit *e);

/* Numbers the constants: equal data is printed once. */
void mdg_emit_number_constants(mdg_emit *e);
void mdg_emit_constants(const mdg_emit *e, FILE *out);

/* Functions of the model, in the .c file; `linkage` is "" or "static ". */
void mdg_emit_model(const mdg_emit *e, FILE *out, const char *linkage);

/* Of a model that takes a hop at a time; hop = 0 for others. */
mdg_streaming mdg_emit_streaming(const mdg_emit *e);

/* The front end: its tables and functions. */
const char *mdg_emit_block_name(const mdg_features *f); /* "mel", ...; see midge/blocks.h */
const char *mdg_emit_block_type(const mdg_features *f); /* of its constants */
mdg_status mdg_emit_frontend_check(const mdg_emit *e, mdg_diag *diag);
void mdg_emit_frontend_c(const mdg_emit *e, FILE *out);
void mdg_emit_frontend_h(const mdg_emit *e, FILE *out);
size_t mdg_emit_frontend_state_bytes(const mdg_emit *e, size_t pointer_bytes);

void mdg_emit_header(const mdg_emit *e, FILE *out);
void mdg_emit_head_comment(const mdg_emit *e, FILE *out, const char *suffix);

/* "1x49x10x1", or "scalar" */
void mdg_emit_shape(FILE *out, const mdg_shape *shape);
/* The operator that a call belongs to, or NULL. */
const mdg_op *mdg_emit_op(const mdg_emit *e, const mdg_call *call);
int64_t mdg_emit_macs(const mdg_emit *e);
static inline size_t mdg_emit_align(size_t bytes, size_t align) {
    return (bytes + align - 1) / align * align;
}

#endif
