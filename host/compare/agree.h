/* SPDX-License-Identifier: MIT
 *
 * agree.h: the outputs of a model, computed on two machines: do they agree?
 *
 * Integers must be the same bytes. Floats may be apart by MDG_AGREE_ABSOLUTE + MDG_AGREE_RELATIVE times the
 * value: functions such as exp and tanh come from each machine's own mathematical library, which rounds the
 * last bits its own way. NaN agrees with NaN.
 */
#ifndef MDG_AGREE_H
#define MDG_AGREE_H

#include "lower/program.h"

#define MDG_AGREE_ABSOLUTE 1e-6
#define MDG_AGREE_RELATIVE 1e-5

typedef struct mdg_agreement {
    int differing, first; /* how many of the inferences do not agree, and the first of them */
    bool has_floats;
    double largest; /* difference of two floats; INFINITY: one of them is not finite */
} mdg_agreement;

/* `here` and `there` hold the outputs of n inferences, one after the other. */
mdg_agreement mdg_agree(const mdg_program *p, const uint8_t *here, const uint8_t *there, int n);

#endif
