/* SPDX-License-Identifier: MIT
 *
 * little_endian.h: numbers in messages, which need no alignment.
 */
#ifndef MDG_LITTLE_ENDIAN_H
#define MDG_LITTLE_ENDIAN_H

#include <stdint.h>

static inline void mdg_put16(uint8_t *to, uint32_t value) {
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}

static inline void mdg_put32(uint8_t *to, uint32_t value) {
    mdg_put16(to, value);
    mdg_put16(to + 2, value >> 16);
}

static inline uint32_t mdg_get16(const uint8_t *from) {
    return (uint32_t)from[0] | (uint32_t)from[1] << 8;
}

static inline uint32_t mdg_get32(const uint8_t *from) {
    return mdg_get16(from) | mdg_get16(from + 2) << 16;
}

#endif
