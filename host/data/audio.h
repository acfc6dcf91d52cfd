/* SPDX-License-Identifier: MIT
 *
 * audio.h: one file through FFmpeg, without the arena, so that threads may do it side by side.
 */
#ifndef MDG_AUDIO_H
#define MDG_AUDIO_H

#include <stddef.h>
#include <stdint.h>

#include "util/diag.h"

typedef struct mdg_pcm {
    int16_t *samples; /* freed with mdg_pcm_free */
    size_t n, capacity;
} mdg_pcm;

/* Like mdg_audio_decode; diag gets the cause alone, without the file's name. Free out in any case. */
mdg_status mdg_pcm_read(const char *path, int sample_rate, mdg_pcm *out, mdg_diag *diag);
void mdg_pcm_free(mdg_pcm *pcm);

/* MDG_INVALID for a WAV file that holds less sound than its header says; any other file passes. */
mdg_status mdg_wav_check(const char *path, mdg_diag *diag);

/* FFmpeg writes to stderr by itself; this makes it quiet, for the whole process. */
void mdg_audio_be_quiet(void);

#endif
