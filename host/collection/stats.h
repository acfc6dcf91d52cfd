/* SPDX-License-Identifier: MIT
 *
 * stats.h: figures of a data set, from its index: of all, of each class, of each group; and what looks wrong.
 */
#ifndef MDG_STATS_H
#define MDG_STATS_H

#include "collection/index.h"

typedef struct mdg_stats_row {
    const char *name;                        /* of the class or group */
    int64_t files, unreadable;               /* unreadable ones count in files alone */
    int64_t samples;                         /* of all files */
    double total, shortest, median, longest; /* seconds; 0 = not known (tables without a rate, pictures) */
    double rms, peak;                        /* full scale is 1 */
    double clipped;                          /* share of values */
} mdg_stats_row;

typedef struct mdg_stats_format {
    mdg_data_kind kind;
    int rate, channels, height, width;
    int64_t files;
} mdg_stats_format;

typedef struct mdg_stats {
    mdg_stats_row all;
    mdg_stats_row *labels, *groups; /* by name; groups without those that have none */
    int n_labels, n_groups;
    mdg_stats_format *formats; /* most frequent first */
    int n_formats;
} mdg_stats;

mdg_status mdg_stats_of(mdg_index *index, mdg_arena *arena, mdg_stats *out, mdg_diag *diag);

#define MDG_FINDING_LIST(F)                                                                                  \
    F(UNREADABLE, "unreadable")                                                                              \
    F(CONFLICT, "conflict")   /* the same content under two labels */                                        \
    F(DUPLICATE, "duplicate") /* the same content twice under one */                                         \
    F(SILENT, "silent")       /* sound below -60 dB, a sensor that stands still, a picture of one colour */  \
    F(SHORT, "short")         /* sound of less than 100 ms */                                                \
    F(CLIPPED, "clipped")     /* more than 1 % of the values at full scale */                                \
    F(UNIT, "unit")           /* sound beyond twice full scale: its values are of another unit */            \
    F(NO_NUMBER, "no number") /* NaN or infinite */                                                          \
    F(LENGTH, "length")       /* far from the median of its class */                                         \
    F(LEVEL, "level")

typedef enum mdg_finding_kind {
#define MDG_FINDING_ENUM(name, text) MDG_FINDING_##name,
    MDG_FINDING_LIST(MDG_FINDING_ENUM)
#undef MDG_FINDING_ENUM
        MDG_FINDING_COUNT
} mdg_finding_kind;

const char *mdg_finding_text(mdg_finding_kind kind);

typedef struct mdg_finding {
    mdg_finding_kind kind;
    const char *path, *label;
    const char *text; /* what is wrong with it */
} mdg_finding;

typedef mdg_status (*mdg_finding_visit)(void *context, const mdg_finding *finding);

/* Suspicious files, kind by kind in the order of the list, by path. Far from the median is: beyond 5
 * deviations (1.4826 times the median distance from the median), and at least half as long again or 6 dB
 * away; in classes of 8 files or more. Returns MDG_OK, MDG_IO, or what visit returned that was not MDG_OK. */
mdg_status mdg_stats_findings(mdg_index *index, mdg_finding_visit visit, void *context, mdg_diag *diag);

#endif
