/* SPDX-License-Identifier: MIT
 *
 * rng.h: random numbers that are the same on every machine. A generator is one word of state (SplitMix64,
 * Steele et al. 2014); mdg_rng_of makes independent streams from a seed and a stream number.
 */
#ifndef MDG_RNG_H
#define MDG_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct mdg_rng {
    uint64_t state;
} mdg_rng;

mdg_rng mdg_rng_of(uint64_t seed, uint64_t stream);
uint64_t mdg_rng_u64(mdg_rng *r);
uint32_t mdg_rng_below(mdg_rng *r, uint32_t n);              /* uniform in [0, n), n > 0, unbiased */
float mdg_rng_uniform(mdg_rng *r, float lo, float hi);       /* uniform in [lo, hi) */
float mdg_rng_normal(mdg_rng *r);                            /* mean 0, deviation 1 */
void mdg_rng_shuffle(mdg_rng *r, uint32_t *items, size_t n); /* Fisher-Yates */

#endif
