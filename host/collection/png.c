/* SPDX-License-Identifier: MIT
 *
 * PNG (RFC 2083): a signature and chunks of length, name, data, CRC; the rows are compressed by zlib, each
 * after a byte that names its filter (0 = none).
 */
#include "collection/png.h"

#include <string.h>
#include <zlib.h>

#include "util/file.h"

static void put_be32(uint8_t *p, uint32_t value) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_chunk(FILE *f, const char *name, const uint8_t *data, size_t size) {
    uint8_t word[4];
    put_be32(word, (uint32_t)size);
    fwrite(word, 1, 4, f);
    fwrite(name, 1, 4, f);
    if (size) fwrite(data, 1, size, f);
    uLong crc = crc32(0, (const Bytef *)name, 4);
    if (size) crc = crc32(crc, data, (uInt)size);
    put_be32(word, (uint32_t)crc);
    fwrite(word, 1, 4, f);
}

mdg_status mdg_png_write(const char *path, const uint8_t *pixels, int h, int w, int channels,
                         mdg_arena *arena, mdg_diag *diag) {
    const size_t width = (size_t)w * (size_t)channels, size = (size_t)h * (width + 1);
    uint8_t *rows = mdg_arena_alloc(arena, size), head[13] = {0};
    uLongf packed_size = compressBound((uLong)size);
    uint8_t *packed = mdg_arena_alloc(arena, packed_size);
    mdg_writer out;
    for (int y = 0; y < h; y++) memcpy(rows + (size_t)y * (width + 1) + 1, pixels + (size_t)y * width, width);
    if (compress2(packed, &packed_size, rows, (uLong)size, 6) != Z_OK)
        return mdg_fail(diag, MDG_NO_MEMORY, "%s: out of memory", path);
    put_be32(head, (uint32_t)w);
    put_be32(head + 4, (uint32_t)h);
    head[8] = 8;                     /* bits */
    head[9] = channels == 1 ? 0 : 2; /* grey, RGB */
    MDG_TRY(mdg_writer_open(&out, path, diag));
    out.unsynced = true;
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, out.stream);
    put_chunk(out.stream, "IHDR", head, sizeof head);
    put_chunk(out.stream, "IDAT", packed, packed_size);
    put_chunk(out.stream, "IEND", NULL, 0);
    return mdg_writer_close(&out, diag);
}
