/* SPDX-License-Identifier: MIT
 *
 * noise.h: what the simulated sensors of the examples share.
 */
#ifndef EXAMPLES_NOISE_H
#define EXAMPLES_NOISE_H

#include <stdint.h>

/* 0 to 1 */
static inline double uniform(uint32_t *random) {
    *random = *random * 1664525u + 1013904223u;
    return (*random >> 8) / 16777216.0;
}

/* Of deviation 1, nearly normal */
static inline double gaussian(uint32_t *random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += uniform(random);
    return sum;
}

#endif
