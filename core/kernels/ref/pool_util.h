/* SPDX-License-Identifier: MIT
 *
 * pool_util.h: where the window of a pooling kernel lies.
 */
#ifndef MDG_REF_POOL_UTIL_H
#define MDG_REF_POOL_UTIL_H

#include <stdint.h>

/* Positions [from, to) of the input along one axis */
typedef struct mdg_span {
    int32_t from, to;
} mdg_span;

/* The part of output o's window that lies inside the input; never empty */
static inline mdg_span mdg_pool_span(int32_t o, int32_t stride, int32_t pad, int32_t kernel, int32_t size) {
    const int32_t start = o * stride - pad;
    mdg_span s;
    s.from = start < 0 ? 0 : start;
    s.to = start + kernel > size ? size : start + kernel;
    return s;
}

#endif
