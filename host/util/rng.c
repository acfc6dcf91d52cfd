/* SPDX-License-Identifier: MIT */
#include "util/rng.h"

#include <math.h>

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 */
static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

mdg_rng mdg_rng_of(uint64_t seed, uint64_t stream) {
    return (mdg_rng){mix(seed) ^ mix(stream * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u)};
}

uint64_t mdg_rng_u64(mdg_rng *r) {
    r->state += 0x9e3779b97f4a7c15u;
    return mix(r->state);
}

uint32_t mdg_rng_below(mdg_rng *r, uint32_t n) {
    const uint32_t limit = UINT32_MAX - UINT32_MAX % n;
    uint32_t x;
    do x = (uint32_t)(mdg_rng_u64(r) >> 32);
    while (x >= limit);
    return x % n;
}

float mdg_rng_uniform(mdg_rng *r, float lo, float hi) {
    return lo + (hi - lo) * (float)(mdg_rng_u64(r) >> 40) * 0x1p-24f;
}

float mdg_rng_normal(mdg_rng *r) {
    const double u = ((double)(mdg_rng_u64(r) >> 11) + 1.0) * 0x1p-53;
    const double v = (double)(mdg_rng_u64(r) >> 11) * 0x1p-53;
    return (float)(sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v));
}

void mdg_rng_shuffle(mdg_rng *r, uint32_t *items, size_t n) {
    for (size_t i = n; i > 1; i--) {
        const size_t j = mdg_rng_below(r, (uint32_t)i);
        const uint32_t t = items[i - 1];
        items[i - 1] = items[j];
        items[j] = t;
    }
}
