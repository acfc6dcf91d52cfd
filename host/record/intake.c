/* SPDX-License-Identifier: MIT */
#include "record/intake.h"

static mdg_status feed_byte(mdg_intake *in, uint8_t byte, mdg_diag *diag) {
    bool line = false, frame = false;
    if (in->form != MDG_INTAKE_FRAMES)
        MDG_TRY(mdg_lines_feed(&in->lines, (char)byte, &in->sink, &line, diag));
    if (line) in->form = MDG_INTAKE_LINES;
    if (in->form != MDG_INTAKE_LINES) MDG_TRY(mdg_frames_feed(&in->frames, byte, &in->sink, &frame, diag));
    if (frame && in->form == MDG_INTAKE_UNKNOWN) {
        in->form = MDG_INTAKE_FRAMES;
        in->frames.bad = 0; /* the beginning was cut */
    }
    return MDG_OK;
}

mdg_status mdg_intake_feed(mdg_intake *in, const uint8_t *bytes, size_t n, mdg_diag *diag) {
    for (size_t i = 0; i < n; i++) MDG_TRY(feed_byte(in, bytes[i], diag));
    return MDG_OK;
}

mdg_status mdg_intake_end(mdg_intake *in, mdg_diag *diag) {
    return in->form == MDG_INTAKE_FRAMES ? mdg_frames_end(&in->frames, &in->sink, diag)
                                         : mdg_lines_end(&in->lines, &in->sink, diag);
}
