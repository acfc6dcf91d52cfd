/* SPDX-License-Identifier: MIT
 *
 * Pictures in large files, read one at a time: IDX and CIFAR-10's binary format.
 */
#include <string.h>
#include <zlib.h>

#include "collection/item.h"
#include "util/file.h"

enum {
    MAX_SIDE = 4096,
    CIFAR_SIDE = 32,
    CIFAR_PLANE = CIFAR_SIDE * CIFAR_SIDE,
    CIFAR_RECORD = 1 + 3 * CIFAR_PLANE
};

/* Names of numbered classes, a line each, from a file beside the data; "" for none. */
typedef struct words {
    const char *of[256];
} words;

static words read_words(mdg_converter *c, const char *folder, const char *name) {
    words w = {{NULL}};
    char line[256];
    int n = 0;
    for (int i = 0; i < 256; i++) w.of[i] = mdg_arena_printf(c->arena, "%d", i);
    FILE *f = fopen(mdg_arena_printf(c->arena, "%s/%s", folder, name), "r");
    while (f && n < 256 && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (*line) w.of[n++] = mdg_arena_strdup(c->arena, line);
    }
    if (f) fclose(f);
    return w;
}

static const char *folder_of(mdg_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? mdg_arena_printf(arena, "%.*s", (int)(slash - path), path) : ".";
}

static mdg_status give_picture(mdg_converter *c, const mdg_item *base, const char *stem, long i) {
    char name[512];
    mdg_item item = *base;
    snprintf(name, sizeof name, "%.480s_%05ld", stem, i);
    item.name = name;
    return mdg_convert_give(c, &item);
}

typedef struct idx_pair {
    gzFile images, labels;
    long n;
    int h, w;
} idx_pair;

static uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static mdg_status read_heads(idx_pair *p, mdg_diag *diag) {
    uint8_t head[16], label_head[8];
    if (gzread(p->images, head, 16) != 16 || be32(head) != 0x803)
        return mdg_fail(diag, MDG_INVALID, "no IDX file of pictures");
    if (!p->labels) return mdg_fail(diag, MDG_INVALID, "its file of labels is missing");
    if (gzread(p->labels, label_head, 8) != 8 || be32(label_head) != 0x801)
        return mdg_fail(diag, MDG_INVALID, "its file of labels is no IDX file of labels");
    const uint32_t n = be32(head + 4), h = be32(head + 8), w = be32(head + 12);
    if (n == 0 || n > INT32_MAX || h == 0 || w == 0 || h > MAX_SIDE || w > MAX_SIDE)
        return mdg_fail(diag, MDG_INVALID, "damaged: its header promises %lu pictures of %lu x %lu",
                        (unsigned long)n, (unsigned long)w, (unsigned long)h);
    if (be32(label_head + 4) != n)
        return mdg_fail(diag, MDG_INVALID, "%lu pictures, but %lu labels", (unsigned long)n,
                        (unsigned long)be32(label_head + 4));
    p->n = (long)n;
    p->h = (int)h;
    p->w = (int)w;
    return MDG_OK;
}

static mdg_status read_pair(mdg_converter *c, idx_pair *p, const char *path, const char *below) {
    const words w = read_words(c, c->opts->source, "labels.txt");
    const size_t size = (size_t)p->h * (size_t)p->w;
    uint8_t *pixels = mdg_arena_alloc(c->arena, size);
    const char *slash = strrchr(below, '/'), *name = slash ? slash + 1 : below;
    const char *stem = mdg_arena_printf(c->arena, "%.*s", (int)(strstr(name, "-images-") - name), name);
    const bool is_test = strncmp(stem, "t10k", 4) == 0 || strncmp(stem, "test", 4) == 0;
    mdg_item item = {
        .kind = MDG_DATA_IMAGES, .group = "", .source = path, .pixels = pixels, .h = p->h, .w = p->w};
    item.channels = 1;
    item.split = mdg_split_text(is_test ? MDG_SPLIT_TEST : MDG_SPLIT_TRAIN);
    for (long i = 0; i < p->n; i++) {
        uint8_t label;
        if (gzread(p->images, pixels, (unsigned)size) != (int)size || gzread(p->labels, &label, 1) != 1) {
            mdg_fail(c->diag, MDG_INVALID, "damaged: its header promises %ld pictures, %ld are there", p->n,
                     i);
            return mdg_convert_skip(c, path, c->diag->text);
        }
        item.label = w.of[label];
        MDG_TRY(give_picture(c, &item, stem, i));
    }
    uint8_t more;
    if (gzread(p->images, &more, 1) == 1)
        return mdg_convert_skip(c, path, "there is more in it than its header promises");
    return MDG_OK;
}

static mdg_status visit_idx(mdg_converter *c, const char *path, const char *below) {
    if (!mdg_idx_is_images(path)) return MDG_OK;
    static const char images[] = "-images-idx3-ubyte";
    const char *part = strstr(path, images);
    const char *labels = mdg_arena_printf(c->arena, "%.*s-labels-idx1-ubyte%s", (int)(part - path), path,
                                          part + sizeof images - 1);
    idx_pair p = {.images = gzopen(path, "rb"), .labels = gzopen(labels, "rb")};
    mdg_status status = p.images ? read_heads(&p, c->diag) : mdg_fail(c->diag, MDG_INVALID, "cannot be read");
    status = status == MDG_OK ? read_pair(c, &p, path, below) : mdg_convert_skip(c, path, c->diag->text);
    if (p.images) gzclose(p.images);
    if (p.labels) gzclose(p.labels);
    return status;
}

mdg_status mdg_source_idx(mdg_converter *c) {
    return mdg_source_files(c, NULL, visit_idx);
}

/* From planes of red, green and blue */
static void interleave(const uint8_t *planes, uint8_t *pixels) {
    for (int i = 0; i < CIFAR_PLANE; i++)
        for (int k = 0; k < 3; k++) pixels[3 * i + k] = planes[k * CIFAR_PLANE + i];
}

static mdg_status visit_cifar(mdg_converter *c, const char *path, const char *below) {
    const words w = read_words(c, folder_of(c->arena, path), "batches.meta.txt");
    const char *stem = mdg_item_stem(c->arena, below);
    uint8_t record[CIFAR_RECORD], pixels[3 * CIFAR_PLANE];
    const bool is_test = strstr(stem, "test") != NULL;
    const mdg_item base = {.kind = MDG_DATA_IMAGES,
                           .group = "",
                           .source = path,
                           .split = mdg_split_text(is_test ? MDG_SPLIT_TEST : MDG_SPLIT_TRAIN),
                           .pixels = pixels,
                           .h = CIFAR_SIDE,
                           .w = CIFAR_SIDE,
                           .channels = 3};
    mdg_status status = MDG_OK;
    size_t got = 0;
    FILE *f = fopen(path, "rb");
    if (!f) return mdg_convert_skip(c, path, "cannot be read");
    for (long i = 0; status == MDG_OK && (got = fread(record, 1, sizeof record, f)) == sizeof record; i++) {
        mdg_item item = base;
        item.label = w.of[record[0]];
        interleave(record + 1, pixels);
        status = give_picture(c, &item, stem, i);
    }
    fclose(f);
    if (status == MDG_OK && got)
        status = mdg_convert_skip(c, path, "its last record is cut short: records have 3,073 bytes");
    return status;
}

mdg_status mdg_source_cifar10(mdg_converter *c) {
    const char *dot = strrchr(c->opts->source, '.');
    if (dot && strcmp(dot, ".bin") == 0) return visit_cifar(c, c->opts->source, c->opts->source);
    return mdg_source_files(c, "bin", visit_cifar);
}
