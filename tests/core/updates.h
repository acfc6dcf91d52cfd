/* SPDX-License-Identifier: MIT
 *
 * updates.h: updates of a model that is but a pattern of bytes, for tests of what receives them; signed by
 * libsodium with a key of the tests.
 */
#ifndef MDG_TESTS_UPDATES_H
#define MDG_TESTS_UPDATES_H

#include <sodium.h>

#include "core/crc32.h"
#include "flash.h"
#include "midge/image.h"

enum { UPDATE_AROUND = MDG_UPDATE_HEADER_BYTES + MDG_UPDATE_SIGNATURE_BYTES };

typedef struct update {
    uint8_t bytes[FLASH_SLOT];
    uint32_t size;
} update;

typedef struct update_keys {
    uint8_t public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
} update_keys;

static inline update_keys update_keys_make(uint8_t which) {
    const uint8_t seed[crypto_sign_SEEDBYTES] = {which, 2, 3};
    update_keys keys;
    if (sodium_init() < 0) abort();
    crypto_sign_seed_keypair(keys.public, keys.secret, seed);
    return keys;
}

static inline mdg_update_header update_header(const update *u) {
    mdg_update_header h;
    memcpy(&h, u->bytes, sizeof h);
    return h;
}

/* Header into the update, with its CRC, and signed */
static inline void update_seal(update *u, mdg_update_header h, const update_keys *keys) {
    h.crc = mdg_crc32((const uint8_t *)&h, offsetof(mdg_update_header, crc));
    memcpy(u->bytes, &h, sizeof h);
    crypto_sign_detached(u->bytes + u->size - 64, NULL, u->bytes, u->size - 64, keys->secret);
}

static inline update update_make(uint32_t version, uint32_t minimum, uint32_t image_bytes,
                                 const update_keys *keys) {
    update u = {.size = image_bytes + UPDATE_AROUND};
    for (uint32_t i = 0; i < image_bytes; i++) u.bytes[64 + i] = (uint8_t)(i * 7 + version * 31 + i / 256);
    memset(u.bytes + 64 + image_bytes / 2, 0xFF, 40); /* looks erased, and is not */
    mdg_update_header h = {.magic = MDG_UPDATE_MAGIC, .format = MDG_UPDATE_FORMAT_1};
    h.version = version;
    h.minimum = minimum;
    h.image_bytes = image_bytes;
    h.image_crc = mdg_crc32(u.bytes + 64, image_bytes);
    h.image_format = MDG_IMAGE_VERSION;
    strcpy(h.name, "doorbell");
    update_seal(&u, h, keys);
    return u;
}

/* Verifies with the keys that context is. */
static inline bool update_verify(void *context, const uint8_t *signature, const uint8_t *message,
                                 size_t bytes) {
    return crypto_sign_verify_detached(signature, message, bytes, ((const update_keys *)context)->public) ==
           0;
}

static inline bool update_runs(const mdg_update *on, const update *u) {
    return on->image && on->image_bytes == u->size - UPDATE_AROUND &&
           memcmp(on->image, u->bytes + 64, on->image_bytes) == 0;
}

#endif
