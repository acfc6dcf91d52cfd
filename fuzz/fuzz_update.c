/* SPDX-License-Identifier: MIT
 *
 * Sends hostile updates to a device: headers with their CRC put right, data at any offset, with power cuts,
 * and flash that holds anything at the start. The model that runs must stay, until another one has been
 * verified and accepted.
 *
 *     tools/fuzz update
 */
#include <stdlib.h>
#include <string.h>

#include "core/crc32.h"
#include "midge/image.h"
#include "tests/core/flash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the input; zeros follow it. */
typedef struct input {
    const uint8_t *data;
    size_t size;
} input;

static uint32_t next(input *in) {
    if (in->size == 0) return 0;
    in->size--;
    return *in->data++;
}

static void next_bytes(input *in, uint8_t *to, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) to[i] = (uint8_t)next(in);
}

/* A signature begins with S. */
static bool verify(void *context, const uint8_t *signature, const uint8_t *message, size_t bytes) {
    (void)context;
    flash_expect(mdg_crc32(message, bytes) != 1); /* all of it can be read */
    return signature[0] == 'S';
}

static bool accept_image(void *context, const uint8_t *image, size_t bytes) {
    (void)context;
    return bytes > 0 && image[0] != 'x';
}

/* A header that gets past the first checks, mostly: version, minimum and size are the input's. */
static void make_header(input *in, uint8_t *to) {
    mdg_update_header h = {.magic = MDG_UPDATE_MAGIC, .format = MDG_UPDATE_FORMAT_1};
    h.version = next(in);
    h.minimum = next(in);
    h.image_bytes = next(in) * 13;
    h.image_crc = next(in);
    h.image_format = MDG_IMAGE_VERSION;
    h.name[0] = 'm';
    const uint32_t spoilt = next(in);
    if (spoilt & 1) next_bytes(in, (uint8_t *)&h + spoilt % 56, 4);
    h.crc = mdg_crc32((const uint8_t *)&h, offsetof(mdg_update_header, crc));
    if (spoilt == 0xFE) h.crc ^= 1;
    memcpy(to, &h, sizeof h);
}

/* What the CRC will be of the bytes that write_data sends: those of pattern() */
static uint8_t pattern(uint32_t i) {
    return (uint8_t)(i % 251);
}

static void begin(mdg_update *u, input *in) {
    uint8_t header[MDG_UPDATE_HEADER_BYTES], image[256 * 13];
    mdg_update_header h;
    make_header(in, header);
    memcpy(&h, header, sizeof h);
    if (next(in) % 4 && h.image_bytes <= sizeof image) {
        for (uint32_t i = 0; i < h.image_bytes; i++) image[i] = pattern(i);
        h.image_crc = mdg_crc32(image, h.image_bytes);
        h.crc = mdg_crc32((const uint8_t *)&h, offsetof(mdg_update_header, crc));
        memcpy(header, &h, sizeof h);
    }
    (void)mdg_update_begin(u, header);
}

/* Sound data, up to the end if so many are asked for */
static void write_pattern(mdg_update *u, uint32_t bytes) {
    uint8_t data[256 * 16];
    if (u->total == 0) return;
    if (bytes > u->total - u->offset) bytes = u->total - u->offset;
    for (uint32_t i = 0; i < bytes; i++) data[i] = pattern(u->offset + i - MDG_UPDATE_HEADER_BYTES);
    const uint32_t end = u->total - MDG_UPDATE_SIGNATURE_BYTES;
    if (u->offset <= end && u->offset + bytes > end) data[end - u->offset] = 'S';
    (void)mdg_update_write(u, u->offset, data, bytes);
}

static void write_anything(mdg_update *u, input *in) {
    uint8_t data[64];
    const uint32_t bytes = next(in) % 64, away = next(in) % 8 ? 0 : next(in);
    next_bytes(in, data, bytes);
    (void)mdg_update_write(u, u->offset + away, data, bytes);
}

static void open_anew(flash *f, mdg_update *u, const mdg_update_device *device) {
    flash_power_on(f);
    flash_expect(mdg_update_open(u, device) == MDG_UPDATE_OK);
    flash_expect(!u->image ||
                 (u->image >= f->bytes && u->image + u->image_bytes <= f->bytes + sizeof f->bytes));
}

static void act(flash *f, mdg_update *u, const mdg_update_device *device, input *in) {
    switch (next(in) % 6) {
    case 0: begin(u, in); break;
    case 1: write_pattern(u, next(in) * 16); break;
    case 2: write_anything(u, in); break;
    case 3: (void)mdg_update_finish(u); break;
    case 4: f->steps = (long)next(in); break;
    default: open_anew(f, u, device); break;
    }
}

static void fill(flash *f, input *in) {
    for (uint32_t n = next(in) % 4; n > 0; n--)
        next_bytes(in, f->bytes + next(in) * 16 % (sizeof f->bytes - 256), next(in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    flash *f = malloc(sizeof *f);
    if (!f) abort();
    flash_make(f, 4u << next(&in) % 4, true);
    const mdg_update_device device = {&f->port, "m", next(&in) % 2, NULL, verify, accept_image};
    mdg_update u;
    fill(f, &in);
    open_anew(f, &u, &device);
    while (in.size > 0) {
        const uint8_t *running = u.image;
        const uint32_t bytes = u.image_bytes, version = u.version;
        const uint32_t crc = running ? mdg_crc32(running, bytes) : 0;
        act(f, &u, &device, &in);
        flash_expect(u.version >= version);
        flash_expect(!running || mdg_crc32(running, bytes) == crc || u.version > version);
    }
    free(f);
    return 0;
}
