/* SPDX-License-Identifier: MIT
 *
 * augment_image.c: variations of pictures; all geometry is one mapping, so that pixels are interpolated once.
 */
#include <math.h>

#include "data/augment_parts.h"

/* A pixel (x, y), counted from the middle of the result, comes from (a x - b y + dx, b x + a y + dy). */
typedef struct mapping {
    float a, b, dx, dy;
    bool flip;
} mapping;

typedef struct picture {
    const int16_t *pixels;
    int h, w, channels;
} picture;

static float draw_shift(mdg_rng *r, float share, int side) {
    const int most = (int)(share * (float)side + 0.5f);
    return (float)mdg_rng_below(r, 2 * (uint32_t)most + 1) - (float)most;
}

static mapping draw_mapping(const mdg_augment_image_opts *o, const picture *p, mdg_rng *r) {
    mapping m;
    m.flip = mdg_rng_uniform(r, 0, 1) < o->flip;
    m.dx = draw_shift(r, o->shift, p->w);
    m.dy = draw_shift(r, o->shift, p->h);
    const float zoom = 1 + mdg_rng_uniform(r, -o->zoom, o->zoom);
    const float angle = mdg_rng_uniform(r, -o->rotate_deg, o->rotate_deg) * 0.017453293f;
    m.a = cosf(angle) / zoom;
    m.b = sinf(angle) / zoom;
    return m;
}

static float clamp(float x, float most) {
    return x < 0 ? 0 : x > most ? most : x;
}

/* Bilinear, exact on whole positions; the edges repeat. */
static void pixel_at(const picture *p, float x, float y, int16_t *out) {
    x = clamp(x, (float)(p->w - 1));
    y = clamp(y, (float)(p->h - 1));
    const int x0 = (int)x, y0 = (int)y, x1 = x0 + (x0 + 1 < p->w), y1 = y0 + (y0 + 1 < p->h), n = p->channels;
    const float tx = x - (float)x0, ty = y - (float)y0;
    for (int c = 0; c < n; c++) {
        const int16_t *top = p->pixels + y0 * p->w * n + c, *bottom = p->pixels + y1 * p->w * n + c;
        const float above = (float)top[x0 * n] + tx * (float)(top[x1 * n] - top[x0 * n]);
        const float below = (float)bottom[x0 * n] + tx * (float)(bottom[x1 * n] - bottom[x0 * n]);
        out[c] = mdg_saturate(above + ty * (below - above));
    }
}

static void map_picture(const picture *p, const mapping *m, int16_t *out) {
    const float middle_x = (float)(p->w - 1) / 2, middle_y = (float)(p->h - 1) / 2;
    for (int y = 0; y < p->h; y++)
        for (int x = 0; x < p->w; x++, out += p->channels) {
            const float u = (float)(m->flip ? p->w - 1 - x : x) - middle_x, v = (float)y - middle_y;
            pixel_at(p, middle_x + m->a * u - m->b * v + m->dx, middle_y + m->b * u + m->a * v + m->dy, out);
        }
}

/* The way back: from a place in the picture, as a share, to that in the result. */
static mdg_object map_object(const picture *p, const mapping *m, mdg_object o) {
    const float middle_x = (float)(p->w - 1) / 2, middle_y = (float)(p->h - 1) / 2;
    const float x = o.x * (float)p->w - 0.5f - middle_x - m->dx,
                y = o.y * (float)p->h - 0.5f - middle_y - m->dy;
    const float squared = m->a * m->a + m->b * m->b;
    const float u = middle_x + (m->a * x + m->b * y) / squared,
                v = middle_y + (m->a * y - m->b * x) / squared;
    o.x = ((m->flip ? (float)(p->w - 1) - u : u) + 0.5f) / (float)p->w;
    o.y = (v + 0.5f) / (float)p->h;
    return o;
}

static float mean_of(const int16_t *x, int n, int step) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i * step];
    return (float)(sum / n);
}

static void change_light(float brightness, float contrast, int16_t *x, int n) {
    const float mean = mean_of(x, n, 1);
    for (int i = 0; i < n; i++)
        x[i] = mdg_saturate(clamp(mean + contrast * ((float)x[i] - mean) + 255 * brightness, 255));
}

static void cut_out(const picture *p, float share, mdg_rng *r, int16_t *x) {
    const int most = (int)(share * (float)(p->h < p->w ? p->h : p->w) + 0.5f);
    const int side = (int)mdg_rng_below(r, (uint32_t)most + 1);
    const int top = (int)mdg_rng_below(r, (uint32_t)(p->h - side) + 1);
    const int left = (int)mdg_rng_below(r, (uint32_t)(p->w - side) + 1);
    for (int c = 0; c < p->channels; c++) {
        const int16_t mean = mdg_saturate(mean_of(x + c, p->h * p->w, p->channels));
        for (int i = 0; i < side * side; i++)
            x[((top + i / side) * p->w + left + i % side) * p->channels + c] = mean;
    }
}

void mdg_augment_image(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_image_opts *opts,
                       mdg_rng *r, int16_t *out) {
    const picture p = {clip->samples, set->image_h, set->image_w, set->channels};
    const mapping m = draw_mapping(opts, &p, r);
    map_picture(&p, &m, out);
    const float brightness = mdg_rng_uniform(r, -opts->brightness, opts->brightness);
    const float contrast = 1 + mdg_rng_uniform(r, -opts->contrast, opts->contrast);
    if (opts->brightness > 0 || opts->contrast > 0)
        change_light(brightness, contrast, out, p.h * p.w * p.channels);
    cut_out(&p, opts->cutout, r, out);
}

void mdg_augment_image_objects(const mdg_dataset *set, const mdg_clip *clip,
                               const mdg_augment_image_opts *opts, mdg_rng *r, mdg_object *out) {
    const picture p = {clip->samples, set->image_h, set->image_w, set->channels};
    const mapping m = draw_mapping(opts, &p, r);
    for (int i = 0; i < clip->n_objects; i++) out[i] = map_object(&p, &m, clip->objects[i]);
}
