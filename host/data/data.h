/* SPDX-License-Identifier: MIT
 *
 * data.h: recordings in, labelled clips out.
 *
 *     mdg_data_opts opts = {.path = "recordings", .sample_rate = 16000};
 *     mdg_dataset set;
 *     mdg_dataset_scan(&opts, arena, &set, diag);        // find files, labels, groups
 *     mdg_dataset_split(&set, &opts.split, diag);        // train, validation, test
 *     mdg_dataset_decode(&set, progress, diag);          // every clip to int16 mono at sample_rate
 */
#ifndef MDG_DATA_H
#define MDG_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/arena.h"
#include "util/diag.h"
#include "util/progress.h"

typedef enum mdg_split { MDG_SPLIT_TRAIN, MDG_SPLIT_VALIDATION, MDG_SPLIT_TEST, MDG_SPLIT_COUNT } mdg_split;

typedef struct mdg_split_opts {
    const char *by;              /* "file" or "group"; NULL = "file" */
    float validation, test;      /* fractions */
    const char *const *test_groups; /* these groups are the test split, whole; with it `test` is ignored */
    int n_test_groups;
    const char *const *validation_groups; /* the same for validation */
    int n_validation_groups;
    uint64_t seed;
} mdg_split_opts;

typedef struct mdg_data_opts {
    const char *path;            /* folder of classes <label>/file, or with `pattern` a flat folder */
    const char *pattern;         /* NULL, or e.g. "{label}_{group}_*.wav"; with class folders "{group}_*" gives the group */
    const char *const *labels;   /* NULL = all found, sorted; else these in this order */
    int n_labels;
    const char *unknown;         /* NULL, or the label that all words outside `labels` get */
    const char *silence;         /* NULL, or the label of generated background clips */
    const char *background;      /* folder of long noise recordings for silence and mixing, or NULL */
    int sample_rate;             /* Hz */
    int clip_ms;                 /* length that every clip is cut or padded to */
    mdg_split_opts split;
} mdg_data_opts;

typedef struct mdg_clip {
    const char *path;
    int label;                   /* index into labels */
    const char *group;           /* speaker, machine, ...; "" = none */
    mdg_split split;
    int16_t *samples;            /* [n_samples], after mdg_dataset_decode */
    size_t n_samples;
} mdg_clip;

typedef struct mdg_skipped {
    const char *path;
    const char *cause;
} mdg_skipped;

typedef struct mdg_dataset {
    mdg_arena *arena;
    const mdg_data_opts *opts;
    int n_labels, n_clips, n_skipped, n_backgrounds;
    const char **labels;
    mdg_clip *clips;
    mdg_clip *backgrounds;       /* decoded noise recordings */
    mdg_skipped *skipped;        /* files that could not be decoded, with the cause: listed, counted, left out */
} mdg_dataset;

/* An empty class, no class at all, or a pattern that matches nothing is MDG_INVALID. */
mdg_status mdg_dataset_scan(const mdg_data_opts *opts, mdg_arena *arena, mdg_dataset *out, mdg_diag *diag);

/* Seeded and stratified by label; no clip and, by group, no group in two splits. */
mdg_status mdg_dataset_split(mdg_dataset *set, const mdg_split_opts *opts, mdg_diag *diag);

/* Decodes all clips; corrupt or empty ones move to `skipped`. Stops with MDG_INTERRUPTED. */
mdg_status mdg_dataset_decode(mdg_dataset *set, const mdg_progress *progress, mdg_diag *diag);

/* Prints clips by class and split, groups, and what was skipped. */
void mdg_dataset_print(const mdg_dataset *set, FILE *out);

/* One audio file (anything FFmpeg reads, mixed down to mono) to int16 at sample_rate. */
mdg_status mdg_audio_decode(const char *path, int sample_rate, mdg_arena *arena, int16_t **samples, size_t *n_samples,
                            mdg_diag *diag);

/* Writes a 16-bit mono WAV file. */
mdg_status mdg_audio_write_wav(const char *path, const int16_t *samples, size_t n, int sample_rate, mdg_diag *diag);

#endif
