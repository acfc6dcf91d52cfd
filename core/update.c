/* SPDX-License-Identifier: MIT
 *
 * What a device starts with: the newest model that holds, of two slots and the firmware's own. Nothing here
 * writes. A slot counts by the commit in its record, which is written after everything else was checked.
 */
#include <string.h>

#include "crc32.h"
#include "midge/image.h"
#include "update_slot.h"

/* What the record of a slot says, if it is one that counts */
typedef struct slot_record {
    mdg_update_header header;
    mdg_update_commit commit;
    bool counts;
} slot_record;

static uint32_t crc_of(const void *data, size_t bytes) {
    return mdg_crc32((const uint8_t *)data, bytes);
}

bool mdg_update_header_holds(const mdg_update_header *h) {
    return h->magic == MDG_UPDATE_MAGIC && h->format == MDG_UPDATE_FORMAT_1 &&
           h->crc == crc_of(h, offsetof(mdg_update_header, crc)) && h->image_format == MDG_IMAGE_VERSION &&
           h->image_bytes > 0 && h->version > 0 && h->minimum <= h->version &&
           h->name[MDG_UPDATE_NAME_BYTES - 1] == 0;
}

bool mdg_slot_fits(const mdg_flash *f, uint32_t image_bytes) {
    const uint32_t room = f->slot_bytes - f->page_bytes;
    const uint32_t rest = MDG_UPDATE_HEADER_BYTES + MDG_UPDATE_SIGNATURE_BYTES;
    return room >= rest && image_bytes <= room - rest;
}

static void read_record(const mdg_update *u, uint32_t slot, slot_record *r) {
    const mdg_flash *f = u->device->flash;
    const uint32_t record = mdg_slot_record(f, slot);
    r->counts =
        f->read(f->context, record + RECORD_HEADER, (uint8_t *)&r->header, sizeof r->header) == MDG_OK &&
        f->read(f->context, record + RECORD_COMMIT, (uint8_t *)&r->commit, sizeof r->commit) == MDG_OK &&
        r->commit.magic == MDG_UPDATE_COMMIT_MAGIC &&
        r->commit.crc == crc_of(&r->commit, offsetof(mdg_update_commit, crc)) &&
        mdg_update_header_holds(&r->header) && r->commit.header_crc == r->header.crc &&
        mdg_slot_fits(f, r->header.image_bytes);
}

bool mdg_slot_crc_holds(const mdg_update *u, uint32_t slot, const mdg_update_header *h) {
    const uint8_t *at = u->device->flash->mapped + slot;
    return memcmp(at, h, sizeof *h) == 0 && h->image_crc == mdg_crc32(at + sizeof *h, h->image_bytes);
}

bool mdg_slot_signature_holds(const mdg_update *u, uint32_t slot, const mdg_update_header *h) {
    const uint8_t *at = u->device->flash->mapped + slot;
    const size_t bytes = sizeof *h + h->image_bytes;
    return u->device->verify(u->device->context, at + bytes, at, bytes);
}

static bool runs(const mdg_update *u, uint32_t slot, const slot_record *r) {
    return r->counts && r->header.version > u->device->builtin_version && r->header.version >= u->minimum &&
           strcmp(r->header.name, u->device->name) == 0 && mdg_slot_crc_holds(u, slot, &r->header) &&
           mdg_slot_signature_holds(u, slot, &r->header);
}

void mdg_update_select(mdg_update *u) {
    const uint32_t slot_bytes = u->device->flash->slot_bytes;
    slot_record slots[2];
    u->image = NULL;
    u->image_bytes = 0;
    u->version = u->device->builtin_version;
    u->minimum = 0;
    for (uint32_t k = 0; k < 2; k++) {
        read_record(u, k * slot_bytes, &slots[k]);
        if (slots[k].counts && slots[k].commit.minimum > u->minimum) u->minimum = slots[k].commit.minimum;
    }
    uint32_t newer =
        slots[1].counts && (!slots[0].counts || slots[1].header.version > slots[0].header.version);
    u->target = (newer ? 0 : 1) * slot_bytes; /* where nothing runs, the newer one has the higher minimum */
    for (uint32_t tries = 0; tries < 2 && !u->image; tries++, newer ^= 1) {
        if (!runs(u, newer * slot_bytes, &slots[newer])) continue;
        u->image = u->device->flash->mapped + newer * slot_bytes + sizeof(mdg_update_header);
        u->image_bytes = slots[newer].header.image_bytes;
        u->version = slots[newer].header.version;
        u->target = (newer ? 0 : 1) * slot_bytes;
    }
}

static bool flash_makes_sense(const mdg_flash *f) {
    const uint32_t word = f->word_bytes, page = f->page_bytes;
    if (word == 0 || word > MDG_UPDATE_MAX_WORD || (word & (word - 1))) return false;
    if (page == 0 || page % 16 || page % word || f->slot_bytes % page) return false;
    if (f->slot_bytes / page < 2 || f->slot_bytes > 0x40000000u || page < RECORD_MARKS) return false;
    return f->slot_bytes / page - 1 <= (page - RECORD_MARKS) / word && ((uintptr_t)f->mapped & 15u) == 0;
}

mdg_update_status mdg_update_open(mdg_update *u, const mdg_update_device *device) {
    memset(u, 0, sizeof *u);
    u->device = device;
    if (!flash_makes_sense(device->flash) || strlen(device->name) >= MDG_UPDATE_NAME_BYTES)
        return MDG_UPDATE_DEVICE;
    mdg_update_select(u);
    return MDG_UPDATE_OK;
}
