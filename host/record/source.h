/* SPDX-License-Identifier: MIT
 *
 * source.h: a device, a file or a filter graph through FFmpeg, frame by frame.
 */
#ifndef MDG_RECORD_SOURCE_H
#define MDG_RECORD_SOURCE_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "record/record.h"

typedef mdg_status (*mdg_frame_take)(void *context, const AVFrame *frame, mdg_diag *diag);

typedef struct mdg_source {
    const char *name; /* "alsa:default" */
    const mdg_record_watch *watch;
    AVFormatContext *format;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    int stream;
} mdg_source;

/* opts->device is FFmpeg's DEVICE:WHAT ("alsa:default", "v4l2:/dev/video0", "lavfi:sine=440") or a file. A
 * device of sound is asked for one channel at opts->rate_hz. Close it in any case. */
mdg_status mdg_source_open(mdg_source *s, const mdg_record_opts *opts, enum AVMediaType type, mdg_diag *diag);
void mdg_source_close(mdg_source *s);

/* Reads on and gives take each frame that comes of it; *ended tells that there is no more. A device that
 * vanishes is MDG_IO; one that a signal woke, while watch wants an end, has ended. */
mdg_status mdg_source_read(mdg_source *s, mdg_frame_take take, void *context, bool *ended, mdg_diag *diag);

/* When the frame was taken, in seconds; negative = not known. */
double mdg_source_time_s(const mdg_source *s, const AVFrame *frame);

#endif
