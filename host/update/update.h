/* SPDX-License-Identifier: MIT
 *
 * update.h: model images signed for devices (docs/UPDATES.md), and the keys for it: Ed25519, by libsodium.
 *
 *     mdg_keys_make("door", diag);                               // door.key, door.pub
 *     mdg_secret_key key;
 *     mdg_secret_key_read("door.key", &key, diag);
 *     mdg_update_sign(&image, &terms, &key, arena, &update, diag);
 *     mdg_secret_key_forget(&key);
 *
 * Memory: the arena's; secret keys in the caller's struct, to be forgotten. Threads: any.
 */
#ifndef MDG_UPDATE_UPDATE_H
#define MDG_UPDATE_UPDATE_H

#include "midge/update.h"
#include "util/arena.h"
#include "util/diag.h"
#include "util/file.h"

enum { MDG_KEY_BYTES = 32 };

typedef struct mdg_secret_key {
    uint8_t bytes[64]; /* seed and public key, as libsodium has them */
} mdg_secret_key;

typedef struct mdg_public_key {
    uint8_t bytes[MDG_KEY_BYTES];
} mdg_public_key;

/* Writes NAME.key, for its owner's eyes alone, and NAME.pub; neither may exist. Returns MDG_OK, MDG_INVALID
 * where one exists, MDG_IO, MDG_TOOL where libsodium has no random numbers. */
mdg_status mdg_keys_make(const char *name, mdg_diag *diag);

/* Returns MDG_OK, MDG_NOT_FOUND, MDG_IO; MDG_INVALID for what is no such key, and for a secret key that
 * others can read. */
mdg_status mdg_secret_key_read(const char *path, mdg_secret_key *key, mdg_diag *diag);
mdg_status mdg_public_key_read(const char *path, mdg_public_key *key, mdg_diag *diag);
void mdg_secret_key_forget(mdg_secret_key *key);
void mdg_secret_key_public(const mdg_secret_key *key, mdg_public_key *out);

typedef struct mdg_update_terms {
    const char *name; /* of the model; at most 23 characters */
    uint32_t version, minimum;
} mdg_update_terms;

/* Returns MDG_OK; MDG_INVALID for what is no whole model image, or terms that no device would accept. */
mdg_status mdg_update_sign(const mdg_bytes *image, const mdg_update_terms *terms, const mdg_secret_key *key,
                           mdg_arena *arena, mdg_bytes *out, mdg_diag *diag);

/* Reads the header and checks all but the signature. Returns MDG_OK or MDG_INVALID. */
mdg_status mdg_update_read(const mdg_bytes *update, mdg_update_header *header, mdg_diag *diag);
/* The same of a file. Returns MDG_NOT_FOUND and MDG_IO, too; the message names the file. */
mdg_status mdg_update_load(const char *path, mdg_arena *arena, mdg_bytes *update, mdg_update_header *header,
                           mdg_diag *diag);
/* Of an update that was read. Returns MDG_OK or MDG_MISMATCH. */
mdg_status mdg_update_verify(const mdg_bytes *update, const mdg_public_key *key, mdg_diag *diag);

const char *mdg_update_status_text(mdg_update_status status);

#endif
