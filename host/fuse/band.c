/* SPDX-License-Identifier: MIT */
#include "fuse/band.h"

#include <string.h>

#include "fuse/rows.h"

enum { MAX_LAYERS = 64, MAX_PICTURES = 2, OUTSIDE = -1 };

/* A layer of the group and the picture that it writes */
typedef struct layer {
    const mdg_call *call;
    mdg_rows rows;
    int from[MAX_PICTURES]; /* layers that write its pictures, or OUTSIDE */
    int32_t chunk;          /* rows made by one call */
    int32_t made;           /* rows made so far */
    int32_t top;            /* of these, the first one that is still in the window */
    int32_t capacity;       /* rows of the window */
    int window;             /* buffer; of the last layer the picture itself */
} layer;

typedef struct bands {
    mdg_program *out; /* NULL: only the windows are measured */
    layer layers[MAX_LAYERS];
    int n;
} bands;

/* -- Reading the group -- */

static int writer_of(const bands *b, int buffer) {
    for (int i = 0; i < b->n; i++)
        if (b->layers[i].call->out[0] == buffer) return i;
    return OUTSIDE;
}

/* The height of a picture, as those tell that make or read it; 0 = not known */
static int32_t height_of(const mdg_program *p, int buffer) {
    int32_t height = 0;
    for (int i = 0; i < p->n_calls && !height; i++) {
        const mdg_call *c = &p->calls[i];
        mdg_rows r;
        if (c->n_in < 1 || !mdg_rows_read(p, c, 0, &r)) continue;
        if (c->out[0] == buffer) height = r.out_h;
        if (c->in[0] == buffer) height = r.in_h;
    }
    return height;
}

static bool read_layer(const mdg_program *p, bands *b, const mdg_call *c) {
    layer *l = &b->layers[b->n];
    *l = (layer){.call = c};
    const int x = c->n_in > 0 ? c->in[0] : -1;
    if (x < 0) return false;
    const int from = writer_of(b, x);
    const int32_t height = from == OUTSIDE ? height_of(p, x) : b->layers[from].rows.out_h;
    if (!mdg_rows_read(p, c, height, &l->rows) || l->rows.in_h != height) return false;
    for (int k = 0; k < l->rows.n_pictures; k++) {
        const mdg_buffer *picture = &p->buffers[c->in[k]];
        if (picture->kind != MDG_BUF_ARENA || picture->whole >= 0 ||
            picture->bytes != (size_t)l->rows.in_h * l->rows.in_row_bytes)
            return false;
        l->from[k] = writer_of(b, c->in[k]);
    }
    b->n++;
    return true;
}

static bool reads(const mdg_call *c, int buffer) {
    for (int k = 0; k < c->n_in; k++)
        if (c->in[k] == buffer) return true;
    return false;
}

static bool writes(const mdg_call *c, int buffer) {
    for (int k = 0; k < c->n_out; k++)
        if (c->out[k] == buffer) return true;
    return false;
}

static bool is_io(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_inputs; i++)
        if (p->inputs[i].buffer == buffer) return true;
    for (int i = 0; i < p->n_outputs; i++)
        if (p->outputs[i].buffer == buffer) return true;
    return false;
}

static bool has_parts(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].whole == buffer) return true;
    return false;
}

/* Written once; what is no end of the group is read in the group alone. */
static bool is_closed(const mdg_program *p, const mdg_band_group *g, int call) {
    const int y = p->calls[call].out[0];
    bool is_read = false;
    if (p->buffers[y].kind != MDG_BUF_ARENA || p->buffers[y].whole >= 0) return false;
    if (call != g->last && has_parts(p, y))
        return false; /* the last one's are read by bands of later layers */
    for (int i = 0; i < p->n_calls; i++) {
        const bool inside = i > call && i <= g->last;
        if (i != call && writes(&p->calls[i], y)) return false;
        if (!reads(&p->calls[i], y)) continue;
        if (inside == (call == g->last)) return false;
        is_read = true;
    }
    return call == g->last || (is_read && !is_io(p, y));
}

static bool read_group(const mdg_program *p, const mdg_band_group *g, bands *b) {
    *b = (bands){.n = 0};
    if (g->last < g->first || g->last - g->first >= MAX_LAYERS || g->last >= p->n_calls) return false;
    for (int i = g->first; i <= g->last; i++)
        if (p->calls[i].step != MDG_STEP_KERNEL || !read_layer(p, b, &p->calls[i]) || !is_closed(p, g, i))
            return false;
    return true;
}

bool mdg_band_fits(const mdg_program *p, const mdg_band_group *g) {
    bands b;
    return read_group(p, g, &b) && b.layers[b.n - 1].rows.out_h > g->rows;
}

/* As many rows at a time as the layers behind need for theirs */
static void set_chunks(bands *b, int32_t rows) {
    b->layers[b->n - 1].chunk = rows;
    for (int i = b->n - 1; i >= 0; i--) {
        const layer *l = &b->layers[i];
        for (int k = 0; k < l->rows.n_pictures; k++) {
            if (l->from[k] == OUTSIDE) continue;
            layer *from = &b->layers[l->from[k]];
            const int32_t chunk = l->chunk * l->rows.stride;
            if (!from->chunk || chunk < from->chunk) from->chunk = chunk;
        }
    }
}

/* -- Writing calls -- */

/* Rows of a picture or a window, as a buffer; the same rows give the same one. */
static int rows_buffer(mdg_program *p, int whole, size_t place, size_t bytes) {
    const mdg_buffer w = p->buffers[whole];
    if (place == 0 && bytes == w.bytes) return whole;
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->whole == whole && b->place == place && b->bytes == bytes) return i;
    }
    const int part = mdg_program_add_buffer(p, MDG_BUF_ARENA, w.name, w.element, bytes, NULL);
    p->buffers[part].whole = whole;
    p->buffers[part].place = place;
    return part;
}

/* Rows [from, to) of what layer i writes */
static int made_rows(bands *b, int i, int32_t from, int32_t to) {
    const layer *l = &b->layers[i];
    const size_t row = l->rows.out_row_bytes;
    return rows_buffer(b->out, l->window, (size_t)(from - l->top) * row, (size_t)(to - from) * row);
}

static mdg_call *add_call(bands *b, const mdg_call *like) {
    mdg_call *c = mdg_program_add_call(b->out, like->kernel, like->params);
    *c = *like;
    return c;
}

/* Layer i makes its rows [from, to). */
static void add_rows(bands *b, int i, int32_t from, int32_t to) {
    const layer *l = &b->layers[i];
    const int32_t in_from = mdg_rows_from(&l->rows, from), in_to = mdg_rows_to(&l->rows, to);
    const size_t row = l->rows.in_row_bytes;
    mdg_call c = *l->call;
    c.params = mdg_rows_cut(b->out, l->call, &l->rows, from, to);
    for (int k = 0; k < l->rows.n_pictures; k++)
        c.in[k] = l->from[k] == OUTSIDE
                      ? rows_buffer(b->out, c.in[k], (size_t)in_from * row, (size_t)(in_to - in_from) * row)
                      : made_rows(b, l->from[k], in_from, in_to);
    c.out[0] = made_rows(b, i, from, to);
    add_call(b, &c);
}

/* Rows from row `from` on move to the top of their window. */
static void add_carry(bands *b, const layer *l, int32_t from) {
    const size_t row = l->rows.out_row_bytes;
    mdg_carry_params *params = mdg_arena_alloc(b->out->arena, sizeof *params);
    params->from = (int32_t)((size_t)(from - l->top) * row);
    params->bytes = (int32_t)((size_t)(l->made - from) * row);
    mdg_call *c = mdg_program_add_call(b->out, MDG_K_carry, params);
    c->subgraph = l->call->subgraph;
    c->op = l->call->op;
    mdg_call_add_in(c, l->window);
    mdg_call_add_out(c, l->window);
}

/* -- Running -- */

/* The first row of layer i that is still to be read */
static int32_t first_needed(const bands *b, int i) {
    int32_t first = b->layers[i].made;
    for (int j = i + 1; j < b->n; j++) {
        const layer *reader = &b->layers[j];
        for (int k = 0; k < reader->rows.n_pictures; k++) {
            if (reader->from[k] != i || reader->made == reader->rows.out_h) continue;
            const int32_t row = mdg_rows_from(&reader->rows, reader->made);
            if (row < first) first = row;
        }
    }
    return first;
}

/* Forgets the rows of layer i that nobody needs any more. */
static void forget(bands *b, int i) {
    layer *l = &b->layers[i];
    const int32_t first = first_needed(b, i);
    if (first <= l->top) return;
    if (b->out && first < l->made) add_carry(b, l, first);
    l->top = first;
}

/* Layer i makes its rows up to row `to`, after the layers before have made what it needs for them. */
static void make(bands *b, int i, int32_t to) {
    layer *l = &b->layers[i];
    while (l->made < to) {
        const int32_t end = to - l->made < l->chunk ? to : l->made + l->chunk;
        for (int k = 0; k < l->rows.n_pictures; k++)
            if (l->from[k] != OUTSIDE) make(b, l->from[k], mdg_rows_to(&l->rows, end));
        if (b->out) add_rows(b, i, l->made, end);
        l->made = end;
        if (l->made - l->top > l->capacity) l->capacity = l->made - l->top;
        for (int k = 0; k < l->rows.n_pictures; k++)
            if (l->from[k] != OUTSIDE) forget(b, l->from[k]);
    }
}

static void make_all(bands *b) {
    for (int i = 0; i < b->n; i++) b->layers[i].made = b->layers[i].top = 0;
    make(b, b->n - 1, b->layers[b->n - 1].rows.out_h);
}

static void add_windows(bands *b, mdg_program *p) {
    for (int i = 0; i < b->n - 1; i++) {
        layer *l = &b->layers[i];
        const mdg_buffer picture = p->buffers[l->call->out[0]];
        l->window = mdg_program_add_buffer(p, MDG_BUF_ARENA, picture.name, picture.element,
                                           (size_t)l->capacity * l->rows.out_row_bytes, NULL);
    }
    b->layers[b->n - 1].window = b->layers[b->n - 1].call->out[0];
}

void mdg_band_run(const mdg_program *p, const mdg_band_group *g, mdg_program *out) {
    bands b;
    *out = mdg_program_copy(p, p->arena);
    if (!read_group(p, g, &b)) return;
    set_chunks(&b, g->rows);
    make_all(&b);
    out->n_calls = 0;
    b.out = out;
    add_windows(&b, out);
    for (int i = 0; i < g->first; i++) add_call(&b, &p->calls[i]);
    make_all(&b);
    for (int i = g->last + 1; i < p->n_calls; i++) add_call(&b, &p->calls[i]);
    mdg_program_lifetimes(out);
}
