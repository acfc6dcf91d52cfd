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

static inline int32_t mdg_pairs_taps(uint8_t group) {
    return mdg_pairs_is_last(group) ? MDG_PAIRS_LONGEST_LAST - (group - MDG_PAIRS_LAST) / MDG_PAIRS_TAP
                                    : MDG_PAIRS_LONGEST - group / MDG_PAIRS_TAP;
}

#endif
