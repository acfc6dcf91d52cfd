/* SPDX-License-Identifier: MIT
 *
 * play.h: a file of sound to a device of FFmpeg (libavdevice), such as ALSA's: the way back of recording.
 *
 *     status = mdg_play("bell.wav", "alsa:default", progress, &seconds, diag);
 */
#ifndef MDG_PLAY_H
#define MDG_PLAY_H

#include "util/diag.h"
#include "util/progress.h"

/* At the file's own rate and with its channels, 16 bits; *seconds is what was played. Returns MDG_OK;
 * MDG_NOT_FOUND; MDG_INVALID for what is no sound; MDG_UNSUPPORTED for a device of no known format; MDG_IO
 * where it cannot be opened or is gone; MDG_INTERRUPTED when progress says so. */
mdg_status mdg_play(const char *path, const char *device, const mdg_progress *progress, double *seconds,
                    mdg_diag *diag);

#endif
