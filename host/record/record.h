/* SPDX-License-Identifier: MIT
 *
 * record.h: from a sensor to files of a data set: DIR/<label>/[<group>_]<number>.csv or .wav, and beside each
 * a .json that says where it comes from. A file that is being written ends in .part and is whole up to the
 * last moment; one that was left behind is taken up by the next recording in DIR (docs/RECORDING.md).
 */
#ifndef MDG_RECORD_H
#define MDG_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "util/diag.h"

/* Who watches: tell gets a line worth keeping, live the state now, some ten times a second; false ends. */
typedef struct mdg_record_watch {
    void (*tell)(void *context, const char *line);
    bool (*live)(void *context, const char *line);
    void *context;
} mdg_record_watch;

typedef struct mdg_record_opts {
    const char *dir, *label;
    const char *group, *notes; /* or NULL */
    const char *device;        /* a serial port, or FFmpeg's name of a source: "alsa:default", a file */
    double rate_hz;            /* 0 = as found */
    double seconds;            /* 0 = until the source ends or live() says so */
    double clip_seconds;       /* 0 = one file */
    double silence_s;          /* sound: a pause so long ends a clip; 0 = never */
    double quiet_db;           /* that far below full scale and more is a pause */
    double every_s;            /* camera: between two pictures */
    int baud;
    mdg_record_watch watch;
} mdg_record_opts;

typedef struct mdg_record_tally {
    int files, recovered;
    uint64_t rows; /* or samples, or pictures */
    uint64_t bad;  /* lines that are no row; frames whose CRC is wrong */
    uint64_t lost; /* frames */
    double rate_hz;
} mdg_record_tally;

/* A serial port until opts->seconds, live() or the end of the port. What was recorded is kept in any case,
 * and tally tells of it. Returns MDG_OK; MDG_NOT_FOUND or MDG_IO where the port cannot be opened, vanishes,
 * or the disk is full; MDG_INVALID when nothing that came was a row. */
mdg_status mdg_record_serial(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag);

/* The same for sound: one channel of 16 bits at opts->rate_hz, and the end of a file is no failure. */
mdg_status mdg_record_sound(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag);

/* The same for a camera: a PNG file every opts->every_s seconds. */
mdg_status mdg_record_camera(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag);

#endif
