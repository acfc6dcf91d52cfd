/* SPDX-License-Identifier: MIT
 *
 * scatter.h: points with axes, and the line of those that none beats: scores upwards against what they cost,
 * on a logarithmic axis.
 *
 *     const mdg_scatter s = {.title = "digits", .x_name = "flash, bytes", .y_name = "right, %",
 *                            .points = points, .n = 30};
 *     status = mdg_scatter_write(&s, "search.svg", diag);
 */
#ifndef MDG_REPORT_SCATTER_H
#define MDG_REPORT_SCATTER_H

#include <stdbool.h>

#include "util/diag.h"

typedef struct mdg_scatter_point {
    double x, y;      /* x above 0 */
    const char *name; /* of one on the line, beside it; NULL: off the line */
    bool is_faint;    /* counts less */
} mdg_scatter_point;

typedef struct mdg_scatter {
    const char *title, *x_name, *y_name;
    const mdg_scatter_point *points; /* [n]; those on the line by rising x */
    int n;
} mdg_scatter;

/* Writes an SVG where the path ends in .svg, else a PNG; through a temporary file. Returns MDG_OK or MDG_IO.
 */
mdg_status mdg_scatter_write(const mdg_scatter *s, const char *path, mdg_diag *diag);

#endif
