/* SPDX-License-Identifier: MIT
 *
 * data.h: recordings of sound, of other sensors, or pictures in, labelled clips out.
 *
 *     mdg_data_opts opts = {.path = "recordings", .sample_rate = 16000, .clip_ms = 1000};
 *     mdg_dataset set;
 *     mdg_dataset_scan(&opts, arena, &set, diag);        // find files, labels, groups
 *     mdg_dataset_split(&set, &opts.split, diag);        // train, validation, test
 *     mdg_dataset_decode(&set, progress, diag);          // every clip to int16 mono at sample_rate
 *
 * Every clip is int16 [n_samples][channels]: sound at full scale; series of sensors with full_scale of each
 * channel as 32767; pictures as pixels of 0 to 255, row by row.
 *
 * Pictures with several objects each: opts.objects names a table with columns path, label, x and y, a line an
 * object: its centre in pixels from the upper left corner. A line without a label tells of a picture without
 * objects; pictures that the table does not name are not read. The group is the picture's folder.
 *
 * Which files are clips: those with a known extension (sound: wav, flac, ogg, mp3, ...; series: csv, tsv,
 * txt, wav; pictures: jpg, png, bmp, ..., or pairs of IDX files; case does not matter). Hidden files and
 * folders, and folders of `path` that begin with '_' (such as _background_noise_), are passed over; other
 * files are counted as ignored.
 *
 * Pattern: matched against the whole file name, with folders when it holds '/'. `*` is any run of characters,
 * {label} and {group} are the shortest non-empty runs that let the rest match; none of them crosses a '/'.
 * A pattern without {label} has "{label}/" put in front: NULL is "{label}/" "*", which is a folder of class
 * folders.
 */
#ifndef MDG_DATA_H
#define MDG_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/arena.h"
#include "util/diag.h"
#include "util/object.h"
#include "util/progress.h"

#define MDG_SPLIT_LIST(X) X(TRAIN, "train") X(VALIDATION, "validation") X(TEST, "test")

typedef enum mdg_split {
#define MDG_SPLIT_ENUM(name, text) MDG_SPLIT_##name,
    MDG_SPLIT_LIST(MDG_SPLIT_ENUM)
#undef MDG_SPLIT_ENUM
        MDG_SPLIT_COUNT
} mdg_split;

const char *mdg_split_text(mdg_split split);

typedef enum mdg_data_kind { MDG_DATA_AUDIO, MDG_DATA_SERIES, MDG_DATA_IMAGES } mdg_data_kind;

/* Whether the name ends as files of this kind do. */
bool mdg_data_is_clip(mdg_data_kind kind, const char *name);

enum { MDG_DATA_MAX_CHANNELS = 64, MDG_DATA_OBJECTS = 256 /* of a picture, at most */ };

typedef struct mdg_split_opts {
    const char *by;                 /* "file", "group" or "time"; NULL = "file" */
    float validation, test;         /* fractions */
    const char *const *test_groups; /* these groups are the test split, whole; with it `test` is ignored */
    int n_test_groups;
    const char *const *validation_groups; /* the same for validation */
    int n_validation_groups;
    uint64_t seed;
} mdg_split_opts;

typedef struct mdg_data_opts {
    mdg_data_kind kind;
    const char *path; /* folder of classes <label>/file, or with `pattern` a flat folder */
    const char
        *pattern; /* NULL, or e.g. "{label}_{group}_*.wav"; with class folders "{group}_*" gives the group */
    const char *const *labels; /* NULL = all found, sorted; else these in this order */
    int n_labels;
    const char *unknown;        /* NULL, or the label that all words outside `labels` get */
    const char *silence;        /* NULL, or the label of generated background clips */
    const char *background;     /* folder of long noise recordings for silence and mixing, or NULL */
    int sample_rate;            /* Hz */
    int clip_ms;                /* length that every clip is cut or padded to */
    int step_ms;                /* series: from window to window of a long recording; 0 = clip_ms */
    const char *const *columns; /* series: these columns in this order; NULL = all but those of time */
    int n_columns;
    const char *const *full_scale; /* series: for each column, or one for all; NULL = from the data */
    int n_full_scale;
    int image_h, image_w;     /* pictures are scaled to it; 0 = the size of the first */
    bool grey;                /* pictures: one channel */
    const char *objects;      /* pictures: table below path of what is where in them; NULL = a class each */
    const char *const *names; /* pictures of IDX files: of their classes 0, 1, ...; NULL = the numbers */
    int n_names;
    mdg_split_opts split;
} mdg_data_opts;

typedef struct mdg_clip {
    const char *path;
    int label;         /* index into labels; with objects, that of the first, 0 where there are none */
    const char *group; /* speaker, machine, ...; "" = none */
    mdg_split split;
    size_t start; /* series: first sample within the recording at path; pictures of IDX: number in the file */
    bool generated;   /* a silence clip: made by mdg_dataset_decode, path is "<silence>:<number>" */
    int16_t *samples; /* [n_samples][channels], after mdg_dataset_decode */
    size_t n_samples;
    mdg_object *objects; /* in pixels of the file until the picture is decoded */
    int n_objects;
} mdg_clip;

/* Whether the clip is of the class, or the picture has an object of it. */
bool mdg_clip_holds(const mdg_clip *clip, int label);

/* With opts->objects, label 0: where there is no object. */
#define MDG_DATA_NO_OBJECT "background"

typedef struct mdg_skipped {
    const char *path;
    const char *cause;
} mdg_skipped;

typedef struct mdg_dataset {
    mdg_arena *arena;
    const mdg_data_opts *opts;
    int n_labels, n_clips, n_skipped, n_backgrounds;
    int n_ignored;                           /* files that are no audio, or of words that are not wanted */
    int channels;                            /* values of a sample */
    const char **channel_names;              /* series: [channels] */
    float full_scale[MDG_DATA_MAX_CHANNELS]; /* series: what 32767 stands for, in the unit of the column */
    int image_h, image_w;                    /* pictures */
    const char **labels;
    mdg_clip *clips;       /* sorted by path, generated ones last */
    mdg_clip *backgrounds; /* decoded noise recordings */
    mdg_skipped *skipped;  /* files that could not be decoded, with the cause: listed, counted, left out */
} mdg_dataset;

/* Finds clips. opts must outlive out. Labels are opts->labels, or all words found in byte order; `unknown`
 * and `silence` follow unless they are among them. Of silence, as many clips are generated as a word has on
 * average. Audio files whose name does not match the pattern are skipped with that cause. Returns MDG_OK;
 * MDG_NOT_FOUND for a missing folder; MDG_INVALID for an empty class, no class at all, a pattern that matches
 * nothing, or options that contradict each other. */
mdg_status mdg_dataset_scan(const mdg_data_opts *opts, mdg_arena *arena, mdg_dataset *out, mdg_diag *diag);

/* By time, each recording's windows go to training, validation and test in this order; windows that reach,
 * with half a window on each side, over a border between two splits are left out. Gives every clip its split,
 * seeded and stratified by label. No clip and, by group, no group is in two splits. Groups listed for test or
 * validation go there whole; then the clips that metadata.csv, as `midge data import` writes it, has as
 * validation or test, in place of that fraction; the fractions then divide the rest. Generated clips are
 * divided as the recordings are. By file, a class of three clips or more has one in each split with a
 * fraction. Returns MDG_OK; MDG_INVALID for fractions that leave nothing, a group that does not exist or is
 * listed twice, groups too few for the splits, or a class that is left without training clips. */
mdg_status mdg_dataset_split(mdg_dataset *set, const mdg_split_opts *opts, mdg_diag *diag);

/* Decodes all clips, with a thread per processor (four at most); corrupt, empty or very short ones (under 20
 * ms) move to `skipped`. Of a recording that is longer than two windows of clip_ms, only the two windows
 * around its loudest part are kept. Silence clips are cut from the background recordings, of which each split
 * has a part of its own, or are soft noise. Returns MDG_OK; MDG_INTERRUPTED when progress says so;
 * MDG_INVALID when a class is left without training clips, or no background recording can be decoded. */
mdg_status mdg_dataset_decode(mdg_dataset *set, const mdg_progress *progress, mdg_diag *diag);

/* Prints clips by class and split, groups, and what was skipped. */
void mdg_dataset_print(const mdg_dataset *set, FILE *out);

/* Writes the split as a table separated by tabs: path, label, group, split, start; one line a clip after a
 * header.
 */
mdg_status mdg_dataset_write_split(const mdg_dataset *set, const char *path, mdg_diag *diag);

/* Samples in a window of clip_ms; pixels of a picture. */
size_t mdg_data_window(const mdg_data_opts *opts);
size_t mdg_dataset_window(const mdg_dataset *set);

/* One audio file (anything FFmpeg reads, mixed down to mono) to int16 at sample_rate.
 * Returns MDG_OK; MDG_NOT_FOUND; MDG_INVALID when it is no audio, damaged, cut short or empty. */
mdg_status mdg_audio_decode(const char *path, int sample_rate, mdg_arena *arena, int16_t **samples,
                            size_t *n_samples, mdg_diag *diag);

/* Writes a 16-bit mono WAV file. */
mdg_status mdg_audio_write_wav(const char *path, const int16_t *samples, size_t n, int sample_rate,
                               mdg_diag *diag);

/* First sample of the loudest (by energy) run of `window` samples; 0 when there are no more than that. */
size_t mdg_audio_loudest(const int16_t *samples, size_t n, size_t window);

#endif
