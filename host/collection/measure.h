/* SPDX-License-Identifier: MIT
 *
 * measure.h: what is in one file of sound, numbers or a picture. Threads may measure side by side.
 */
#ifndef MDG_MEASURE_CONTENT_H
#define MDG_MEASURE_CONTENT_H

#include "data/data.h"

typedef struct mdg_measured {
    mdg_data_kind kind;
    int64_t samples;   /* of one channel; rows; pixels */
    int rate;          /* Hz; 0 where the file does not tell */
    int channels;      /* columns */
    int height, width; /* pictures */
    double rms, peak;  /* full scale is 1; of tables in their unit */
    double deviation;  /* rms without what is constant: 0 for a picture of one colour or a dead sensor */
    int64_t clipped;   /* values at full scale */
    int64_t nans;      /* values that are no numbers */
    uint64_t hash;     /* of the samples, so that the same content has the same in any format without loss */
} mdg_measured;

/* rate is that of tables. Sound is streamed; tables and pictures are held in memory one at a time. Returns
 * MDG_OK; MDG_NOT_FOUND; MDG_INVALID where the file is damaged or no such file. diag gets the cause alone. */
mdg_status mdg_measure_content(const char *path, mdg_data_kind kind, int rate, mdg_measured *out,
                               mdg_diag *diag);

/* 20 log10, at least -120. */
double mdg_decibels(double amplitude);

#endif
