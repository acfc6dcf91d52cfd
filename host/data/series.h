/* SPDX-License-Identifier: MIT
 *
 * series.h: one recording of a sensor with several axes, from a table of numbers or a WAV file.
 */
#ifndef MDG_SERIES_H
#define MDG_SERIES_H

#include "data/data.h"

typedef struct mdg_series {
    float *values; /* [n][channels] */
    size_t n;
    int channels;
    const char **names; /* [channels]; "" where the file names none */
} mdg_series;

/* Tables: numbers separated by comma, semicolon, tab or blanks; the first line may name the columns, and
 * columns named time, timestamp, t or ms are passed over unless asked for. opts->columns selects. WAV: its
 * channels, whose rate must be opts->sample_rate. Returns MDG_OK; MDG_NOT_FOUND; MDG_INVALID with the line
 * and the cause: no number, a ragged row, a column that is missing, another rate. diag gets the cause alone.
 */
mdg_status mdg_series_read(const char *path, const mdg_data_opts *opts, mdg_arena *arena, mdg_series *out,
                           mdg_diag *diag);

/* Replaces the clips of set, each a whole file, by windows of its recordings, with their samples. */
mdg_status mdg_series_load(mdg_dataset *set, mdg_diag *diag);

#endif
