/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of this room share.
 */
#ifndef MDG_COMPARE_PARTS_H
#define MDG_COMPARE_PARTS_H

#include "compare/compare.h"
#include "exec/exec.h"

/* -- Values (values.c) -- */

/* Whether values of this type can be read and written as numbers. */
bool mdg_value_has_type(mdg_type type);

/* Element i as a real number */
double mdg_value_get(const mdg_tensor *t, const void *data, size_t i);

/* The same back, as QUANTIZE does it: x / scale in float32, rounded half away from zero, clamped. */
void mdg_value_set(const mdg_tensor *t, void *data, size_t i, double x);

/* The distance of neighbouring values, at most; 0 for floats and plain integers */
double mdg_value_step(const mdg_tensor *t);

bool mdg_value_same_format(const mdg_tensor *a, const mdg_tensor *b);

static inline size_t mdg_value_count(const mdg_tensor *t) {
    return (size_t)mdg_shape_elements(&t->shape);
}

/* -- Pairs (match.c) -- */

/* The tensors that a model computes, in order, inputs first */
typedef struct mdg_layers {
    const mdg_subgraph *subgraph;
    int n;
    int *tensor, *op; /* [n] */
    int *partner;     /* [n] index in the other model's list, or -1 */
} mdg_layers;

mdg_layers mdg_layers_of(const mdg_program *p, mdg_arena *arena);

/* Sets the partners. Returns MDG_INVALID when inputs or outputs do not fit each other. */
mdg_status mdg_layers_match(mdg_layers *a, mdg_layers *b, mdg_diag *diag);

#endif
