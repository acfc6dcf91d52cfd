/* SPDX-License-Identifier: MIT
 *
 * IDX files, plain or compressed by gzip (Y. LeCun, C. Cortes, C. Burges, "The MNIST database", format
 * section): two zero bytes, the element type (8 = uint8), the rank, big-endian dimensions, the elements.
 */
#include "data/images.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum { UINT8_ELEMENTS = 8, MAX_SIDE = 4096, PIECE = 1 << 20 };

static const char images_part[] = "-images-idx3-ubyte", labels_part[] = "-labels-idx1-ubyte";

bool mdg_idx_is_images(const char *name) {
    const char *part = strstr(name, images_part);
    const char *rest = part ? part + sizeof images_part - 1 : "?";
    return *rest == '\0' || strcmp(rest, ".gz") == 0;
}

/* All bytes of a file; zlib passes plain files through. */
static mdg_status read_whole(const char *path, mdg_arena *arena, uint8_t **data, size_t *size,
                             mdg_diag *diag) {
    size_t capacity = PIECE;
    gzFile f = gzopen(path, "rb");
    if (!f) return mdg_fail(diag, MDG_NOT_FOUND, "%s", strerror(errno));
    uint8_t *bytes = mdg_arena_alloc(arena, capacity);
    int got;
    *size = 0;
    while ((got = gzread(f, bytes + *size, PIECE)) > 0) {
        *size += (size_t)got;
        if (capacity - *size >= PIECE) continue;
        uint8_t *more = mdg_arena_alloc(arena, 2 * capacity);
        memcpy(more, bytes, *size);
        bytes = more;
        capacity *= 2;
    }
    const bool whole = got == 0 && gzclose(f) == Z_OK;
    if (got < 0) gzclose(f);
    *data = bytes;
    return whole ? MDG_OK
                 : mdg_fail(diag, MDG_INVALID, "damaged: its compressed data ends early or is wrong");
}

static uint32_t get_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Checks the header against the size; dims gets `rank` numbers, *elements where they start. */
static mdg_status parse(const uint8_t *data, size_t size, int rank, uint32_t *dims, const uint8_t **elements,
                        mdg_diag *diag) {
    const size_t head = 4 + 4 * (size_t)rank;
    if (size < head || data[0] || data[1] || data[2] != UINT8_ELEMENTS || data[3] != rank)
        return mdg_fail(diag, MDG_INVALID, "no IDX file of uint8 with %d dimensions", rank);
    uint64_t promised = 1;
    for (int i = 0; i < rank; i++) {
        dims[i] = get_be32(data + 4 + 4 * i);
        if (dims[i] == 0 || promised > UINT64_MAX / dims[i])
            return mdg_fail(diag, MDG_INVALID, "damaged: a dimension of %lu", (unsigned long)dims[i]);
        promised *= dims[i];
    }
    if (promised != size - head)
        return mdg_fail(diag, MDG_INVALID, "damaged: its header promises %llu bytes, %zu are there",
                        (unsigned long long)promised, size - head);
    *elements = data + head;
    return MDG_OK;
}

mdg_status mdg_idx_read(const char *images_path, mdg_arena *arena, mdg_idx *out, mdg_diag *diag) {
    const char *part = strstr(images_path, images_part);
    const char *labels_path = mdg_arena_printf(arena, "%.*s%s%s", (int)(part - images_path), images_path,
                                               labels_part, part + sizeof images_part - 1);
    uint8_t *data;
    size_t size;
    uint32_t dims[3], n_labels = 0;
    MDG_TRY(read_whole(images_path, arena, &data, &size, diag));
    MDG_TRY(parse(data, size, 3, dims, &out->pixels, diag));
    if (dims[1] > MAX_SIDE || dims[2] > MAX_SIDE)
        return mdg_fail(diag, MDG_INVALID, "pictures of %lu x %lu pixels are too large",
                        (unsigned long)dims[2], (unsigned long)dims[1]);
    mdg_status status = read_whole(labels_path, arena, &data, &size, diag);
    if (status == MDG_OK) status = parse(data, size, 1, &n_labels, &out->labels, diag);
    if (status != MDG_OK) return mdg_fail_in(diag, status, labels_path);
    if (n_labels != dims[0])
        return mdg_fail(diag, MDG_INVALID, "%lu pictures, but %lu labels", (unsigned long)dims[0],
                        (unsigned long)n_labels);
    out->n = dims[0];
    out->h = (int)dims[1];
    out->w = (int)dims[2];
    return MDG_OK;
}
