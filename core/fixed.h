/* SPDX-License-Identifier: MIT
 *
 * fixed.h: the one place with rounding, saturation and requantisation.
 *
 * The arithmetic is that of TensorFlow Lite Micro's reference kernels, bit for bit: a saturating rounding
 * doubling high multiply followed by a rounding right shift, half away from zero (two roundings).
 */
#ifndef MDG_FIXED_H
#define MDG_FIXED_H

#include <stdint.h>

/* For functions with a constant argument that a compiler must know before it looks at their loops, else it
 * makes worse ones */
#define MDG_INLINE static inline __attribute__((always_inline))

static inline int32_t mdg_clamp(int32_t x, int32_t lo, int32_t hi) {
    return x < lo ? lo : x > hi ? hi : x;
}

/* a - b and a * b, wrapping around */
static inline int32_t mdg_wrapping_sub(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}
static inline int32_t mdg_wrapping_mul(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* a + b, wrapping around as two's complement: what TFLM's sums do when a hostile bias makes them overflow */
static inline int32_t mdg_wrapping_add(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int64_t mdg_wrapping_add_s64(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Into the range of int16 */
static inline int16_t mdg_saturate_s16(int32_t x) {
    return (int16_t)mdg_clamp(x, INT16_MIN, INT16_MAX);
}

/* round(a * b / 2^31), halves up; saturates the one case that overflows, a = b = INT32_MIN.
 * TFLM writes this with a sign-dependent nudge and a truncating division, which is the same function. */
static inline int32_t mdg_rounding_doubling_high_mul(int32_t a, int32_t b) {
    if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
    return (int32_t)(((int64_t)a * b + (INT32_C(1) << 30)) >> 31);
}

/* round(x / 2^n), halves away from zero; n in [0, 31] */
static inline int32_t mdg_rounding_shift_right(int32_t x, int n) {
    const int32_t mask = (int32_t)((UINT32_C(1) << n) - 1u);
    const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> n) + ((x & mask) > threshold ? 1 : 0);
}

/* x * 2^n, saturated; n in [0, 31] */
static inline int32_t mdg_saturating_shift_left(int32_t x, int n) {
    const int64_t wide = (int64_t)((uint64_t)(int64_t)x << n);
    return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* x * mult * 2^(shift - 31), as TFLM rounds it; mult in [2^30, 2^31) or 0, shift in [-31, 30] */
static inline int32_t mdg_requantize(int32_t x, int32_t mult, int32_t shift) {
    const int left = shift > 0 ? (int)shift : 0;
    const int right = shift > 0 ? 0 : (int)-shift;
    const int32_t scaled = (int32_t)((uint32_t)x << left);
    return mdg_rounding_shift_right(mdg_rounding_doubling_high_mul(scaled, mult), right);
}

/* The same, then to the output's zero point */
static inline int32_t mdg_requantize_to(int32_t x, int32_t mult, int32_t shift, int32_t zero) {
    return mdg_wrapping_add(mdg_requantize(x, mult, shift), zero);
}

/* The same for a 64-bit accumulator, |x| < 2^47 (beyond, it wraps around): the multiplier is reduced to 16
 * bits, and there is one rounding. shift in [-31, 14]. */
static inline int32_t mdg_requantize_s64(int64_t x, int32_t mult, int32_t shift) {
    const int32_t reduced = mult < 0x7FFF0000 ? (mult + (INT32_C(1) << 15)) >> 16 : 0x7FFF;
    const int total_shift = 15 - (int)shift;
    const int64_t product = (int64_t)((uint64_t)x * (uint64_t)reduced);
    return (int32_t)(mdg_wrapping_add_s64(product, (int64_t)1 << (total_shift - 1)) >> total_shift);
}

#endif
