/* SPDX-License-Identifier: MIT
 *
 * feature_rows.h: the features of one recording, whole, as a project computes them, and how they are shown.
 */
#ifndef MDG_CLI_FEATURE_ROWS_H
#define MDG_CLI_FEATURE_ROWS_H

#include <jansson.h>

#include "cli/cli.h"
#include "project/project.h"

/* One file, as clips of a data set are: see mdg_clip */
typedef struct mdg_recording {
    int16_t *samples; /* [n][channels] */
    size_t n;
    int channels;
    const char **names;      /* series: [channels] */
    const float *full_scale; /* series: [channels] what 32767 stands for */
    int image_h, image_w;
} mdg_recording;

typedef struct mdg_feature_rows {
    const char *file;
    mdg_data_kind kind;
    mdg_feature_opts opts;
    mdg_features features;
    mdg_recording recording;
    mdg_feature_shape shape; /* pictures: of what the model sees */
    int frames;
    int16_t *values;      /* [frames][features.width], in the block's units */
    const char **columns; /* [features.width] names */
    double *centres_hz;   /* [features.width] middle of the band; 0: the column is none */
} mdg_feature_rows;

/* Data and feature options of the project; what only the data tell (full scale of series, size of pictures)
 * is p->data's, see mdg_feature_settle. Returns MDG_OK, MDG_NOT_FOUND or MDG_INVALID. */
mdg_status mdg_feature_rows_read(mdg_cli *cli, const mdg_project *p, const char *file, mdg_feature_rows *out);

/* Sets full scale and size of pictures, where midge.yaml leaves them open, to those of the project's data, as
 * training does. */
mdg_status mdg_feature_settle(mdg_cli *cli, mdg_project *p);

/* The upper end of the filterbank; whether its bands are evenly spaced in mel; the middle of band k of n: k -
 * 1/2 and k + 1/2 are the edges to its neighbours. */
double mdg_feature_highest_hz(const mdg_feature_opts *o);
bool mdg_feature_is_mel(const mdg_feature_opts *o);
double mdg_feature_band_hz(const mdg_feature_opts *o, double k, int n);

/* "log_mel"; what a step of its values is */
const char *mdg_feature_kind_name(mdg_feature_kind kind);
const char *mdg_feature_unit(mdg_feature_kind kind);

void mdg_feature_rows_print(const mdg_feature_rows *r, FILE *out);
json_t *mdg_feature_rows_json(const mdg_feature_rows *r);
mdg_status mdg_feature_rows_csv(const mdg_feature_rows *r, const char *path, mdg_diag *diag);
mdg_status mdg_feature_rows_png(mdg_arena *arena, const mdg_feature_rows *r, const char *path,
                                mdg_diag *diag);

#endif
