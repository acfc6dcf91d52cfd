/* SPDX-License-Identifier: MIT
 *
 * stream_parts.h: what the files of mdg_stream share; nobody else includes it.
 *
 * A tensor comes frame by frame if, when the window moves by a hop, its frames move by a whole number and
 * stay the same. It begins with the input and passes through an operator that looks at time through a view:
 * frame j of the output is made of the frames from offset + j * stride on, and of nothing else that changes.
 *
 *     mdg_stream_follow     which tensors come frame by frame (stream_view.c)
 *     mdg_stream_rewrite    the graph that computes only the new ones (stream_rewrite.c)
 */
#ifndef MDG_STREAM_PARTS_H
#define MDG_STREAM_PARTS_H

#include "lower/program.h"
#include "pass/stream.h"

/* Frames of the input that an output frame is made of: `length` from offset + j * stride on */
typedef struct mdg_view {
    int64_t offset, stride, length;
} mdg_view;

typedef struct mdg_stream_op {
    bool by_frames; /* else it is run on whole tensors, where any of its inputs changes */
    mdg_view view;
    const char *why; /* it is not by frames, though its input is */
} mdg_stream_op;

typedef struct mdg_frames {
    mdg_arena *arena;
    const mdg_graph *graph;
    const mdg_subgraph *sub; /* subgraph 0 */
    mdg_program program;     /* of the whole model: what is constant */
    int64_t hop;             /* 0: not known yet */
    int64_t *step;           /* [n_tensors] input frames from one frame to the next; 0: not by frames */
    mdg_stream_op *ops;      /* [n_ops] */
    mdg_diag *diag;
} mdg_frames;

/* The dimension of time: the first that is not 1; -1 where all are */
int mdg_frame_axis(const mdg_tensor *t);
/* How many frames a tensor has */
int32_t mdg_frame_count(const mdg_tensor *t);

/* The values of a constant, or of what the program has found to be one; else NULL */
const void *mdg_frames_constant(const mdg_frames *f, int32_t tensor);

/* An input of an operator as whole numbers, NULL where it is not constant or no int32 */
const int32_t *mdg_frames_ints(const mdg_frames *f, const mdg_op *op, int k, int64_t *count);

/* Sets step and ops. Returns MDG_OK, or MDG_UNSUPPORTED where a layer pads along time. */
mdg_status mdg_stream_follow(mdg_frames *f);

mdg_graph *mdg_stream_rewrite(const mdg_frames *f);

#endif
