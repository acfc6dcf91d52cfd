/* SPDX-License-Identifier: MIT
 *
 * An update is a header, an image, and the Ed25519 signature of both.
 */
#include <sodium.h>
#include <string.h>

#include "core/crc32.h"
#include "core/update_slot.h"
#include "midge/model.h"
#include "update/update.h"

enum { AROUND = MDG_UPDATE_HEADER_BYTES + MDG_UPDATE_SIGNATURE_BYTES };

_Static_assert(sizeof(mdg_update_header) == MDG_UPDATE_HEADER_BYTES, "the header's size");
_Static_assert(MDG_UPDATE_SIGNATURE_BYTES == crypto_sign_BYTES, "the signature's size");

static mdg_status check_image(const void *image, size_t bytes, mdg_diag *diag) {
    size_t arena_bytes, state_bytes;
    if (mdg_model_needs(image, bytes, &arena_bytes, &state_bytes) == MDG_OK) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "no whole model image of this format; `midge compile --format image` makes one");
}

static mdg_status check_terms(const mdg_update_terms *t, mdg_diag *diag) {
    if (!t->name[0] || strlen(t->name) >= MDG_UPDATE_NAME_BYTES)
        return mdg_fail(diag, MDG_INVALID, "name '%s': needs 1 to %d characters", t->name,
                        MDG_UPDATE_NAME_BYTES - 1);
    if (t->version < 1) return mdg_fail(diag, MDG_INVALID, "version: begins at 1");
    if (t->minimum > t->version)
        return mdg_fail(diag, MDG_INVALID, "minimum %u: above the version %u, so no device would run it",
                        t->minimum, t->version);
    return MDG_OK;
}

static mdg_update_header header_of(const mdg_bytes *image, const mdg_update_terms *t) {
    mdg_update_header h = {.magic = MDG_UPDATE_MAGIC,
                           .format = MDG_UPDATE_FORMAT_1,
                           .version = t->version,
                           .minimum = t->minimum,
                           .image_bytes = (uint32_t)image->size,
                           .image_crc = mdg_crc32(image->data, image->size),
                           .image_format = MDG_IMAGE_VERSION};
    snprintf(h.name, sizeof h.name, "%s", t->name);
    h.crc = mdg_crc32((const uint8_t *)&h, offsetof(mdg_update_header, crc));
    return h;
}

mdg_status mdg_update_sign(const mdg_bytes *image, const mdg_update_terms *terms, const mdg_secret_key *key,
                           mdg_arena *arena, mdg_bytes *out, mdg_diag *diag) {
    MDG_TRY(check_image(image->data, image->size, diag));
    MDG_TRY(check_terms(terms, diag));
    const mdg_update_header h = header_of(image, terms);
    out->size = image->size + AROUND;
    out->data = mdg_arena_alloc(arena, out->size);
    memcpy(out->data, &h, sizeof h);
    memcpy(out->data + sizeof h, image->data, image->size);
    const size_t signed_bytes = sizeof h + image->size;
    crypto_sign_detached(out->data + signed_bytes, NULL, out->data, signed_bytes, key->bytes);
    return MDG_OK;
}

mdg_status mdg_update_read(const mdg_bytes *update, mdg_update_header *h, mdg_diag *diag) {
    if (update->size < AROUND)
        return mdg_fail(diag, MDG_INVALID, "too short for an update; `midge update sign` makes one");
    memcpy(h, update->data, sizeof *h);
    if (h->magic != MDG_UPDATE_MAGIC)
        return mdg_fail(diag, MDG_INVALID, "no update; `midge update sign` makes one of a model image");
    if (!mdg_update_header_holds(h))
        return mdg_fail(diag, MDG_INVALID, "its header is damaged, or of a newer format than this program's");
    if (h->image_bytes != update->size - AROUND)
        return mdg_fail(diag, MDG_INVALID, "has %zu bytes where its header tells %zu; was it cut off?",
                        update->size, (size_t)h->image_bytes + AROUND);
    if (h->image_crc != mdg_crc32(update->data + sizeof *h, h->image_bytes))
        return mdg_fail(diag, MDG_INVALID, "its image is damaged (CRC)");
    return check_image(update->data + sizeof *h, h->image_bytes, diag);
}

mdg_status mdg_update_load(const char *path, mdg_arena *arena, mdg_bytes *update, mdg_update_header *header,
                           mdg_diag *diag) {
    MDG_TRY(mdg_file_read(path, arena, update, diag));
    const mdg_status status = mdg_update_read(update, header, diag);
    return status == MDG_OK ? MDG_OK : mdg_fail_in(diag, status, path);
}

mdg_status mdg_update_verify(const mdg_bytes *update, const mdg_public_key *key, mdg_diag *diag) {
    const size_t signed_bytes = update->size - MDG_UPDATE_SIGNATURE_BYTES;
    if (crypto_sign_verify_detached(update->data + signed_bytes, update->data, signed_bytes, key->bytes) == 0)
        return MDG_OK;
    return mdg_fail(diag, MDG_MISMATCH, "its signature is not of this key, or it was altered");
}

const char *mdg_update_status_text(mdg_update_status status) {
    static const char *const texts[] = {
#define TEXT(name, text) text,
        MDG_UPDATE_STATUS_LIST(TEXT)
#undef TEXT
    };
    return (unsigned)status < MDG_UPDATE_STATUSES ? texts[status] : "unknown";
}
