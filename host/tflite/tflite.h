/* SPDX-License-Identifier: MIT
 *
 * tflite.h: reads and writes .tflite files (FlatBuffers, schema version 3). The reader checks every offset,
 * length and enum against hostile bytes; after it returns MDG_OK the graph is as safe as one built in memory.
 */
#ifndef MDG_TFLITE_H
#define MDG_TFLITE_H

#include "graph/graph.h"
#include "util/file.h"

/* name: for messages. The graph's constant data points into bytes, which must outlive it. */
mdg_status mdg_tflite_read(const mdg_bytes *bytes, const char *name, mdg_arena *arena, mdg_graph **out,
                           mdg_diag *diag);
mdg_status mdg_tflite_load(const char *path, mdg_arena *arena, mdg_graph **out, mdg_diag *diag);
mdg_status mdg_tflite_write(const mdg_graph *g, mdg_arena *arena, mdg_bytes *out, mdg_diag *diag);
mdg_status mdg_tflite_save(const mdg_graph *g, const char *path, mdg_diag *diag);

#endif
