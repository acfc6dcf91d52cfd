/* SPDX-License-Identifier: MIT
 *
 * signal_bits.h: what several signal kernels ask of a number's bits.
 */
#ifndef MDG_REF_SIGNAL_BITS_H
#define MDG_REF_SIGNAL_BITS_H

#include <stdint.h>

/* How many bits x > 0 has: 1 for 1, 2 for 2 and 3, ... */
static inline int32_t mdg_bit_length(uint32_t x) {
    int32_t bits = 0;
    for (; x != 0; x >>= 1) bits++;
    return bits;
}

#endif
