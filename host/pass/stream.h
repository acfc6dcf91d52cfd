/* SPDX-License-Identifier: MIT
 *
 * stream.h: a model over a window that slides along time becomes one that takes a hop of new frames and keeps
 * what it needs of the earlier ones. Each output is to the bit what the whole model gives on the last window.
 *
 *     mdg_graph *streaming;
 *     MDG_TRY(mdg_stream(graph, 0, arena, &streaming, diag));
 *     streaming->streaming.hop                // frames a call
 *
 * Time is the first dimension of the input that is not 1: a frame is an index of it.
 *
 * Memory: the new graph lives in the arena and shares with the old one what did not change.
 */
#ifndef MDG_STREAM_H
#define MDG_STREAM_H

#include "graph/graph.h"

/* hop: how many frames a call takes; 0 = as few as all strides divide. With a hop that a layer's strides do
 * not divide, that layer and those behind it compute all of their window.
 *
 * Returns MDG_OK; MDG_UNSUPPORTED where the model cannot be streamed exactly, or nothing would be saved: the
 * message names the operator and the cause; MDG_INVALID for a hop as long as the window; or what mdg_lower
 * returns. */
mdg_status mdg_stream(const mdg_graph *g, int hop, mdg_arena *arena, mdg_graph **out, mdg_diag *diag);

#endif
