/* SPDX-License-Identifier: MIT
 *
 * Pictures in large files: IDX and CIFAR-10's binary format. The test split has files of its own; labels are
 * numbers in the order of their names, which labels.txt or batches.meta.txt lists.
 */
#include <errno.h>
#include <string.h>

#include "collection/item.h"
#include "util/file.h"

enum { CIFAR_SIDE = 32, CIFAR_PLANE = CIFAR_SIDE * CIFAR_SIDE };

/* IDX: images and labels; CIFAR-10: records alone */
typedef struct part {
    mdg_writer images, labels;
    bool is_open;
    uint32_t n;
} part;

typedef struct state {
    part parts[2]; /* training, test */
    int h, w;
    bool is_idx;
} state;

static void put_be32(FILE *f, uint32_t value) {
    for (int i = 0; i < 4; i++) fputc((int)(value >> (24 - 8 * i) & 255), f);
}

static mdg_status open_sink(mdg_converter *c, bool is_idx) {
    state *s = c->state = mdg_arena_alloc(c->kept, sizeof *s);
    s->is_idx = is_idx;
    if (!is_idx) s->h = s->w = CIFAR_SIDE;
    return MDG_OK;
}

static mdg_status open_idx(mdg_converter *c) {
    return open_sink(c, true);
}

static mdg_status open_cifar(mdg_converter *c) {
    return open_sink(c, false);
}

/* Heads with a count of 0, which closing puts right */
static mdg_status open_part(mdg_converter *c, part *p, bool is_test) {
    const state *s = c->state;
    const char *out = c->opts->out;
    if (p->is_open) return MDG_OK;
    if (!s->is_idx) {
        const char *name = is_test ? "test_batch" : "data_batch_1";
        MDG_TRY(mdg_writer_open(&p->images, mdg_arena_printf(c->kept, "%s/%s.bin", out, name), c->diag));
        p->is_open = true;
        return MDG_OK;
    }
    const char *stem = is_test ? "t10k" : "train";
    MDG_TRY(mdg_writer_open(&p->images, mdg_arena_printf(c->kept, "%s/%s-images-idx3-ubyte", out, stem),
                            c->diag));
    const mdg_status status =
        mdg_writer_open(&p->labels, mdg_arena_printf(c->kept, "%s/%s-labels-idx1-ubyte", out, stem), c->diag);
    if (status != MDG_OK) {
        mdg_writer_discard(&p->images);
        return status;
    }
    p->is_open = true;
    const uint32_t head[] = {0x803, 0, (uint32_t)s->h, (uint32_t)s->w};
    for (int i = 0; i < 4; i++) put_be32(p->images.stream, head[i]);
    put_be32(p->labels.stream, 0x801);
    put_be32(p->labels.stream, 0);
    return MDG_OK;
}

static mdg_status take(mdg_converter *c, const mdg_item *item) {
    state *s = c->state;
    mdg_image image;
    MDG_TRY(mdg_item_image(c, item, s->h, s->w, s->is_idx, &image));
    const int label = mdg_convert_number(c, &c->labels, item->label);
    if (label < 0 || label > 255)
        return mdg_fail(c->diag, MDG_UNSUPPORTED, "%s: more than 256 classes, which a byte cannot number",
                        c->opts->source);
    s->h = image.h;
    s->w = image.w;
    const bool is_test = strcmp(item->split, mdg_split_text(MDG_SPLIT_TEST)) == 0;
    part *p = &s->parts[is_test];
    MDG_TRY(open_part(c, p, is_test));
    p->n++;
    fputc(label, s->is_idx ? p->labels.stream : p->images.stream);
    const size_t n = (size_t)image.h * (size_t)image.w;
    if (s->is_idx) {
        fwrite(image.pixels, 1, n, p->images.stream);
        return MDG_OK;
    }
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < n; i++)
            fputc(image.pixels[image.channels == 3 ? 3 * i + k : i], p->images.stream);
    return MDG_OK;
}

static mdg_status close_part(mdg_converter *c, part *p) {
    const state *s = c->state;
    if (!p->is_open) return MDG_OK;
    mdg_status status = MDG_OK;
    if (s->is_idx) {
        fseek(p->images.stream, 4, SEEK_SET);
        put_be32(p->images.stream, p->n);
        fseek(p->labels.stream, 4, SEEK_SET);
        put_be32(p->labels.stream, p->n);
        status = mdg_writer_close(&p->labels, c->diag);
    }
    const mdg_status closed = mdg_writer_close(&p->images, c->diag);
    return status == MDG_OK ? closed : status;
}

static mdg_status close_sink(mdg_converter *c) {
    state *s = c->state;
    mdg_writer w;
    const char *name = s->is_idx ? "labels.txt" : "batches.meta.txt";
    const mdg_status training = close_part(c, &s->parts[0]), test = close_part(c, &s->parts[1]);
    MDG_TRY(training);
    MDG_TRY(test);
    MDG_TRY(mdg_writer_open(&w, mdg_arena_printf(c->kept, "%s/%s", c->opts->out, name), c->diag));
    for (int i = 0; i < c->labels.n; i++) fprintf(w.stream, "%s\n", c->labels.words[i]);
    return mdg_writer_close(&w, c->diag);
}

const mdg_sink mdg_sink_idx = {open_idx, take, close_sink};
const mdg_sink mdg_sink_cifar10 = {open_cifar, take, close_sink};
