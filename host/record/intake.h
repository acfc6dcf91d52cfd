/* SPDX-License-Identifier: MIT
 *
 * intake.h: bytes of a serial port to rows of numbers. Lines of text and midge's frames are both looked for;
 * the first that makes sense decides.
 */
#ifndef MDG_RECORD_INTAKE_H
#define MDG_RECORD_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/diag.h"

enum { MDG_ROW_CHARS = 1024, MDG_ROW_COLUMNS = 64, MDG_FRAME_BYTES = 4 + 254 + 2 };

typedef enum mdg_intake_form { MDG_INTAKE_UNKNOWN, MDG_INTAKE_LINES, MDG_INTAKE_FRAMES } mdg_intake_form;

/* A row as it goes into the table: "1,-2,3"; names likewise, or NULL where the port told none. */
typedef struct mdg_row_sink {
    mdg_status (*take)(void *context, const char *row, int columns, const char *names, mdg_diag *diag);
    void *context;
} mdg_row_sink;

typedef struct mdg_lines {
    char line[MDG_ROW_CHARS]; /* the one that is coming in */
    size_t n;
    bool overlong;
    char held[MDG_ROW_CHARS]; /* the first row, until the second one has as many columns */
    char names[MDG_ROW_CHARS];
    int held_columns, name_columns, columns; /* columns: 0 = not known yet */
    uint64_t bad;
} mdg_lines;

typedef struct mdg_frames {
    uint8_t bytes[MDG_FRAME_BYTES];
    size_t n;
    int channels; /* of the frames so far; 0 = none yet */
    uint8_t expected;
    uint64_t bad, lost;
} mdg_frames;

typedef struct mdg_intake {
    mdg_intake_form form;
    mdg_lines lines;
    mdg_frames frames;
    mdg_row_sink sink;
} mdg_intake;

/* Starts zeroed but for the sink. Returns what the sink says. */
mdg_status mdg_intake_feed(mdg_intake *in, const uint8_t *bytes, size_t n, mdg_diag *diag);
/* The source has ended: a single row that waits for a second one counts. */
mdg_status mdg_intake_end(mdg_intake *in, mdg_diag *diag);

/* One byte. MDG_OK whether or not it completes a row; *found where it does. */
mdg_status mdg_lines_feed(mdg_lines *l, char c, const mdg_row_sink *sink, bool *found, mdg_diag *diag);
mdg_status mdg_lines_end(mdg_lines *l, const mdg_row_sink *sink, mdg_diag *diag);
mdg_status mdg_frames_feed(mdg_frames *f, uint8_t byte, const mdg_row_sink *sink, bool *found,
                           mdg_diag *diag);
mdg_status mdg_frames_end(mdg_frames *f, const mdg_row_sink *sink, mdg_diag *diag);

#endif
