/* SPDX-License-Identifier: MIT
 *
 * view.h: how a value of the ONNX model lies in memory. ONNX thinks in NCHW and moves data about with Reshape
 * and Transpose; memory here stays as the kernels want it, and only the view changes. So Reshape, Flatten,
 * Squeeze, Unsqueeze and Transpose cost nothing until an operator needs another order.
 *
 * A value has logical dimensions and a list of factors. The value's elements, counted in logical (row-major)
 * order, are walked by the factors like by an odometer, the last one fastest; each factor has its stride in
 * memory. Memory is dense: factors sorted by stride multiply up to the number of elements. Two examples, map
 * [1,3,4,5] (NCHW):
 *
 *     memory in the same order        factors  60/1
 *     memory in NHWC order            factors  3/1  20/3      (size/stride; sizes of 1 are left out)
 *
 * Flattened to [1,60], the second one keeps its factors: the dense layer that follows permutes its weights.
 */
#ifndef MDG_ONNX_VIEW_H
#define MDG_ONNX_VIEW_H

#include "graph/graph.h"

enum { MDG_ONX_MAX_FACTORS = 16 };

typedef struct mdg_onx_factor {
    int32_t size, stride; /* stride in elements */
} mdg_onx_factor;

typedef struct mdg_onx_view {
    mdg_shape shape; /* logical */
    int n;
    mdg_onx_factor factor[MDG_ONX_MAX_FACTORS];
} mdg_onx_view;

/* Factors grouped by logical dimension: those of dimension d are factor[first[d]] to factor[first[d + 1] -
 * 1]. */
typedef struct mdg_onx_groups {
    int first[MDG_MAX_RANK + 1];
    int n;
    mdg_onx_factor factor[MDG_ONX_MAX_FACTORS];
} mdg_onx_groups;

/* Memory in logical order. */
mdg_onx_view mdg_onx_view_plain(const mdg_shape *shape);

/* Memory in the order of dimensions perm: its outermost dimension is the logical dimension perm[0]. */
mdg_onx_view mdg_onx_view_ordered(const mdg_shape *shape, const int *perm);

bool mdg_onx_view_is_plain(const mdg_onx_view *v);

/* Splits factors at the borders of the dimensions. False: a factor straddles a border, as 3 of [2,3] in
 * [3,2]. */
bool mdg_onx_view_group(const mdg_onx_view *v, mdg_onx_groups *out);

/* Dimension d of the result is dimension perm[d] of v. False as above. */
bool mdg_onx_view_transpose(const mdg_onx_view *v, const int *perm, mdg_onx_view *out);

/* The dimensions in the order in which memory has them. Where sizes of 1 leave a choice it falls on channels
 * last, or on the logical order. False: no order of whole dimensions is that of memory. */
bool mdg_onx_view_order(const mdg_onx_view *v, int *perm);

/* True when the last dimension's elements are neighbours in memory, in whatever order among themselves. */
bool mdg_onx_view_has_rows(const mdg_onx_view *v);

/* x, which has rows, after a dense layer: each row has become `width` elements. */
mdg_onx_view mdg_onx_view_dense(const mdg_onx_view *x, int32_t width);

/* Positions of the factors sorted by stride, the largest first. */
void mdg_onx_factors_sort(const mdg_onx_factor *factor, int n, int *order);

void mdg_onx_channels_last(int rank, int *perm); /* 0, 2, 3, ..., 1 */
mdg_shape mdg_onx_shape_permuted(const mdg_shape *shape, const int *perm);

#endif
