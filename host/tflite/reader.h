/* SPDX-License-Identifier: MIT
 *
 * reader.h: what the parts of the .tflite reader share; no other room includes it. read.c reads models and
 * subgraphs, read_tensor.c tensors with their data, read_op.c operators.
 */
#ifndef MDG_TFLITE_READER_H
#define MDG_TFLITE_READER_H

#include "graph/graph.h"
#include "tflite/fb.h"
#include "tflite/schema.h"

/* What one entry of the file's operator_codes says. */
typedef struct mdg_tfl_code {
    mdg_opcode opcode;
    const char *custom_name;
    int version;
} mdg_tfl_code;

/* A buffer's bytes, once aligned for any element type. */
typedef struct mdg_tfl_buffer {
    bool resolved;
    const uint8_t *data; /* NULL: no bytes */
    size_t bytes;
} mdg_tfl_buffer;

typedef struct mdg_tfl_reader {
    mdg_fb_file file;
    const char *name;
    mdg_arena *arena;
    mdg_graph *graph;
    mdg_diag *diag;
    size_t budget; /* how much memory the graph may still take */
    mdg_fb_vector buffer_tables;
    mdg_tfl_buffer *buffers;
    uint32_t n_codes;
    mdg_tfl_code *codes;
    enum { IN_MODEL, IN_TENSOR, IN_OP } object; /* what is being read, for messages */
    int subgraph, index;
    const char *label; /* its name, or "" */
} mdg_tfl_reader;

/* Fills diag with the cause and the place that is being read; returns status. */
mdg_status mdg_tfl_fail(mdg_tfl_reader *r, mdg_status status, const char *cause);

/* Keeps what is wrong, if it is the first fault, as fb.c does; mdg_tfl_damage makes it a failure. */
void mdg_tfl_fault(mdg_tfl_reader *r, const char *what);
mdg_status mdg_tfl_damage(mdg_tfl_reader *r);

/* Counts memory or work against the budget; false, and a fault, when that is beyond reason. */
bool mdg_tfl_spend(mdg_tfl_reader *r, size_t bytes);

/* Zeroed memory; NULL and a fault when that would be beyond reason. */
void *mdg_tfl_take(mdg_tfl_reader *r, size_t count, size_t size);

/* Fields: text without control characters, NULL where absent; a vector of ints. */
const char *mdg_tfl_text(mdg_tfl_reader *r, const mdg_fb_table *t, int slot);
int32_t *mdg_tfl_ints(mdg_tfl_reader *r, const mdg_fb_table *t, int slot, int *count);

/* Finds data behind the FlatBuffer, where files above 2 GB keep it, at an offset from the file's start; an
 * offset of 0 or 1 means that there is none. */
void mdg_tfl_outside(mdg_tfl_reader *r, uint64_t offset, uint64_t size, mdg_tfl_buffer *b);

mdg_status mdg_tfl_read_tensor(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_tensor *out);
mdg_status mdg_tfl_read_op(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_op *out);

#endif
