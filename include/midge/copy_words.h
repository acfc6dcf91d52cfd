/* SPDX-License-Identifier: MIT
 *
 * copy_words.h: memcpy for what lies at multiples of 4, as tensors do: the small libraries of
 * microcontrollers copy byte by byte.
 */
#ifndef MDG_COPY_WORDS_H
#define MDG_COPY_WORDS_H

#include <stdint.h>
#include <string.h>

/* Tells the compiler that p is a multiple of 4. */
static inline void *mdg_at_word(void *p) {
#if defined(__GNUC__)
    return __builtin_assume_aligned(p, 4);
#else
    return p;
#endif
}

static inline const void *mdg_from_word(const void *p) {
#if defined(__GNUC__)
    return __builtin_assume_aligned(p, 4);
#else
    return p;
#endif
}

/* Copies n bytes that do not overlap, from and to any address. */
static inline void mdg_copy_words(uint8_t *to, const uint8_t *from, int32_t n) {
    int32_t i = 0;
    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; i + 16 <= n; i += 16) memcpy(mdg_at_word(to + i), mdg_from_word(from + i), 16);
        for (; i + 4 <= n; i += 4) memcpy(mdg_at_word(to + i), mdg_from_word(from + i), 4);
    }
    if (i < n) memcpy(to + i, from + i, (size_t)(n - i));
}

#endif
