/* SPDX-License-Identifier: MIT
 *
 * view.h: pictures of programs.
 *
 *     mdg_plan(&program, NULL, diag);
 *     mdg_view_plan(&program, "model.tflite", stream);       // an SVG file
 */
#ifndef MDG_VIEW_H
#define MDG_VIEW_H

#include "lower/program.h"

/* Writes the memory plan as SVG: a rectangle for each buffer of the arena, from left to right the calls
 * during which it lives, from bottom to top its place; below, the state. Light and dark as the reader has it.
 */
void mdg_view_plan(const mdg_program *p, const char *title, FILE *out);

typedef struct mdg_view_share {
    const char *name;
    double value;
} mdg_view_share;

/* Writes parts of a whole as SVG: a bar for each, with its value in `unit`; the note stands below the title.
 */
void mdg_view_shares(const char *title, const char *note, const char *unit, const mdg_view_share *shares,
                     int n, FILE *out);

#endif
