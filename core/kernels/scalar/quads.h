/* SPDX-License-Identifier: MIT
 *
 * quads.h: a row of outputs of one channel, from a plane of its inputs, one word each, with the padding in
 * place: four outputs at a time.
 *
 * Columns of the plane that a step of `stride` takes stand together: column i is word i / stride of phase i %
 * stride. So the inputs of neighbouring outputs are neighbours, whatever the stride.
 */
#ifndef MDG_SCALAR_QUADS_H
#define MDG_SCALAR_QUADS_H

#include "../../simd32.h"
#include "../armv6m/quads_run.h"
#include "requantize.h"

enum { MDG_QUADS_UNROLL = 9, MDG_QUADS_TAP_BYTES = 22 }; /* of the loop over taps in assembly */

typedef struct mdg_quads_tap {
    int32_t step; /* bytes from behind the four words of this tap to those of the next */
    int32_t weight;
} mdg_quads_tap;

/* A row, which its run uses up; the assembly knows where fields stand. */
typedef struct mdg_quads {
    const int32_t
        *x; /* of the first tap of the next outputs; the last four may reach 3 words behind the row */
    const mdg_quads_tap *taps;
    int32_t bias;
    int32_t entry; /* bytes of the unrolled loop that its first round leaves out */
    mdg_scalar_factors factors;
    int8_t *y;
    const mdg_quads_tap *taps_end;
    int8_t *y_end;
    int32_t y_step; /* from one output to the next */
    int32_t general;
} mdg_quads;

/* What all rows of a layer have in common */
static inline void mdg_quads_start(mdg_quads *m, const mdg_quads_tap *taps, int32_t count, int32_t y_step,
                                   int32_t general) {
    int32_t rest = count;
    while (rest > MDG_QUADS_UNROLL) rest -= MDG_QUADS_UNROLL;
    m->taps = taps;
    m->taps_end = taps + count;
    m->entry = (MDG_QUADS_UNROLL - rest) * MDG_QUADS_TAP_BYTES;
    m->y_step = y_step;
    m->general = general;
}

/* Four outputs' sums; m: a copy, which no output can overlap */
static inline void mdg_quads_sums(const mdg_quads *m, const int32_t *x, uint32_t sum[4]) {
    uint32_t s0 = (uint32_t)m->bias, s1 = s0, s2 = s0, s3 = s0;
    for (const mdg_quads_tap *tap = m->taps; tap != m->taps_end; tap++) {
        const uint32_t weight = (uint32_t)tap->weight;
        s0 += (uint32_t)x[0] * weight;
        s1 += (uint32_t)x[1] * weight;
        s2 += (uint32_t)x[2] * weight;
        s3 += (uint32_t)x[3] * weight;
        x = (const int32_t *)(const void *)((const uint8_t *)(x + 4) + tap->step);
    }
    sum[0] = s0, sum[1] = s1, sum[2] = s2, sum[3] = s3;
}

/* All outputs in C; the last four words may lie behind the row, their outputs are not written. */
static inline void mdg_quads_outputs(mdg_quads m) {
    for (; m.y != m.y_end; m.x += 4) {
        uint32_t sum[4];
        mdg_quads_sums(&m, m.x, sum);
        for (int32_t i = 0; i < 4 && m.y != m.y_end; i++, m.y += m.y_step)
            *m.y = mdg_scalar_requantize((int32_t)sum[i], &m.factors, m.general);
    }
}

/* At least one output */
static MDG_NOINLINE void mdg_quads_run(mdg_quads *m) {
#if defined(__ARM_ARCH_6M__)
    register mdg_quads *r0 __asm__("r0") = m;
    __asm__ volatile(MDG_ARMV6M_QUADS
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    mdg_quads_outputs(*m);
#endif
}

#endif
