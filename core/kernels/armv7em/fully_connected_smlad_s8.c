/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8: four outputs at a time; the input is spread to int16 once. Weights are packed two
 * outputs a word, as mac.h tells; the stream holds for 4 outputs: 4 biases | words, for 4 inputs (0 2) of a
 * and b, (0 2) of c and d, (1 3) of a and b, (1 3) of c and d. Sums of b and d hold 24 bits, so long inputs
 * come in chunks.
 */
#include "midge/kernel.h"
#include "../../simd32.h"

/* Sums of four outputs over a chunk: low and raw of a and b, then of c and d (mac.h) */
typedef struct mdg_fully_connected_sums {
    int32_t low[2], raw[2];
} mdg_fully_connected_sums;

/* Adds `blocks` times 4 inputs; returns the stream behind their weights. */
static inline const int32_t *fully_connected_smlad_add(mdg_fully_connected_sums *s, const uint32_t *x,
                                                       const int32_t *w, int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register int32_t low_a __asm__("r0") = s->low[0];
    register int32_t raw_a __asm__("r1") = s->raw[0];
    register int32_t low_c __asm__("r2") = s->low[1];
    register int32_t raw_c __asm__("r3") = s->raw[1];
    register int32_t skip __asm__("r10") = -blocks & 7;
    register const uint32_t *from __asm__("r11") = x;
    register const int32_t *stream __asm__("r12") = w;
    register const uint32_t *end __asm__("lr") = x + 2 * blocks;
    __asm__ volatile("adr.w r4, 1f\n"
                     "mov r5, #56\n" /* bytes of a block */
                     "mla r4, r10, r5, r4\n"
                     "add r4, #1\n"
                     "bx r4\n"
                     "1:\n"
                     ".rept 8\n"
                     "ldm r12!, {r4-r6, r8}\n"
                     "ldm r11!, {r9, r10}\n"
                     "smlad r1, r9, r4, r1\n"
                     "smlad r3, r9, r5, r3\n"
                     "sxtb16 r4, r4\n"
                     "sxtb16 r5, r5\n"
                     "smlad r0, r9, r4, r0\n"
                     "smlad r2, r9, r5, r2\n"
                     "smlad r1, r10, r6, r1\n"
                     "smlad r3, r10, r8, r3\n"
                     "sxtb16 r6, r6\n"
                     "sxtb16 r8, r8\n"
                     "smlad r0, r10, r6, r0\n"
                     "smlad r2, r10, r8, r2\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     : "+r"(low_a), "+r"(raw_a), "+r"(low_c), "+r"(raw_c), "+r"(skip), "+r"(from),
                       "+r"(stream), "+r"(end)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "cc", "memory");
    s->low[0] = low_a, s->raw[0] = raw_a, s->low[1] = low_c, s->raw[1] = raw_c;
    return stream;
#else
    for (const uint32_t *end = x + 2 * blocks; x != end; x++) {
        for (int32_t pair = 0; pair < 2; pair++, w++) {
            s->raw[pair] = mdg_smlad(*x, (uint32_t)*w, s->raw[pair]);
            s->low[pair] = mdg_smlad(*x, mdg_sxtb16((uint32_t)*w), s->low[pair]);
        }
    }
    return w;
#endif
}

/* Four outputs from the whole input; returns the stream behind them. */
static inline const int32_t *fully_connected_smlad_sums(const mdg_fully_connected_smlad_params *p,
                                                        const uint32_t *x, const int32_t *w, int32_t sum[4]) {
    mdg_fully_connected_sums s;
    for (int32_t i = 0; i < 4; i++) sum[i] = *w++;
    s.low[0] = sum[0];
    s.low[1] = sum[2];
    for (int32_t left = p->depth; left > 0; left -= p->chunk, x += p->chunk / 2) {
        s.raw[0] = s.low[0];
        s.raw[1] = s.low[1];
        w = fully_connected_smlad_add(&s, x, w, (left < p->chunk ? left : p->chunk) / 4);
        sum[1] += (int32_t)((uint32_t)s.raw[0] - (uint32_t)s.low[0]) >> 8;
        sum[3] += (int32_t)((uint32_t)s.raw[1] - (uint32_t)s.low[1]) >> 8;
    }
    sum[0] = s.low[0];
    sum[2] = s.low[1];
    return w;
}

static inline void fully_connected_smlad_spread(uint32_t *panel, const int8_t *x, int32_t n) {
    for (; n >= 4; n -= 4, x += 4) {
        const uint32_t word = mdg_load4(x);
        *panel++ = mdg_sxtb16(word);
        *panel++ = mdg_sxtb16_odd(word);
    }
    if (n == 0) return;
    int8_t rest[4] = {0, 0, 0, 0};
    memcpy(rest, x, (size_t)n);
    *panel++ = mdg_sxtb16(mdg_load4(rest));
    *panel++ = mdg_sxtb16_odd(mdg_load4(rest));
}

MDG_KERNEL void mdg_fully_connected_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_fully_connected_smlad_params *p = (const mdg_fully_connected_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_c] */
    const int32_t *stream = (const int32_t *)in[1];
    const int32_t *requant = (const int32_t *)in[2]; /* [out_c or 1][3]: multiplier, offset, shift */
    int8_t *y = (int8_t *)out[0];                    /* [batches][out_c] */
    uint32_t *panel = (uint32_t *)out[1];            /* scratch [depth / 2] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const int32_t *w = stream, *q = requant;
        fully_connected_smlad_spread(panel, x, p->in_c);
        for (int32_t left = p->out_c; left > 0; left -= 4) {
            int32_t sum[4];
            w = fully_connected_smlad_sums(p, panel, w, sum);
            for (int32_t i = 0; i < 4 && i < left; i++, q += p->requant_step)
                *y++ = (int8_t)mdg_ssat8(mdg_smmlar(sum[i] * 2, q[0], q[1] + (sum[i] >> 31)) >> q[2]);
        }
    }
}
