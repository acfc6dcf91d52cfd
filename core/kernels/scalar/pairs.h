/* SPDX-License-Identifier: MIT
 *
 * pairs.h: the matrix core of the convolutions for processors without SIMD: 4 pixels by all output channels,
 * two pixels a multiplication.
 *
 * Panel. For each tap (input channel of a place of the window) two words, p + 65536 q of the pixels 0 and 1,
 * and of 2 and 3. A word times a weight w is p w + 65536 q w, and sums of such products are A + 65536 B
 * modulo 2^32. As long as A and B have 16 bits, which the weights alone decide, they can be told apart. So
 * the taps of a channel come in groups that keep within that; after each
 *
 *     sum  += group                               modulo 2^32
 *     high += (group + 32768) >> 16               = B of the group
 *
 * and in the end B = high, A = sum - 65536 high, exactly.
 *
 * Weights. [blocks of 8 channels][depth][8]: a tap's weight of a channel stands 8 bytes behind that of the
 * tap before, as do the panel's words, so one index serves both.
 *
 * Factors, for each channel: bias (which contains the input's zero point) and those of requantize.h, three
 * words.
 */
#ifndef MDG_SCALAR_PAIRS_H
#define MDG_SCALAR_PAIRS_H

#include "../../simd32.h"
#include "../armv6m/pairs_run.h"
#include "pairs_groups.h"
#include "requantize.h"

enum { MDG_PAIRS_LANES = 8 }; /* channels whose weights of a tap are neighbours */

/* A run over all channels, which uses it up; the assembly knows where fields stand. */
typedef struct mdg_pairs {
    const uint32_t *panel;  /* [depth][2] */
    const int8_t *w;        /* of the channel's first tap */
    const uint8_t *groups;  /* of the channel */
    const int32_t *factors; /* of the channel */
    int8_t *y;              /* [4][out_c], first pixel */
    int32_t channel, out_c;
    int32_t block;   /* bytes from a block of weights to the next, less the lanes */
    int32_t general; /* requantize.h */
} mdg_pairs;

/* Sums of two words' pixels, as they grow */
typedef struct mdg_pairs_sums {
    uint32_t sum[2], high[2];
} mdg_pairs_sums;

#define MDG_PAIRS_STEP(i)                                                                                    \
    weight = (uint32_t)(int32_t)w[-MDG_PAIRS_LANES * i];                                                     \
    first += x[-2 * i] * weight;                                                                             \
    second += x[-2 * i + 1] * weight;
#define MDG_PAIRS_CASE(i)                                                                                    \
case i: MDG_PAIRS_STEP(i) MDG_FALLTHROUGH;

/* One group of `taps` taps; x, w: behind the last. Without a loop: it would cost as much as the products.
 * long: one case for each number of taps */
static inline void mdg_pairs_add(const uint32_t *x, const int8_t *w, int32_t taps, mdg_pairs_sums *s) {
    uint32_t first = 0, second = 0, weight;
    switch (taps) {
        MDG_PAIRS_CASE(16)
        MDG_PAIRS_CASE(15)
        MDG_PAIRS_CASE(14)
        MDG_PAIRS_CASE(13)
        MDG_PAIRS_CASE(12)
        MDG_PAIRS_CASE(11)
        MDG_PAIRS_CASE(10)
        MDG_PAIRS_CASE(9)
        MDG_PAIRS_CASE(8)
        MDG_PAIRS_CASE(7)
        MDG_PAIRS_CASE(6)
        MDG_PAIRS_CASE(5)
        MDG_PAIRS_CASE(4)
        MDG_PAIRS_CASE(3)
        MDG_PAIRS_CASE(2)
    case 1: MDG_PAIRS_STEP(1) break;
    default: __builtin_unreachable();
    }
    s->sum[0] += first, s->sum[1] += second;
    s->high[0] += (uint32_t)((int32_t)(first + 32768u) >> 16);
    s->high[1] += (uint32_t)((int32_t)(second + 32768u) >> 16);
}

/* The four pixels' outputs */
static inline void mdg_pairs_put(const mdg_pairs *m, const mdg_pairs_sums *s) {
    const mdg_scalar_factors f = mdg_scalar_factors_of(m->factors + 1);
    const int32_t out_c = m->out_c, general = m->general;
    int8_t *y = m->y;
    y[0] = mdg_scalar_requantize((int32_t)(s->sum[0] - (s->high[0] << 16)), &f, general);
    y[out_c] = mdg_scalar_requantize((int32_t)s->high[0], &f, general);
    y[2 * out_c] = mdg_scalar_requantize((int32_t)(s->sum[1] - (s->high[1] << 16)), &f, general);
    y[3 * out_c] = mdg_scalar_requantize((int32_t)s->high[1], &f, general);
}

/* Four outputs of one channel; returns the groups of the next. */
static inline const uint8_t *mdg_pairs_channel(const mdg_pairs *m) {
    const uint32_t bias = (uint32_t)m->factors[0], *x = m->panel;
    mdg_pairs_sums s = {{bias * 65537u, bias * 65537u}, {bias, bias}};
    const uint8_t *group = m->groups;
    const int8_t *w = m->w;
    for (int is_last = 0; !is_last; group++) {
        const int32_t taps = mdg_pairs_taps(*group);
        is_last = mdg_pairs_is_last(*group);
        x += 2 * taps;
        w += MDG_PAIRS_LANES * taps;
        mdg_pairs_add(x, w, taps, &s);
    }
    mdg_pairs_put(m, &s);
    return group;
}

/* All channels of four pixels */
static MDG_NOINLINE void mdg_pairs_run(mdg_pairs *m) {
#if defined(__ARM_ARCH_6M__)
    register mdg_pairs *r0 __asm__("r0") = m;
    __asm__ volatile(MDG_ARMV6M_PAIRS
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    while (m->channel < m->out_c) {
        m->groups = mdg_pairs_channel(m);
        m->factors += 3;
        m->y++;
        m->w++;
        if (++m->channel % MDG_PAIRS_LANES == 0) m->w += m->block;
    }
#endif
}

/* Before every panel of a layer; in: weights, groups, factors from 1 on */
static inline void mdg_pairs_start(mdg_pairs *m, const void *const *in, int32_t depth, int32_t out_c,
                                   int32_t general) {
    m->w = (const int8_t *)in[1];
    m->groups = (const uint8_t *)in[2];
    m->factors = (const int32_t *)in[3];
    m->channel = 0;
    m->out_c = out_c;
    m->block = MDG_PAIRS_LANES * (depth - 1);
    m->general = general;
}

/* Four pixels' channels to y, of which `left` exist, or more; `rest` holds [4][out_c]. */
static inline void mdg_pairs_pixels(mdg_pairs *m, int8_t *y, int8_t *rest, int32_t left) {
    m->y = left < 4 ? rest : y;
    mdg_pairs_run(m);
    if (left < 4) memcpy(y, rest, (size_t)(left * m->out_c));
}

/* Spreads n values, at least one, of each of four pixels to a panel; returns its end. */
static MDG_NOINLINE uint32_t *mdg_pairs_spread(uint32_t *panel, const int8_t *const x[4], int32_t n) {
#if defined(__ARM_ARCH_6M__)
    register uint32_t *to __asm__("r0") = panel;
    register const int8_t *const *from __asm__("r1") = x;
    register int32_t count __asm__("r2") = n;
    __asm__ volatile(MDG_ARMV6M_PAIRS_SPREAD
                     : "+r"(to), "+r"(from), "+r"(count)
                     :
                     : "r3", "r4", "r5", "r6", "cc", "memory");
    return to;
#else
    const int8_t *a = x[0], *b = x[1], *c = x[2], *d = x[3];
    for (int32_t i = 0; i < n; i++, panel += 2) {
        panel[0] = (uint32_t)a[i] + ((uint32_t)b[i] << 16);
        panel[1] = (uint32_t)c[i] + ((uint32_t)d[i] << 16);
    }
    return panel;
#endif
}

#endif
