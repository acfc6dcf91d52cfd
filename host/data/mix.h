/* SPDX-License-Identifier: MIT
 *
 * mix.h: two clips in one, for learning between classes (Tokozume et al., "Learning from between-class
 * examples for deep sound recognition", 2018). What is heard of each follows from the share, whatever their
 * levels; the truth is mixed by the same share.
 */
#ifndef MDG_MIX_H
#define MDG_MIX_H

#include <stddef.h>
#include <stdint.h>

/* Sound: a becomes a mixture in which a is heard to `share` and b to the rest, as loud as either alone would
 * be on average. */
void mdg_mix_sound(int16_t *a, const int16_t *b, size_t n, float share);

/* Series: a becomes share * a + (1 - share) * b. */
void mdg_mix_series(int16_t *a, const int16_t *b, size_t n, float share);

#endif
