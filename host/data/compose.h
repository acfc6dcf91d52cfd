/* SPDX-License-Identifier: MIT
 *
 * compose.h: hours of sound to judge a detector on, made of the clips of one split over a bed of background,
 * with a list of what is said when.
 */
#ifndef MDG_COMPOSE_H
#define MDG_COMPOSE_H

#include "data/data.h"

typedef struct mdg_compose_opts {
    double hours;
    double clips_per_hour;
    double
        target_share; /* of the clips: those of the classes in is_target, each class alike; others the rest */
    const bool *is_target;        /* [n_labels] */
    float snr_min_db, snr_max_db; /* clip over bed, drawn anew with each background */
    mdg_split split;
    uint64_t seed;
} mdg_compose_opts;

typedef struct mdg_composed_event {
    double start_s, end_s; /* where the clip is louder than a twentieth of its peak */
    int label;
    const char *path;
} mdg_composed_event;

typedef struct mdg_composed {
    int16_t *samples;
    size_t n;
    mdg_composed_event *events; /* in order */
    int n_events;
} mdg_composed;

/* Clips do not overlap; gaps between them vary. The bed is of the backgrounds of the split
 * (soft pink noise when there are none). Deterministic by seed. Returns MDG_OK; MDG_INVALID when the split
 * has no recorded clip, or the options leave no room. */
mdg_status mdg_compose(const mdg_dataset *set, const mdg_compose_opts *opts, mdg_arena *arena,
                       mdg_composed *out, mdg_diag *diag);

/* start,end,label,path: what mdg_truth_read takes. */
mdg_status mdg_compose_write_truth(const mdg_composed *c, const char *const *labels, const char *path,
                                   mdg_diag *diag);

#endif
