/* SPDX-License-Identifier: MIT
 *
 * simd32.h: the DSP instructions of Armv7E-M and Armv8-M as functions, with the same meaning in plain C
 * elsewhere, so that a desktop runs the very kernels of the target. Words hold two int16 or four int8, the
 * first in the low bits; memory is little-endian.
 */
#ifndef MDG_SIMD32_H
#define MDG_SIMD32_H

#include <stdint.h>
#include <string.h>

#include "fixed.h"

/* For functions that are long and called from several places: one copy of each. Assembly in them finds its
 * labels by adr, which counts from a multiple of 4: so does the function begin, even with -Os. */
#define MDG_NOINLINE __attribute__((noinline, aligned(4)))

/* At the end of a case that goes on into the next */
#define MDG_FALLTHROUGH __attribute__((fallthrough))

/* Four bytes from any address */
static inline uint32_t mdg_load4(const int8_t *p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

/* The same from a multiple of 4 */
static inline uint32_t mdg_load4_aligned(const int8_t *p) {
    uint32_t word;
    memcpy(&word, __builtin_assume_aligned(p, 4), 4);
    return word;
}

static inline void mdg_store4(int8_t *p, uint32_t word) {
    memcpy(p, &word, 4);
}

static inline int32_t mdg_low16(uint32_t x) {
    return (int16_t)(uint16_t)x;
}

static inline int32_t mdg_high16(uint32_t x) {
    return (int16_t)(uint16_t)(x >> 16);
}

static inline uint32_t mdg_pack16(int32_t low, int32_t high) {
    return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

/* Bytes 0 and 2, sign-extended to halves */
static inline uint32_t mdg_sxtb16(uint32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t y;
    __asm__("sxtb16 %0, %1" : "=r"(y) : "r"(x));
    return y;
#else
    return mdg_pack16((int8_t)(uint8_t)x, (int8_t)(uint8_t)(x >> 16));
#endif
}

/* Bytes 1 and 3, sign-extended to halves */
static inline uint32_t mdg_sxtb16_odd(uint32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t y;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(y) : "r"(x));
    return y;
#else
    return mdg_sxtb16(x >> 8);
#endif
}

/* To each half of sum byte 0 or 2 of x */
static inline uint32_t mdg_sxtab16(uint32_t sum, uint32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t y;
    __asm__("sxtab16 %0, %1, %2" : "=r"(y) : "r"(sum), "r"(x));
    return y;
#else
    return mdg_pack16(mdg_low16(sum) + (int8_t)(uint8_t)x, mdg_high16(sum) + (int8_t)(uint8_t)(x >> 16));
#endif
}

/* The same with bytes 1 and 3 */
static inline uint32_t mdg_sxtab16_odd(uint32_t sum, uint32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t y;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(y) : "r"(sum), "r"(x));
    return y;
#else
    return mdg_sxtab16(sum, x >> 8);
#endif
}

/* Byte by byte the larger */
static inline uint32_t mdg_max8(uint32_t x, uint32_t y) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t z;
    __asm__("ssub8 %0, %1, %2\n sel %0, %1, %2" : "=&r"(z) : "r"(x), "r"(y) : "cc");
    return z;
#else
    uint32_t z = 0;
    for (int32_t shift = 0; shift < 32; shift += 8) {
        const uint32_t a = x >> shift & 0xFFu, b = y >> shift & 0xFFu;
        z |= ((a ^ 0x80u) > (b ^ 0x80u) ? a : b) << shift;
    }
    return z;
#endif
}

/* Half by half the larger */
static inline uint32_t mdg_max16(uint32_t x, uint32_t y) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t z;
    __asm__("ssub16 %0, %1, %2\n sel %0, %1, %2" : "=&r"(z) : "r"(x), "r"(y) : "cc");
    return z;
#else
    const int32_t low = mdg_low16(x) > mdg_low16(y) ? mdg_low16(x) : mdg_low16(y);
    return mdg_pack16(low, mdg_high16(x) > mdg_high16(y) ? mdg_high16(x) : mdg_high16(y));
#endif
}

/* sum + low * low + high * high, wrapping around */
static inline int32_t mdg_smlad(uint32_t x, uint32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smlad %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return (int32_t)((uint32_t)sum + (uint32_t)(mdg_low16(x) * mdg_low16(y)) +
                     (uint32_t)(mdg_high16(x) * mdg_high16(y)));
#endif
}

/* sum + low * low, wrapping around */
static inline int32_t mdg_smlabb(uint32_t x, uint32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smlabb %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return (int32_t)((uint32_t)sum + (uint32_t)(mdg_low16(x) * mdg_low16(y)));
#endif
}

/* sum + low * high, wrapping around */
static inline int32_t mdg_smlabt(uint32_t x, uint32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smlabt %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return mdg_smlabb(x, y >> 16, sum);
#endif
}

/* sum + high * high, wrapping around */
static inline int32_t mdg_smlatt(uint32_t x, uint32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smlatt %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return mdg_smlabb(x >> 16, y >> 16, sum);
#endif
}

/* The low half of each, x's below */
static inline uint32_t mdg_pkhbt(uint32_t x, uint32_t y) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t z;
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(z) : "r"(x), "r"(y));
    return z;
#else
    return (x & 0xFFFFu) | y << 16;
#endif
}

/* The high half of each, x's below */
static inline uint32_t mdg_pkhtb(uint32_t x, uint32_t y) {
#if defined(__ARM_FEATURE_SIMD32)
    uint32_t z;
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(z) : "r"(y), "r"(x));
    return z;
#else
    return x >> 16 | (y & 0xFFFF0000u);
#endif
}

/* sum + the high word of x * y */
static inline int32_t mdg_smmla(int32_t x, int32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smmla %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return (int32_t)((uint32_t)sum + (uint32_t)((int64_t)x * y >> 32));
#endif
}

/* sum + the high word of x * y, rounded, halves up */
static inline int32_t mdg_smmlar(int32_t x, int32_t y, int32_t sum) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t z;
    __asm__("smmlar %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    return (int32_t)((uint32_t)sum + (uint32_t)(((int64_t)x * y + ((int64_t)1 << 31)) >> 32));
#endif
}

/* x * 2^n, wrapping around */
static inline int32_t mdg_shift_left(int32_t x, int32_t n) {
    return (int32_t)((uint32_t)x << n);
}

/* Saturated to int8 */
static inline int32_t mdg_ssat8(int32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    int32_t y;
    __asm__("ssat %0, #8, %1" : "=r"(y) : "r"(x));
    return y;
#else
    return x < -128 ? -128 : x > 127 ? 127 : x;
#endif
}

#endif
