/* SPDX-License-Identifier: MIT
 *
 * picture.h: rows of features as a PNG with axes: time to the right, panels one below the other.
 *
 *     const mdg_panel bands = {.kind = MDG_PANEL_BANDS, .n = 40, .height = 160, .hi_hz = 8000, .mel = true};
 *     const mdg_picture p = {.title = "yes.wav", .values = rows, .frames = 49, .width = 40, .seconds = 1,
 *                            .panels = &bands, .n_panels = 1, .plot_width = 480};
 *     status = mdg_picture_write(&p, "yes.png", diag);
 */
#ifndef MDG_REPORT_PICTURE_H
#define MDG_REPORT_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/diag.h"

typedef enum mdg_panel_kind {
    MDG_PANEL_BANDS, /* colours, one range for all columns; upwards by frequency or number */
    MDG_PANEL_ROWS,  /* colours, a range for each column */
    MDG_PANEL_LINE   /* the first column as a line between its smallest and largest value */
} mdg_panel_kind;

typedef struct mdg_panel {
    mdg_panel_kind kind;
    const char *title;
    int first, n; /* columns */
    int height;   /* pixels */
    /* BANDS: what the lower and upper edge stand for, evenly in Hz or in mel; hi_hz 0: columns by number */
    double lo_hz, hi_hz;
    bool mel;
    const char *const *names; /* [n] of the columns; NULL: frequencies or numbers */
} mdg_panel;

typedef struct mdg_picture {
    const char *title;
    const int16_t *values; /* [frames][width] */
    int frames, width;
    double seconds; /* of all frames; 0: no time, frames by number */
    const mdg_panel *panels;
    int n_panels;
    int plot_width; /* pixels */
} mdg_picture;

/* Writes through a temporary file. Returns MDG_OK, MDG_INVALID for a picture that is too large, or MDG_IO. */
mdg_status mdg_picture_write(const mdg_picture *p, const char *path, mdg_diag *diag);

#endif
