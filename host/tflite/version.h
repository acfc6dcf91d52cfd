/* SPDX-License-Identifier: MIT
 *
 * version.h: the version of an operator that TFLite must know to run it.
 */
#ifndef MDG_TFLITE_VERSION_H
#define MDG_TFLITE_VERSION_H

#include "graph/graph.h"

/* The lowest of the versions that take the operator's types and attributes. */
int mdg_tflite_op_version(const mdg_subgraph *s, const mdg_op *op);

#endif
