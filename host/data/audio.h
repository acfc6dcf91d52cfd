/* SPDX-License-Identifier: MIT
 *
 * audio.h: one file through FFmpeg, without the arena, so that threads may do it side by side.
 */
#ifndef MDG_AUDIO_H
#define MDG_AUDIO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/diag.h"

typedef struct mdg_pcm {
    union { /* freed with mdg_pcm_free */
        void *data;
        int16_t *samples; /* [n] after mdg_pcm_read */
        float *values;    /* [n][channels] after mdg_pcm_read_values */
    };
    size_t n, capacity;
    int channels, sample_rate;
} mdg_pcm;

/* Like mdg_audio_decode; diag gets the cause alone, without the file's name. Free out in any case. */
mdg_status mdg_pcm_read(const char *path, int sample_rate, mdg_pcm *out, mdg_diag *diag);
/* The same with all channels, at the file's own rate and in its own unit: full scale of integers is 1. */
mdg_status mdg_pcm_read_values(const char *path, mdg_pcm *out, mdg_diag *diag);
void mdg_pcm_free(mdg_pcm *pcm);
/* The same piece by piece, so that hours need no memory: each goes to take, whose failure ends the reading.
 */
typedef mdg_status (*mdg_pcm_take)(void *context, const mdg_pcm *piece);
mdg_status mdg_pcm_stream_values(const char *path, mdg_pcm_take take, void *context, mdg_diag *diag);

/* MDG_INVALID for a WAV file that holds less sound than its header says; any other file passes. */
mdg_status mdg_wav_check(const char *path, mdg_diag *diag);

/* The bytes of a 16-bit mono WAV file, of less than 2 GB. */
void mdg_wav_put(FILE *f, const int16_t *samples, size_t n, int sample_rate);

/* FFmpeg writes to stderr by itself; this makes it quiet, for the whole process. */
void mdg_audio_be_quiet(void);

#endif
