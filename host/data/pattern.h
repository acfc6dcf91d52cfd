/* SPDX-License-Identifier: MIT
 *
 * pattern.h: file names that carry labels and groups.
 *
 *     mdg_pattern_match m;
 *     mdg_pattern_apply("{label}_{group}_*.wav", "7_george_12.wav", &m);   // label "7", group "george"
 */
#ifndef MDG_PATTERN_H
#define MDG_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "util/diag.h"

typedef struct mdg_pattern_match {
    const char *label, *group; /* into the text; NULL = the pattern has no such field */
    size_t label_length, group_length;
} mdg_pattern_match;

/* `*` matches any run, {label} and {group} the shortest non-empty run that lets the rest match; none crosses
 * '/'. The whole text must match. */
bool mdg_pattern_apply(const char *pattern, const char *text, mdg_pattern_match *out);

/* MDG_INVALID for a field other than {label} and {group}, or one that occurs twice. */
mdg_status mdg_pattern_check(const char *pattern, mdg_diag *diag);

#endif
