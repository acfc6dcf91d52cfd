/* SPDX-License-Identifier: MIT
 *
 * check.h: what the checks of kernels (core/checks) are made of.
 *
 * A check answers for its kernel: called with these parameters and operands of these sizes, and with any
 * values in them that are not constant, the kernel stays within them, divides by nothing that is 0, shifts by
 * nothing beyond the width, and overflows no int. It is the kernel's specification read backwards:
 *
 *     static bool softmax(const mdg_softmax_params *p, mdg_sizes *s, uint32_t x_size, uint32_t y_size) {
 *         const uint32_t count = mdg_count2(p->rows, p->depth);
 *         return mdg_has_in(s, 0, count, x_size) && mdg_has_out(s, 0, count, y_size);
 *     }
 *     MDG_CHECK(softmax_s8, softmax, softmax, 1, 1)
 *
 * Counts of elements are uint32_t. A count that is zero, negative or beyond 2^31 - 1 is 0, and no operand has
 * 0 elements: so products need no further care.
 */
#ifndef MDG_CHECK_H
#define MDG_CHECK_H

#include "midge/model.h"

/* Defines mdg_<name>_check as function(params, s, sizes...) of the parameter list. */
#define MDG_CHECK(name, list, function, ...)                                                                 \
    bool mdg_##name##_check(const void *params, mdg_sizes *s) {                                              \
        return s->params_bytes == sizeof(mdg_##list##_params) &&                                             \
               function((const mdg_##list##_params *)params, s, __VA_ARGS__);                                \
    }

/* -- Counts -- */

static inline uint32_t mdg_times(uint32_t count, int32_t n) {
    const uint64_t product = (uint64_t)count * (uint32_t)n;
    return n < 1 || product > INT32_MAX ? 0 : (uint32_t)product;
}

static inline uint32_t mdg_count1(int32_t a) {
    return mdg_times(1, a);
}

static inline uint32_t mdg_count2(int32_t a, int32_t b) {
    return mdg_times(mdg_count1(a), b);
}

static inline uint32_t mdg_count3(int32_t a, int32_t b, int32_t c) {
    return mdg_times(mdg_count2(a, b), c);
}

static inline uint32_t mdg_count4(int32_t a, int32_t b, int32_t c, int32_t d) {
    return mdg_times(mdg_count3(a, b, c), d);
}

/* Bytes of elements that share them, 1 or 2 a byte */
static inline uint32_t mdg_packed(uint32_t count, uint32_t a_byte) {
    return count / a_byte + count % a_byte;
}

static inline uint32_t mdg_count_of(const int32_t *dim, int32_t rank) {
    uint32_t count = 1;
    for (int32_t d = 0; d < rank; d++) count = mdg_times(count, dim[d]);
    return count;
}

/* How many elements a walk over all of dim by these strides spans, from the first to the last; strides are
 * not negative. */
static inline uint32_t mdg_span_of(const int32_t *dim, const int32_t *stride, int32_t rank) {
    uint64_t last = 0;
    for (int32_t d = 0; d < rank; d++) {
        if (dim[d] < 1 || stride[d] < 0) return 0;
        last += (uint64_t)(dim[d] - 1) * (uint32_t)stride[d];
        if (last >= INT32_MAX) return 0;
    }
    return (uint32_t)last + 1;
}

/* -- Operands -- */

static inline bool mdg_holds(uint32_t bytes, uint32_t count, uint32_t size) {
    return count > 0 && count <= bytes / size;
}

static inline bool mdg_has_in(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t size) {
    return k < s->n_in && mdg_holds(s->in[k], count, size);
}

static inline bool mdg_has_out(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t size) {
    return k < s->n_out && mdg_holds(s->out[k], count, size);
}

/* The same for an operand that may be NULL */
static inline bool mdg_has_optional(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t size) {
    return k < s->n_in && (s->in[k] == 0 || mdg_holds(s->in[k], count, size));
}

static inline bool mdg_has_optional_out(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t size) {
    return k < s->n_out && (s->out[k] == 0 || mdg_holds(s->out[k], count, size));
}

/* An output may be the very memory of an input: each element depends on its own place alone. */
static inline bool mdg_may_share(mdg_sizes *s) {
    s->may_share = true;
    return true;
}

/* What a unary operator has: in 0 and out 0 */
static inline bool mdg_has_pair(mdg_sizes *s, int32_t count, uint32_t in_size, uint32_t out_size) {
    return mdg_has_in(s, 0, mdg_count1(count), in_size) && mdg_has_out(s, 0, mdg_count1(count), out_size) &&
           mdg_may_share(s);
}

/* -- Values -- */

static inline bool mdg_within(int32_t x, int32_t lo, int32_t hi) {
    return x >= lo && x <= hi;
}

/* x fits a signed integer of that many bits. */
static inline bool mdg_is_int(int32_t x, int32_t bits) {
    return mdg_within(x, -(INT32_C(1) << (bits - 1)), (INT32_C(1) << (bits - 1)) - 1);
}

/* As mdg_requantize takes it */
static inline bool mdg_is_multiplier(int32_t mult, int32_t shift) {
    return mult >= 0 && mdg_within(shift, -31, 30);
}

/* The same for a factor of at most 1, which makes nothing larger */
static inline bool mdg_is_fraction(int32_t mult, int32_t shift) {
    return mult >= 0 && mdg_within(shift, -31, 0);
}

/* Constant inputs k (multipliers) and k + 1 (shifts) with `count` values each; shifts at most max_shift */
bool mdg_has_multipliers(const mdg_sizes *s, uint32_t k, uint32_t count, int32_t max_shift);

/* One axis of a window that slides */
typedef struct mdg_window_check {
    int32_t out, kernel, stride, dilation, pad;
} mdg_window_check;

/* All coordinates fit 32 bits. */
bool mdg_is_window(const mdg_window_check *w);

/* Windows along a line of `channels` each, without padding; steps in elements */
typedef struct mdg_line_check {
    int32_t channels, taps, outputs, tap_step, out_step;
} mdg_line_check;

/* Elements from the first that is read to the last; 0 where a count is none, or they are too many. */
uint32_t mdg_line_elements(const mdg_line_check *l);

/* The steps over a row of taps and from row to row fit, also where a kernel of one tap never takes them; for
 * two windows, over rows and over columns, of pictures with in_w columns. */
bool mdg_has_steps(const mdg_window_check *h, const mdg_window_check *w, int32_t in_w, int32_t in_c);

#endif
