/* SPDX-License-Identifier: MIT
 *
 * reduce_util.h: how reducing kernels find their elements.
 */
#ifndef MDG_REF_REDUCE_UTIL_H
#define MDG_REF_REDUCE_UTIL_H

#include <stdint.h>

/* Offset in x of the element with number i among sizes [4], the last counting fastest */
static inline int32_t mdg_reduce_offset(const int32_t *size, const int32_t *stride, int32_t i) {
    int32_t offset = 0;
    for (int32_t d = 3; d >= 0; d--) {
        offset += i % size[d] * stride[d];
        i /= size[d];
    }
    return offset;
}

#endif
