/* SPDX-License-Identifier: MIT
 *
 * pairs_groups.h: how the lengths of groups are written (pairs.h), for the kernels and for what makes their
 * weights.
 *
 * A byte stands for each group. It is a distance in the code for ARMv6-M, in which a tap takes 12 bytes: from
 * where the longest group begins, and for the last group of a channel from behind what ends the others.
 */
#ifndef MDG_SCALAR_PAIRS_GROUPS_H
#define MDG_SCALAR_PAIRS_GROUPS_H

#include <stdint.h>

enum {
    MDG_PAIRS_LONGEST = 16,     /* taps of a group */
    MDG_PAIRS_LONGEST_LAST = 4, /* of the last group of a channel */
    MDG_PAIRS_TAP = 12,
    MDG_PAIRS_LAST = (MDG_PAIRS_LONGEST - 1) * MDG_PAIRS_TAP + 18
};

static inline uint8_t mdg_pairs_group(int32_t taps, int is_last) {
    return (uint8_t)(is_last ? MDG_PAIRS_LAST + (MDG_PAIRS_LONGEST_LAST - taps) * MDG_PAIRS_TAP
                             : (MDG_PAIRS_LONGEST - taps) * MDG_PAIRS_TAP);
}

static inline int mdg_pairs_is_last(uint8_t group) {
    return group >= MDG_PAIRS_LAST;
}

/* A twelfth by multiplication, exact for a byte: processors divide slowly. */
static inline int32_t mdg_pairs_taps(uint8_t group) {
    const int is_last = mdg_pairs_is_last(group);
    const uint32_t distance = (uint32_t)group - (is_last ? MDG_PAIRS_LAST : 0);
    return (is_last ? MDG_PAIRS_LONGEST_LAST : MDG_PAIRS_LONGEST) - (int32_t)(distance * 171u >> 11);
}

#endif
