/* SPDX-License-Identifier: MIT */
#include "midge/picture.h"

#include <string.h>

#include "feature/parts.h"

enum { STEPS_PER_UNIT = 8, MAX_SIDE = 1024, PIECE = 64, COLOURS = 3 };

bool mdg_feature_has_picture(const mdg_feature_opts *o) {
    return o->image_h && (o->crop_h || o->resize_h || (o->grey && o->channels == COLOURS));
}

static mdg_status check(const mdg_feature_opts *o, mdg_diag *diag) {
    if (o->image_h > MAX_SIDE || o->image_w > MAX_SIDE || o->resize_h > MAX_SIDE || o->resize_w > MAX_SIDE)
        return mdg_fail(diag, MDG_INVALID, "features: pictures of more than %d x %d; set data.image",
                        MAX_SIDE, MAX_SIDE);
    if (o->crop_h > o->image_h || o->crop_w > o->image_w)
        return mdg_fail(
            diag, MDG_INVALID,
            "features: the crop of %d x %d is larger than the pictures, %d x %d; set data.image to "
            "what the camera gives",
            o->crop_h, o->crop_w, o->image_h, o->image_w);
    return MDG_OK;
}

mdg_status mdg_feature_build_picture(const mdg_feature_opts *o, mdg_arena *arena, mdg_features *out,
                                     mdg_diag *diag) {
    mdg_picture *b = mdg_arena_alloc(arena, sizeof *b);
    MDG_TRY(check(o, diag));
    *b = (mdg_picture){.in_h = o->image_h,
                       .in_w = o->image_w,
                       .in_c = out->channels,
                       .crop_h = o->crop_h ? o->crop_h : o->image_h,
                       .crop_w = o->crop_w ? o->crop_w : o->image_w,
                       .out_c = o->grey ? 1 : out->channels,
                       .bilinear = o->scaling};
    b->top = (b->in_h - b->crop_h) / 2;
    b->left = (b->in_w - b->crop_w) / 2;
    b->out_h = o->resize_h ? o->resize_h : b->crop_h;
    b->out_w = o->resize_w ? o->resize_w : b->crop_w;
    out->frame = mdg_picture_frame;
    out->block = b;
    out->unit = STEPS_PER_UNIT;
    out->width = b->out_c;
    out->frames = b->out_h * b->out_w;
    out->state_bytes = MDG_PICTURE_BYTES(b->crop_w, b->out_w, b->out_c);
    return MDG_OK;
}

void mdg_feature_picture(const mdg_features *f, const int16_t *pixels, size_t n_pixels, void *memory,
                         int16_t *out) {
    const mdg_picture *b = f->block;
    uint8_t bytes[PIECE * COLOURS];
    const int16_t *line;
    mdg_picture_start(b, memory);
    for (size_t at = 0; at < n_pixels; at += PIECE) {
        int32_t n = n_pixels - at < PIECE ? (int32_t)(n_pixels - at) : PIECE;
        const int16_t *from = pixels + at * (size_t)b->in_c;
        for (int32_t i = 0; i < n * b->in_c; i++) bytes[i] = (uint8_t)from[i];
        const uint8_t *next = bytes;
        do {
            const int32_t used = mdg_picture_push(b, memory, next, n, &line);
            next += used * b->in_c;
            n -= used;
            if (!line) continue;
            memcpy(out, line, (size_t)(b->out_w * b->out_c) * sizeof *out);
            out += b->out_w * b->out_c;
        } while (n > 0 || line);
    }
}
