/* SPDX-License-Identifier: MIT
 *
 * onnx.h: reads ONNX models (protobuf, operator sets 7 to 23) into the graph. Maps come out channels last
 * (NHWC), float networks as float32, QDQ and QOperator networks as int8; docs/ONNX.md tells what is supported
 * and how. The reader checks every field against hostile bytes; after it returns MDG_OK the graph is as safe
 * as one built in memory.
 */
#ifndef MDG_ONNX_H
#define MDG_ONNX_H

#include "graph/graph.h"
#include "util/file.h"

/* name: for messages. The graph's constant data lies in the arena.
 * Returns MDG_OK, MDG_INVALID or MDG_UNSUPPORTED with a message that names file, node, cause and way out. */
mdg_status mdg_onnx_read(const mdg_bytes *bytes, const char *name, mdg_arena *arena, mdg_graph **out,
                         mdg_diag *diag);
mdg_status mdg_onnx_load(const char *path, mdg_arena *arena, mdg_graph **out, mdg_diag *diag);

#endif
