/* SPDX-License-Identifier: MIT
 *
 * convert.h: data sets from one format to another, a clip at a time: a source gives clips, a sink takes them.
 *
 *     mdg_convert_opts opts = {.source = "speech_commands_v0.02", .out = "words", .to = "folder"};
 *     mdg_convert_result result;
 *     mdg_convert(&opts, progress, &result, diag);
 *
 * docs/DATA.md describes the formats. What cannot be read is told and counted, and the rest goes on.
 */
#ifndef MDG_CONVERT_H
#define MDG_CONVERT_H

#include "data/data.h"

/* F(name, what it is, reads, writes) */
#define MDG_FORMAT_LIST(F)                                                                                   \
    F(folder, "a folder for each class")                                                                     \
    F(speech_commands, "class folders of sound, validation_list.txt, testing_list.txt, _background_noise_")  \
    F(esc50, "a table filename,fold,target,category and a folder of sound")                                  \
    F(idx, "MNIST's pairs of files of pictures and labels, also .gz")                                        \
    F(cifar10, "records of a label and 32 x 32 pixels, 3,073 bytes each")                                    \
    F(csv, "long tables, or WAV files of sensors, cut into windows")                                         \
    F(edge_impulse, "Edge Impulse's JSON of data acquisition")                                               \
    F(strokes, "JSON of strokes of a wand or pen: label and points")

typedef struct mdg_convert_opts {
    const char *source, *from; /* from NULL = what source looks like */
    const char *out, *to;
    const char *pattern; /* folder: as data.pattern; NULL = the first folder is the label */
    int rate;            /* sound: to mono WAV at this rate; 0 = files as they are */
    double
        trim_db; /* sound: cut what is more than so many dB below the loudest 10 ms, at both ends; 0 = none */
    double trim_pad_ms; /* and keep so much of it */
    double rows_hz;     /* csv: rows per second; 0 = not known */
    int window, step;   /* csv: rows of a clip, and from clip to clip; 0 = all of a stretch, and window */
    const char *label_column; /* csv: NULL = the file's folder, or else its name */
    const char *group_column; /* csv: NULL = the file's name */
    /* Told of each file or line that is left out, with the cause; NULL = nobody */
    void (*say)(void *context, const char *place, const char *cause);
    void *context;
} mdg_convert_opts;

typedef struct mdg_convert_result {
    const char *from;
    int64_t written, skipped, there; /* there: were in place before */
    bool has_groups;
} mdg_convert_result;

/* Returns MDG_OK where anything was written or in place; MDG_NOT_FOUND; MDG_INVALID for an unknown format, or
 * where nothing at all could be read; MDG_UNSUPPORTED for clips that the format cannot hold; MDG_IO;
 * MDG_INTERRUPTED, with what was written kept. */
mdg_status mdg_convert(const mdg_convert_opts *opts, const mdg_progress *progress, mdg_convert_result *out,
                       mdg_diag *diag);

#endif
