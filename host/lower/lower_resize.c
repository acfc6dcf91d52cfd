/* SPDX-License-Identifier: MIT
 *
 * RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR. Where each output row and column lies in the input is computed
 * here, as TFLM computes it for every pixel, and stored in tables.
 */
#include "lower/move.h"

#include <math.h>

/* One spatial dimension */
typedef struct axis {
    int32_t in, out;
    bool align_corners, half_pixel_centers;
} axis;

static mdg_status resize(mdg_lowering *lo, mdg_resize_params *p) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    const int32_t *size;
    int count;
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_rank(lo, x, 4, 4));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &size, &count));
    MDG_TRY(mdg_lo_need(lo, count == 2, "the size needs two numbers"));
    mdg_shape expected = x->shape;
    expected.dim[1] = size[0];
    expected.dim[2] = size[1];
    MDG_TRY(mdg_lo_need_shape(lo, y, &expected));
    *p = (mdg_resize_params){x->shape.dim[0], x->shape.dim[1], x->shape.dim[2],
                             size[0],         size[1],         x->shape.dim[3]};
    return MDG_OK;
}

static mdg_call *call(mdg_lowering *lo, const mdg_resize_params *p) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return c;
}

static int32_t clamp_to(int64_t i, int32_t n) {
    return i < 0 ? 0 : i >= n ? n - 1 : (int32_t)i;
}

/* From output to input positions, rounded in float32 as in TFLM */
static float scale_of(const axis *a) {
    return a->align_corners && a->out > 1 ? (float)(a->in - 1) / (float)(a->out - 1)
                                          : (float)a->in / (float)a->out;
}

static int nearest_table(mdg_lowering *lo, const char *name, const axis *a) {
    int32_t *source = mdg_arena_array(lo->program->arena, (size_t)a->out, sizeof *source);
    const float scale = scale_of(a), centre = a->half_pixel_centers ? 0.5f : 0.0f;
    for (int32_t i = 0; i < a->out; i++) {
        const float at = ((float)i + centre) * scale;
        source[i] = clamp_to((int64_t)(a->align_corners ? roundf(at) : floorf(at)), a->in);
    }
    return mdg_lo_const_i32(lo, name, source, a->out);
}

static mdg_status lower_nearest(mdg_lowering *lo) {
    const mdg_resize_nearest_attrs *a = lo->op->attrs;
    mdg_resize_params *p = mdg_lo_params(lo, sizeof *p);
    int32_t bytes;
    MDG_TRY(resize(lo, p));
    MDG_TRY(mdg_lo_need_element_bytes(lo, mdg_lo_input(lo, 0), &bytes));
    p->pixel *= bytes;
    const axis h = {p->in_h, p->out_h, a->align_corners, a->half_pixel_centers};
    const axis w = {p->in_w, p->out_w, a->align_corners, a->half_pixel_centers};
    const int rows = nearest_table(lo, "rows", &h), columns = nearest_table(lo, "columns", &w);
    mdg_call *c = call(lo, p);
    mdg_call_add_in(c, rows);
    mdg_call_add_in(c, columns);
    return MDG_OK;
}

/* Position `at`, in units of 1 / one: between which two neighbours, and how far from the lower one */
static void fill_neighbours(const axis *a, int64_t at, int64_t one, int32_t pair[2]) {
    pair[0] = clamp_to(at / one, a->in);
    pair[1] = clamp_to((at + one - 1) / one, a->in);
}

/* Positions with 10 fractional bits */
static void bilinear_s8(const axis *a, int32_t *pairs, int32_t *part) {
    const int64_t one = 1 << 10;
    int64_t scale = (one * a->in + a->out / 2) / a->out;
    if (a->align_corners && a->out > 1) scale = (one * (a->in - 1) + (a->out - 1) / 2) / (a->out - 1);
    for (int32_t i = 0; i < a->out; i++) {
        const int64_t at = i * scale + (a->half_pixel_centers ? scale / 2 - one / 2 : 0);
        fill_neighbours(a, at, one, pairs + 2 * i);
        const bool is_beyond = at / one > pairs[2 * i]; /* then both neighbours are the last element */
        part[i] = is_beyond ? 0 : (int32_t)(at - one * pairs[2 * i]);
    }
}

static void bilinear_f32(const axis *a, int32_t *pairs, float *part) {
    const float scale = scale_of(a);
    for (int32_t i = 0; i < a->out; i++) {
        const float at = a->half_pixel_centers ? ((float)i + 0.5f) * scale - 0.5f : (float)i * scale;
        pairs[2 * i] = clamp_to((int64_t)floorf(at), a->in);
        pairs[2 * i + 1] = clamp_to((int64_t)ceilf(at), a->in);
        part[i] = at - (float)pairs[2 * i];
    }
}

/* The tables of one dimension, added to the call's inputs */
static void add_bilinear_tables(mdg_lowering *lo, int call_index, const axis *a) {
    mdg_arena *arena = lo->program->arena;
    const size_t n = (size_t)a->out;
    int32_t *pairs = mdg_arena_array(arena, 2 * n, sizeof *pairs);
    int32_t *fixed = mdg_arena_array(arena, n, sizeof *fixed);
    float *real = mdg_arena_array(arena, n, sizeof *real);
    const bool is_float = mdg_lo_input(lo, 0)->type == MDG_FLOAT32;
    if (is_float)
        bilinear_f32(a, pairs, real);
    else
        bilinear_s8(a, pairs, fixed);
    const int neighbours = mdg_lo_const_i32(lo, "neighbours", pairs, 2 * a->out);
    const int parts = is_float ? mdg_lo_const(lo, "parts", "float", real, n * sizeof *real)
                               : mdg_lo_const_i32(lo, "parts", fixed, a->out);
    mdg_call_add_in(&lo->program->calls[call_index], neighbours);
    mdg_call_add_in(&lo->program->calls[call_index], parts);
}

static mdg_status lower_bilinear(mdg_lowering *lo) {
    const mdg_resize_bilinear_attrs *a = lo->op->attrs;
    mdg_resize_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(resize(lo, p));
    MDG_TRY(mdg_lo_need(lo, !(a->align_corners && a->half_pixel_centers),
                        "corners cannot be aligned with pixel centres at one half"));
    const axis h = {p->in_h, p->out_h, a->align_corners, a->half_pixel_centers};
    const axis w = {p->in_w, p->out_w, a->align_corners, a->half_pixel_centers};
    const int index = (int)(call(lo, p) - lo->program->calls);
    add_bilinear_tables(lo, index, &h);
    add_bilinear_tables(lo, index, &w);
    return MDG_OK;
}

static const mdg_variant nearest[] = {{"*,int32->*", MDG_K_resize_nearest}};
MDG_RULE(resize_nearest_neighbor, 2, 2, 1, nearest, lower_nearest);

static const mdg_variant bilinear[] = {{"int8,int32->int8", MDG_K_resize_bilinear_s8},
                                       {"float32,int32->float32", MDG_K_resize_bilinear_f32}};
MDG_RULE(resize_bilinear, 2, 2, 1, bilinear, lower_bilinear);
