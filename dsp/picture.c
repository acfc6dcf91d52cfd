/* SPDX-License-Identifier: MIT
 *
 * A picture's lines as they come: cropped, to brightness, scaled. Each line is scaled across first, then goes
 * into the sums of the output lines that it touches. Weights are whole numbers: in units in which an output
 * pixel is crop wide and an input pixel is out wide, all borders are whole.
 */
#include "midge/picture.h"

#include <string.h>

/* In the caller's memory: the head, sums [out_w][out_c] of this line and of those that wait, a line of the
 * result, a line of the crop */
typedef struct picture_state {
    int32_t x, y;  /* of the pixel that comes next */
    int32_t out_y; /* of the line that is completed next */
    int32_t ready; /* 1: a line of the crop is complete, and may still complete lines of the result */
} picture_state;

static inline uint32_t *picture_across(void *memory) {
    return (uint32_t *)(void *)((picture_state *)memory + 1);
}

static inline uint32_t *picture_sums(const mdg_picture *b, void *memory) {
    return picture_across(memory) + b->out_w * b->out_c;
}

static inline int16_t *picture_line(const mdg_picture *b, void *memory) {
    return (int16_t *)(void *)(picture_sums(b, memory) + b->out_w * b->out_c);
}

static inline uint8_t *picture_crop(const mdg_picture *b, void *memory) {
    return (uint8_t *)(void *)(picture_line(b, memory) + b->out_w * b->out_c);
}

MDG_KERNEL void mdg_picture_start(const mdg_picture *b, void *memory) {
    memset(memory, 0, sizeof(picture_state));
    memset(picture_sums(b, memory), 0, (size_t)(b->out_w * b->out_c) * sizeof(uint32_t));
}

static inline int32_t picture_min(int32_t a, int32_t b) {
    return a < b ? a : b;
}

static inline int32_t picture_max(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* ==== Across a line ==== */

/* Pixels first to first + n - 1 of the crop's line, as the model's colours. */
static inline void picture_take(const mdg_picture *b, const uint8_t *pixels, int32_t n, uint8_t *out) {
    if (b->out_c == b->in_c) {
        memcpy(out, pixels, (size_t)(n * b->in_c));
        return;
    }
    for (int32_t i = 0; i < n; i++, pixels += 3)
        out[i] = (uint8_t)((77 * pixels[0] + 150 * pixels[1] + 29 * pixels[2] + 128) >> 8);
}

/* Output pixel j covers j * crop_w to (j + 1) * crop_w - 1, input pixel i covers i * out_w and so on: what is
 * left of the pixel at hand, whole ones, and a part of one more. */
static inline void picture_area_across(const mdg_picture *b, const uint8_t *in, uint32_t *out) {
    const int32_t c = b->out_c, width = b->out_w;
    int32_t left = width;
    for (int32_t j = 0; j < b->out_w; j++) {
        const int32_t first = picture_min(left, b->crop_w);
        const int32_t whole = (b->crop_w - first) / width, last = b->crop_w - first - whole * width;
        for (int32_t k = 0; k < c; k++) {
            const uint8_t *p = in + k, *const end = p + whole * c;
            uint32_t part = (uint32_t)(*p * first), sum = 0;
            while (p < end) sum += *(p += c);
            if (last) part += (uint32_t)(p[c] * last);
            *out++ = part + sum * (uint32_t)width;
        }
        left -= first;
        if (left > 0) continue;
        in += (whole + 1) * c;
        left = width - last;
    }
}

/* Where the middle of output pixel j lies among the middles of n input pixels, for n_out output pixels: the
 * one before it; *share of 2 n_out belongs to the one behind it. */
static inline int32_t picture_middle(int32_t j, int32_t n, int32_t n_out, int32_t *share) {
    const int32_t at = picture_max((2 * j + 1) * n - n_out, 0);
    const int32_t before = picture_min(at / (2 * n_out), n - 1);
    *share = before == n - 1 ? 0 : at - before * 2 * n_out;
    return before;
}

static inline void picture_bilinear_across(const mdg_picture *b, const uint8_t *in, uint32_t *out) {
    const int32_t c = b->out_c;
    for (int32_t j = 0; j < b->out_w; j++) {
        int32_t share;
        const uint8_t *from = in + picture_middle(j, b->crop_w, b->out_w, &share) * c;
        const uint8_t *to = share ? from + c : from;
        for (int32_t k = 0; k < c; k++) *out++ = (uint32_t)(from[k] * (2 * b->out_w - share) + to[k] * share);
    }
}

/* ==== Down the lines ==== */

/* A line of the result: (sums * w_sums + across * w_across) / whole */
static inline void picture_finish(const mdg_picture *b, void *memory, uint32_t w_sums, uint32_t w_across,
                                  uint32_t whole) {
    const uint32_t *across = picture_across(memory), *sums = picture_sums(b, memory);
    int16_t *line = picture_line(b, memory);
    for (int32_t i = 0; i < b->out_w * b->out_c; i++)
        line[i] = (int16_t)((sums[i] * w_sums + across[i] * w_across + whole / 2) / whole);
    ((picture_state *)memory)->out_y++;
}

/* Line y of the crop, as far as the output line reaches that comes next. Returns 1 when that is complete. */
static inline int32_t picture_area_down(const mdg_picture *b, void *memory, int32_t y) {
    const int32_t i = ((const picture_state *)memory)->out_y, end = (i + 1) * b->crop_h;
    const int32_t from = picture_max(y * b->out_h, i * b->crop_h);
    const int32_t to = picture_min((y + 1) * b->out_h, end);
    const uint32_t *across = picture_across(memory);
    uint32_t *sums = picture_sums(b, memory);
    if (to < end) {
        for (int32_t k = 0; from < to && k < b->out_w * b->out_c; k++)
            sums[k] += across[k] * (uint32_t)(to - from);
        return 0;
    }
    picture_finish(b, memory, 1, (uint32_t)(to - from), (uint32_t)(b->crop_h * b->crop_w));
    memset(sums, 0, (size_t)(b->out_w * b->out_c) * sizeof *sums);
    return 1;
}

/* The same between two lines, of which the sums hold the one before. */
static inline int32_t picture_bilinear_down(const mdg_picture *b, void *memory, int32_t y) {
    int32_t share;
    const int32_t i = ((const picture_state *)memory)->out_y, all = 2 * b->out_h;
    const int32_t before = picture_middle(i, b->crop_h, b->out_h, &share);
    if (y < before + (share > 0)) return 0;
    if (y == before) share = all;
    picture_finish(b, memory, (uint32_t)(all - share), (uint32_t)share, (uint32_t)(2 * all * b->out_w));
    return 1;
}

/* ==== Pixels in ==== */

/* Takes pixels until a line of the crop is complete; returns how many. */
static inline int32_t picture_gather(const mdg_picture *b, void *memory, const uint8_t *pixels, int32_t n) {
    picture_state *s = (picture_state *)memory;
    int32_t taken = 0;
    while (taken < n && s->y < b->in_h && !s->ready) {
        const int32_t seen = s->y >= b->top && s->y < b->top + b->crop_h;
        const int32_t piece = picture_min(n - taken, b->in_w - s->x);
        const int32_t from = picture_max(s->x, b->left);
        const int32_t to = picture_min(s->x + piece, b->left + b->crop_w);
        if (seen && from < to)
            picture_take(b, pixels + (taken + from - s->x) * b->in_c, to - from,
                         picture_crop(b, memory) + (from - b->left) * b->out_c);
        taken += piece;
        s->x += piece;
        if (s->x < b->in_w) continue;
        s->x = 0;
        s->y++;
        s->ready = seen;
    }
    return s->y < b->in_h || s->ready ? taken : n;
}

static inline void picture_scale_across(const mdg_picture *b, void *memory) {
    if (b->bilinear)
        picture_bilinear_across(b, picture_crop(b, memory), picture_across(memory));
    else
        picture_area_across(b, picture_crop(b, memory), picture_across(memory));
}

/* Whether the line at hand completes one more of the result. */
static inline int32_t picture_down(const mdg_picture *b, void *memory) {
    const picture_state *s = (const picture_state *)memory;
    const int32_t y = s->y - 1 - b->top;
    if (s->out_y == b->out_h) return 0;
    return b->bilinear ? picture_bilinear_down(b, memory, y) : picture_area_down(b, memory, y);
}

MDG_KERNEL int32_t mdg_picture_push(const mdg_picture *b, void *memory, const uint8_t *pixels, int32_t n,
                                    const int16_t **line) {
    picture_state *s = (picture_state *)memory;
    const size_t sums_bytes = (size_t)(b->out_w * b->out_c) * sizeof(uint32_t);
    int32_t taken = 0;
    *line = NULL;
    for (;;) {
        if (!s->ready) {
            taken += picture_gather(b, memory, pixels + taken * b->in_c, n - taken);
            if (!s->ready) return taken;
            picture_scale_across(b, memory);
        }
        if (picture_down(b, memory)) {
            *line = picture_line(b, memory);
            return taken;
        }
        if (b->bilinear) memcpy(picture_sums(b, memory), picture_across(memory), sums_bytes);
        s->ready = 0;
    }
}

MDG_KERNEL int32_t mdg_picture_row(const void *memory) {
    return ((const picture_state *)memory)->out_y - 1;
}

MDG_KERNEL void mdg_picture_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                  int16_t *out) {
    (void)state, (void)scratch;
    memcpy(out, samples, (size_t)f->width * sizeof *out);
}
