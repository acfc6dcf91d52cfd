/* SPDX-License-Identifier: MIT */
#include "data/noise.h"

mdg_noise mdg_noise_of(uint64_t seed, bool pink) {
    return (mdg_noise){.rng = mdg_rng_of(seed, 0), .pink = pink};
}

/* The sum of four uniform 16-bit numbers is close enough to normal, and much cheaper than a logarithm. */
static float white(mdg_rng *r) {
    const uint64_t u = mdg_rng_u64(r);
    const int sum = (int)(u & 0xffff) + (int)(u >> 16 & 0xffff) + (int)(u >> 32 & 0xffff) + (int)(u >> 48);
    return ((float)sum - 131070.0f) * (1.0f / 37837.2f); /* 65536 * sqrt(4 / 12) = 37837.2 */
}

/* Three poles that together fall 3 dB an octave within 0.5 dB: Paul Kellet's "economy" filter, musicdsp.org.
 * The last factor makes its deviation 1. */
float mdg_noise_next(mdg_noise *n) {
    const float w = white(&n->rng);
    if (!n->pink) return w;
    n->poles[0] = 0.99765f * n->poles[0] + 0.0990460f * w;
    n->poles[1] = 0.96300f * n->poles[1] + 0.2965164f * w;
    n->poles[2] = 0.57000f * n->poles[2] + 1.0526913f * w;
    return (n->poles[0] + n->poles[1] + n->poles[2] + 0.1848f * w) * 0.335681f;
}
