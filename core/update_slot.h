/* SPDX-License-Identifier: MIT
 *
 * update_slot.h: the record of a slot, its last page: which update is being received, how many of its pages
 * are complete, and whether it counts.
 */
#ifndef MDG_UPDATE_SLOT_H
#define MDG_UPDATE_SLOT_H

#include "midge/update.h"

#define MDG_UPDATE_COMMIT_MAGIC 0x4347444Du /* "MDGC" */

/* Offsets in the record */
enum { RECORD_HEADER = 0, RECORD_COMMIT = 64, RECORD_MARKS = 96 };

/* Written last: the slot counts. */
typedef struct mdg_update_commit {
    uint32_t magic;
    uint32_t header_crc; /* of the update that it is about */
    uint32_t minimum;    /* the highest that any update has asked for */
    uint32_t reserved[4];
    uint32_t crc; /* of the 28 bytes before */
} mdg_update_commit;

static inline uint32_t mdg_slot_record(const mdg_flash *f, uint32_t slot) {
    return slot + f->slot_bytes - f->page_bytes;
}

/* Whether the header is one of this format and undamaged. */
bool mdg_update_header_holds(const mdg_update_header *h);

/* Whether an update with so large an image fits in a slot beside its record. */
bool mdg_slot_fits(const mdg_flash *f, uint32_t image_bytes);

/* Chooses what runs, anew. */
void mdg_update_select(mdg_update *u);

/* Whether the image of h in this slot has the right CRC; then, whether it has the right signature. */
bool mdg_slot_crc_holds(const mdg_update *u, uint32_t slot, const mdg_update_header *h);
bool mdg_slot_signature_holds(const mdg_update *u, uint32_t slot, const mdg_update_header *h);

#endif
