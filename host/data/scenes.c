/* SPDX-License-Identifier: MIT */
#include "data/scenes.h"

#include <math.h>

#include "util/rng.h"

enum { TRIES = 40, MOST_SHAPES = 6, MOST_FRAGMENTS = 4 };

/* A value that hides what lies behind; darker ones let it through. */
static const float opaque = 48;
static const float apart = 0.75f;

/* What a scene is drawn with */
typedef struct canvas {
    const mdg_dataset *set;
    const mdg_scene_opts *o;
    mdg_rng *r;
    uint8_t *pixels;
} canvas;

static uint8_t to_pixel(float v) {
    return (uint8_t)lrintf(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* ---- clutter ---- */

static void draw_gradient(const canvas *c) {
    const float level = mdg_rng_uniform(c->r, 0, 110), noise = mdg_rng_uniform(c->r, 0, 12);
    const float dx = mdg_rng_uniform(c->r, -60, 60) / (float)c->o->w;
    const float dy = mdg_rng_uniform(c->r, -60, 60) / (float)c->o->h;
    for (int y = 0; y < c->o->h; y++)
        for (int x = 0; x < c->o->w; x++)
            c->pixels[y * c->o->w + x] =
                to_pixel(level + dx * (float)x + dy * (float)y + noise * mdg_rng_normal(c->r));
}

/* A rectangle, an ellipse or a bar in any direction. */
typedef struct shape {
    float x, y, half_w, half_h, cosine, sine;
    bool round;
} shape;

static shape draw_shape(const canvas *c) {
    const float angle = mdg_rng_uniform(c->r, 0, 3.14159265f);
    shape s = {.x = mdg_rng_uniform(c->r, 0, (float)c->o->w), .y = mdg_rng_uniform(c->r, 0, (float)c->o->h)};
    s.half_w = mdg_rng_uniform(c->r, 1, 24);
    s.half_h = mdg_rng_uniform(c->r, 1, 10);
    s.cosine = cosf(angle);
    s.sine = sinf(angle);
    s.round = mdg_rng_below(c->r, 2) == 1;
    return s;
}

static bool covers(const shape *s, float x, float y) {
    const float u = ((x - s->x) * s->cosine + (y - s->y) * s->sine) / s->half_w;
    const float v = ((y - s->y) * s->cosine - (x - s->x) * s->sine) / s->half_h;
    return s->round ? u * u + v * v <= 1 : fabsf(u) <= 1 && fabsf(v) <= 1;
}

static void fill_shape(const canvas *c) {
    const shape s = draw_shape(c);
    const float level = mdg_rng_uniform(c->r, 0, 200), share = mdg_rng_uniform(c->r, 0.3f, 1);
    for (int y = 0; y < c->o->h; y++)
        for (int x = 0; x < c->o->w; x++) {
            uint8_t *p = &c->pixels[y * c->o->w + x];
            if (covers(&s, (float)x, (float)y)) *p = to_pixel((float)*p + share * (level - (float)*p));
        }
}

/* ---- clips ---- */

static const mdg_clip *draw_clip(const canvas *c, mdg_split split) {
    const mdg_clip *clip;
    do clip = &c->set->clips[mdg_rng_below(c->r, (uint32_t)c->set->n_clips)];
    while (clip->split != split);
    return clip;
}

static float pixel_at(const canvas *c, const mdg_clip *clip, int x, int y) {
    const bool inside = x >= 0 && y >= 0 && x < c->set->image_w && y < c->set->image_h;
    return inside ? (float)clip->samples[y * c->set->image_w + x] : 0;
}

/* Bilinear; black beyond the clip. */
static float between(const canvas *c, const mdg_clip *clip, float x, float y) {
    const int x0 = (int)floorf(x), y0 = (int)floorf(y);
    const float tx = x - (float)x0, ty = y - (float)y0;
    const float above = pixel_at(c, clip, x0, y0) * (1 - tx) + pixel_at(c, clip, x0 + 1, y0) * tx;
    const float below = pixel_at(c, clip, x0, y0 + 1) * (1 - tx) + pixel_at(c, clip, x0 + 1, y0 + 1) * tx;
    return above * (1 - ty) + below * ty;
}

/* A rectangle of a clip, and where the scene gets it: its centre there, and how much larger. */
typedef struct patch {
    const mdg_clip *clip;
    float left, top, w, h; /* in the clip */
    float x, y, scale;     /* in the scene */
} patch;

static void paste(const canvas *c, const patch *p, float gain) {
    const float half_w = p->w * p->scale / 2, half_h = p->h * p->scale / 2;
    for (int y = (int)floorf(p->y - half_h); y <= (int)(p->y + half_h); y++)
        for (int x = (int)floorf(p->x - half_w); x <= (int)(p->x + half_w); x++) {
            if (x < 0 || y < 0 || x >= c->o->w || y >= c->o->h) continue;
            const float u = ((float)x + 0.5f - p->x + half_w) / p->scale,
                        v = ((float)y + 0.5f - p->y + half_h) / p->scale;
            if (u < 0 || v < 0 || u > p->w || v > p->h) continue;
            const float value = between(c, p->clip, p->left + u - 0.5f, p->top + v - 0.5f);
            const float cover = value < opaque ? value / opaque : 1;
            uint8_t *to = &c->pixels[y * c->o->w + x];
            *to = to_pixel((float)*to * (1 - cover) + gain * value * cover);
        }
}

/* A sleeve, a heel: what is too little to be an object */
static void paste_fragment(const canvas *c, mdg_split split) {
    patch p = {.clip = draw_clip(c, split),
               .w = mdg_rng_uniform(c->r, 5, 10),
               .h = mdg_rng_uniform(c->r, 5, 10),
               .scale = 1};
    p.left = mdg_rng_uniform(c->r, 0, (float)c->set->image_w - p.w);
    p.top = mdg_rng_uniform(c->r, 0, (float)c->set->image_h - p.h);
    p.x = mdg_rng_uniform(c->r, 0, (float)c->o->w);
    p.y = mdg_rng_uniform(c->r, 0, (float)c->o->h);
    paste(c, &p, 1);
}

/* ---- objects ---- */

static bool is_free(const mdg_scene *s, float x, float y, float side) {
    for (int i = 0; i < s->n_objects; i++) {
        const float mean = (side + fmaxf(s->sides[2 * i], s->sides[2 * i + 1])) / 2;
        if (hypotf(x - s->objects[i].x, y - s->objects[i].y) < apart * mean) return false;
    }
    return true;
}

static void add_object(const canvas *c, mdg_split split, mdg_scene *s) {
    const float scale = mdg_rng_uniform(c->r, c->o->least_scale, c->o->most_scale);
    const float w = scale * (float)c->set->image_w, h = scale * (float)c->set->image_h;
    const mdg_clip *clip = draw_clip(c, split);
    for (int i = 0; i < TRIES; i++) {
        const float x = mdg_rng_uniform(c->r, w / 2, (float)c->o->w - w / 2);
        const float y = mdg_rng_uniform(c->r, h / 2, (float)c->o->h - h / 2);
        if (!is_free(s, x, y, fmaxf(w, h))) continue;
        s->sides[2 * s->n_objects] = w;
        s->sides[2 * s->n_objects + 1] = h;
        s->objects[s->n_objects++] = (mdg_object){.label = clip->label, .x = x, .y = y};
        const patch p = {clip, 0, 0, (float)c->set->image_w, (float)c->set->image_h, x, y, scale};
        paste(c, &p, mdg_rng_uniform(c->r, 0.8f, 1));
        return;
    }
}

void mdg_scene_compose(const mdg_dataset *set, mdg_split split, const mdg_scene_opts *o, int number,
                       mdg_scene *out) {
    mdg_rng r = mdg_rng_of(o->seed * MDG_SPLIT_COUNT + (uint64_t)split, (uint64_t)number);
    const canvas c = {set, o, &r, out->pixels};
    out->n_objects = 0;
    draw_gradient(&c);
    for (uint32_t n = mdg_rng_below(&r, MOST_SHAPES + 1); n > 0; n--) fill_shape(&c);
    for (uint32_t n = mdg_rng_below(&r, MOST_FRAGMENTS + 1); n > 0; n--) paste_fragment(&c, split);
    for (uint32_t n = mdg_rng_below(&r, (uint32_t)o->most + 1); n > 0; n--) add_object(&c, split, out);
}
