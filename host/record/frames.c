/* SPDX-License-Identifier: MIT
 *
 * midge's frames: sync, length, sequence, channels, values, CRC (ports/sender sends them). After damage the
 * search for the next sync goes on behind the false one, so that no good frame is lost with a bad one.
 */
#include "record/intake.h"

#include <stdio.h>
#include <string.h>

#include "ports/sender/midge_send.h"

static size_t frame_bytes(const mdg_frames *f) {
    return MIDGE_SEND_HEAD + (size_t)f->bytes[1] + 2;
}

static bool head_is_good(const mdg_frames *f) {
    const unsigned length = f->bytes[1], channels = f->bytes[3];
    return length > 0 && length <= 2 * MIDGE_SEND_MAX_VALUES && channels > 0 &&
           channels <= MIDGE_SEND_MAX_CHANNELS && length % (2 * channels) == 0;
}

static bool crc_is_good(const mdg_frames *f, size_t n) {
    uint16_t crc = MIDGE_SEND_CRC_START;
    for (size_t i = 1; i < n - 2; i++) crc = midge_send_crc(crc, f->bytes[i]);
    return f->bytes[n - 2] == (crc & 255) && f->bytes[n - 1] == crc >> 8;
}

static void drop(mdg_frames *f, size_t n) {
    memmove(f->bytes, f->bytes + n, f->n - n);
    f->n -= n;
}

/* To the next byte that may be a sync. */
static void drop_to_sync(mdg_frames *f, size_t from) {
    while (from < f->n && f->bytes[from] != MIDGE_SEND_SYNC) from++;
    drop(f, from);
}

static mdg_status give_rows(const mdg_frames *f, const mdg_row_sink *sink, mdg_diag *diag) {
    const int rows = f->bytes[1] / (2 * f->channels);
    const uint8_t *at = f->bytes + MIDGE_SEND_HEAD;
    for (int r = 0; r < rows; r++) {
        char text[MDG_ROW_CHARS];
        int n = 0;
        for (int c = 0; c < f->channels; c++, at += 2)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%d", c ? "," : "",
                          (int16_t)(at[0] | at[1] << 8));
        MDG_TRY(sink->take(sink->context, text, f->channels, NULL, diag));
    }
    return MDG_OK;
}

static mdg_status take_frame(mdg_frames *f, const mdg_row_sink *sink, bool *found, mdg_diag *diag) {
    if (f->channels) f->lost += (uint8_t)(f->bytes[2] - f->expected);
    f->expected = (uint8_t)(f->bytes[2] + 1);
    if (!f->channels) f->channels = f->bytes[3];
    if (f->channels != f->bytes[3]) {
        f->bad++;
        return MDG_OK;
    }
    *found = true;
    return give_rows(f, sink, diag);
}

/* Takes the frames that are complete. At the end of the source one that is not is damage, too. */
static mdg_status take_complete(mdg_frames *f, bool at_end, const mdg_row_sink *sink, bool *found,
                                mdg_diag *diag) {
    drop_to_sync(f, 0);
    while (f->n >= MIDGE_SEND_HEAD) {
        const size_t n = frame_bytes(f);
        const bool good = head_is_good(f), complete = f->n >= n;
        if (good && !complete && !at_end) return MDG_OK;
        if (good && complete && crc_is_good(f, n)) {
            MDG_TRY(take_frame(f, sink, found, diag));
            drop(f, n);
            drop_to_sync(f, 0);
        } else {
            f->bad++;
            drop_to_sync(f, 1);
        }
    }
    return MDG_OK;
}

mdg_status mdg_frames_feed(mdg_frames *f, uint8_t byte, const mdg_row_sink *sink, bool *found,
                           mdg_diag *diag) {
    f->bytes[f->n++] = byte;
    return take_complete(f, false, sink, found, diag);
}

mdg_status mdg_frames_end(mdg_frames *f, const mdg_row_sink *sink, mdg_diag *diag) {
    bool found;
    return take_complete(f, true, sink, &found, diag);
}
