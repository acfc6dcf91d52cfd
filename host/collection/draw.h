/* SPDX-License-Identifier: MIT
 *
 * draw.h: one clip as a picture: the waveform and the spectrogram of sound and series, the pixels of a
 * picture; as text of block characters (UTF-8), or as PNG.
 *
 *     mdg_drawing d;
 *     MDG_TRY(mdg_draw_read("yes/anna.wav", MDG_INDEX_ANY_KIND, 0, arena, &d, diag));
 *     mdg_draw_text(&d, 76, arena, stdout);
 */
#ifndef MDG_DRAW_H
#define MDG_DRAW_H

#include "data/images.h"
#include "data/series.h"

typedef struct mdg_drawing {
    mdg_data_kind kind;
    const char *path;
    mdg_series series; /* sound as one channel of full scale 1 */
    double rate;       /* Hz; 0 = not known */
    mdg_image image;   /* its pixels in the arena */
} mdg_drawing;

/* kind -1: as the file's name says; rate: of tables. Returns MDG_OK, MDG_NOT_FOUND, MDG_INVALID. */
mdg_status mdg_draw_read(const char *path, int kind, double rate, mdg_arena *arena, mdg_drawing *out,
                         mdg_diag *diag);

void mdg_draw_text(const mdg_drawing *d, int columns, mdg_arena *arena, FILE *out);

/* Waveform and spectrogram; of a picture returns MDG_UNSUPPORTED. */
mdg_status mdg_draw_png(const mdg_drawing *d, const char *path, mdg_arena *arena, mdg_diag *diag);

/* What both forms show. The lowest and highest value of one channel in each of so many columns. */
void mdg_draw_envelope(const mdg_series *s, int channel, int columns, float *low, float *high);

/* Level of each column and band in dB, the loudest 0, at least -90: [columns][bands], bands from 0 to half
 * the rate. Returns NULL for clips that are too short. */
float *mdg_draw_spectrogram(const mdg_series *s, int channel, double rate, int columns, int bands,
                            mdg_arena *arena);

#endif
