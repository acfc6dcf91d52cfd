/* SPDX-License-Identifier: MIT
 *
 * store.h: the files of a recording: their numbers, .part until they are whole, and taking up what a
 * recording left behind that was killed.
 */
#ifndef MDG_RECORD_STORE_H
#define MDG_RECORD_STORE_H

#include <jansson.h>
#include <stdio.h>

#include "record/record.h"

enum { MDG_STORE_PATH = 4096, MDG_WAV_HEAD = 44 };

typedef struct mdg_store {
    const mdg_record_opts *opts;
    const char *extension; /* "csv" */
    int number;            /* of the last file; 0 = none yet */
    FILE *stream;          /* of the file at work, or NULL */
    char stem[MDG_STORE_PATH];
} mdg_store;

/* Makes DIR/<label>, and finishes .part files below DIR that nobody writes any more: whole rows and samples
 * are kept. tally->recovered counts them. */
mdg_status mdg_store_open(mdg_store *s, const mdg_record_opts *opts, const char *extension,
                          mdg_record_tally *tally, mdg_diag *diag);

/* The next file: s->stream. `about` (taken over) is what is known of it; label, group, notes, device and
 * start are added. */
mdg_status mdg_store_begin(mdg_store *s, json_t *about, mdg_diag *diag);
/* What is written reaches the system: a killed program loses none of it. Fails at once after a write that
 * failed, with errno's cause. */
mdg_status mdg_store_flush(mdg_store *s, mdg_diag *diag);
/* Ends the file at work, if any, and gives it its name; `about` (taken over) updates what was said of it. */
mdg_status mdg_store_end(mdg_store *s, json_t *about, mdg_record_tally *tally, mdg_diag *diag);

/* The head of a mono 16-bit WAV file that holds so many bytes of sound. */
void mdg_wav_head(uint8_t head[MDG_WAV_HEAD], int sample_rate, uint32_t bytes);

#endif
