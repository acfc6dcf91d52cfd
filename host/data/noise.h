/* SPDX-License-Identifier: MIT
 *
 * noise.h: white and pink noise, for silence clips and for mixing where there are no recordings.
 */
#ifndef MDG_NOISE_H
#define MDG_NOISE_H

#include <stdbool.h>

#include "util/rng.h"

typedef struct mdg_noise {
    mdg_rng rng;
    bool pink;
    float poles[3];
} mdg_noise;

mdg_noise mdg_noise_of(uint64_t seed, bool pink);

/* The next sample: mean 0, deviation 1. */
float mdg_noise_next(mdg_noise *n);

#endif
