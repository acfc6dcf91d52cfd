/* SPDX-License-Identifier: MIT
 *
 * clips.h: samples to WAV files, cut by length or at pauses.
 */
#ifndef MDG_RECORD_CLIPS_H
#define MDG_RECORD_CLIPS_H

#include "record/store.h"
#include "util/arena.h"

enum { MDG_CLIPS_BLOCK = 256 };

typedef struct mdg_clips {
    const mdg_record_opts *opts;
    mdg_record_tally *tally;
    mdg_store store;
    int rate;
    uint64_t limit, clip_limit; /* samples: of all, of a clip; 0 = none */
    uint64_t in_clip, taken;
    int16_t *pending; /* quiet samples that may yet belong to a clip; NULL = pauses do not matter */
    size_t n_pending, pause, margin, block;
    int16_t quiet; /* a block of samples below this is quiet */
} mdg_clips;

/* The memory for pauses is in the arena. */
mdg_status mdg_clips_open(mdg_clips *c, const mdg_record_opts *opts, mdg_record_tally *tally,
                          mdg_arena *arena, mdg_diag *diag);
mdg_status mdg_clips_take(mdg_clips *c, const int16_t *samples, size_t n, mdg_diag *diag);
bool mdg_clips_complete(const mdg_clips *c);
/* To the disk, with a head that tells the truth. */
mdg_status mdg_clips_flush(mdg_clips *c, mdg_diag *diag);
mdg_status mdg_clips_close(mdg_clips *c, mdg_diag *diag);

#endif
