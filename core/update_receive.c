/* SPDX-License-Identifier: MIT
 *
 * Receives an update into the slot that does not run. The order of writes makes any cut of power harmless:
 *
 *   erase the record, so that the slot counts no longer; note the header in it
 *   for each page: erase, program, mark it as complete in the record
 *   check CRC, signature and model; write the commit
 *
 * A mark that a cut left half written still says that its page was complete. A commit or a header that was
 * left half written makes the update begin anew, for their words are not erased any more.
 */
#include <string.h>

#include "crc32.h"
#include "update_slot.h"

static bool erase(const mdg_update *u, uint32_t offset) {
    const mdg_flash *f = u->device->flash;
    return f->erase(f->context, offset) == MDG_OK;
}

static bool program(const mdg_update *u, uint32_t offset, const void *data, uint32_t bytes) {
    const mdg_flash *f = u->device->flash;
    return f->program(f->context, offset, (const uint8_t *)data, bytes) == MDG_OK;
}

static bool is_erased(const mdg_update *u, uint32_t offset, uint32_t bytes) {
    const mdg_flash *f = u->device->flash;
    uint8_t data[MDG_UPDATE_MAX_WORD];
    if (f->read(f->context, offset, data, bytes) != MDG_OK) return false;
    for (uint32_t i = 0; i < bytes; i++)
        if (data[i] != 0xFF) return false;
    return true;
}

static uint32_t record_of(const mdg_update *u) {
    return mdg_slot_record(u->device->flash, u->target);
}

static bool is_same(const mdg_update *u) {
    const mdg_flash *f = u->device->flash;
    mdg_update_header noted;
    return f->read(f->context, record_of(u) + RECORD_HEADER, (uint8_t *)&noted, sizeof noted) == MDG_OK &&
           memcmp(&noted, &u->header, sizeof noted) == 0;
}

/* Whether the record is that of the same update, interrupted before its commit: pages 0 to n - 1 are marked,
 * and none behind. */
static bool goes_on(const mdg_update *u, uint32_t *n) {
    const uint32_t word = u->device->flash->word_bytes, most = u->total / u->device->flash->page_bytes;
    const uint32_t marks = record_of(u) + RECORD_MARKS;
    *n = 0;
    if (!is_same(u) || !is_erased(u, record_of(u) + RECORD_COMMIT, sizeof(mdg_update_commit))) return false;
    for (uint32_t k = 0; k < most; k++) {
        if (is_erased(u, marks + k * word, word)) continue;
        if (*n != k) return false; /* an erasing that was cut */
        *n = k + 1;
    }
    return true;
}

static mdg_update_status check_header(const mdg_update *u) {
    const mdg_update_header *h = &u->header;
    if (!mdg_update_header_holds(h)) return MDG_UPDATE_FORMAT;
    if (strcmp(h->name, u->device->name) != 0) return MDG_UPDATE_NAME;
    if (h->version <= u->version || h->version < u->minimum) return MDG_UPDATE_VERSION;
    if (!mdg_slot_fits(u->device->flash, h->image_bytes)) return MDG_UPDATE_SIZE;
    return MDG_UPDATE_OK;
}

static mdg_update_status drop(mdg_update *u, mdg_update_status why) {
    u->total = 0;
    return why;
}

static bool write_bytes(mdg_update *u, const uint8_t *data, uint32_t bytes);

/* The record is erased before anything else, so that a slot with parts of two updates never counts. */
static bool start(mdg_update *u) {
    uint32_t pages;
    if (!goes_on(u, &pages)) {
        pages = 0;
        if (!erase(u, record_of(u)) ||
            !program(u, record_of(u) + RECORD_HEADER, &u->header, sizeof u->header))
            return false;
    }
    u->offset = pages * u->device->flash->page_bytes;
    return u->offset > 0 || write_bytes(u, (const uint8_t *)&u->header, sizeof u->header);
}

mdg_update_status mdg_update_begin(mdg_update *u, const uint8_t *header) {
    u->total = 0;
    memcpy(&u->header, header, sizeof u->header);
    const mdg_update_status status = check_header(u);
    if (status != MDG_UPDATE_OK) return status;
    u->total = MDG_UPDATE_HEADER_BYTES + u->header.image_bytes + MDG_UPDATE_SIGNATURE_BYTES;
    return start(u) ? MDG_UPDATE_OK : drop(u, MDG_UPDATE_FLASH);
}

/* Page k of the slot is complete. */
static bool mark(const mdg_update *u, uint32_t k) {
    static const uint8_t zeros[MDG_UPDATE_MAX_WORD] = {0};
    const uint32_t word = u->device->flash->word_bytes;
    return program(u, record_of(u) + RECORD_MARKS + k * word, zeros, word);
}

/* Up to a page at once: programs what makes whole words, and keeps the rest. Returns the bytes taken, 0 on
 * failure. */
static uint32_t write_part(mdg_update *u, const uint8_t *data, uint32_t bytes) {
    const mdg_flash *f = u->device->flash;
    const uint32_t in_page = u->offset % f->page_bytes, kept = u->offset % f->word_bytes;
    uint32_t n = bytes < f->page_bytes - in_page ? bytes : f->page_bytes - in_page;
    if (in_page == 0 && !erase(u, u->target + u->offset)) return 0;
    if (kept > 0 || n < f->word_bytes) {
        if (n > f->word_bytes - kept) n = f->word_bytes - kept;
        memcpy(u->word + kept, data, n);
        if (kept + n == f->word_bytes && !program(u, u->target + u->offset - kept, u->word, f->word_bytes))
            return 0;
    } else {
        n -= n % f->word_bytes;
        if (!program(u, u->target + u->offset, data, n)) return 0;
    }
    u->offset += n;
    return u->offset % f->page_bytes || mark(u, u->offset / f->page_bytes - 1) ? n : 0;
}

static bool write_bytes(mdg_update *u, const uint8_t *data, uint32_t bytes) {
    while (bytes > 0) {
        const uint32_t n = write_part(u, data, bytes);
        if (n == 0) return false;
        data += n;
        bytes -= n;
    }
    return true;
}

mdg_update_status mdg_update_write(mdg_update *u, uint32_t offset, const uint8_t *data, uint32_t bytes) {
    if (u->total == 0) return MDG_UPDATE_STATE;
    if (offset != u->offset || bytes > u->total - u->offset) return MDG_UPDATE_OFFSET;
    return write_bytes(u, data, bytes) ? MDG_UPDATE_OK : drop(u, MDG_UPDATE_FLASH);
}

/* The last word, filled up */
static bool flush(mdg_update *u) {
    const uint32_t word = u->device->flash->word_bytes, kept = u->offset % word;
    if (kept == 0) return true;
    memset(u->word + kept, 0xFF, word - kept);
    return program(u, u->target + u->offset - kept, u->word, word);
}

static mdg_update_status check_received(const mdg_update *u) {
    const mdg_update_device *d = u->device;
    const uint8_t *image = d->flash->mapped + u->target + MDG_UPDATE_HEADER_BYTES;
    if (!mdg_slot_crc_holds(u, u->target, &u->header)) return MDG_UPDATE_CRC;
    if (!mdg_slot_signature_holds(u, u->target, &u->header)) return MDG_UPDATE_SIGNATURE;
    if (d->accept && !d->accept(d->context, image, u->header.image_bytes)) return MDG_UPDATE_MODEL;
    return MDG_UPDATE_OK;
}

static bool commit(const mdg_update *u) {
    mdg_update_commit c = {MDG_UPDATE_COMMIT_MAGIC, u->header.crc, u->header.minimum, {0, 0, 0, 0}, 0};
    if (c.minimum < u->minimum) c.minimum = u->minimum;
    c.crc = mdg_crc32((const uint8_t *)&c, offsetof(mdg_update_commit, crc));
    return program(u, record_of(u) + RECORD_COMMIT, &c, sizeof c);
}

mdg_update_status mdg_update_finish(mdg_update *u) {
    if (u->total == 0 || u->offset != u->total) return MDG_UPDATE_STATE;
    mdg_update_status status = flush(u) ? check_received(u) : MDG_UPDATE_FLASH;
    if (status == MDG_UPDATE_OK && !commit(u)) status = MDG_UPDATE_FLASH;
    if (status != MDG_UPDATE_OK)
        (void)erase(u, record_of(u)); /* or it would be taken for an interrupted one */
    u->total = 0;
    if (status == MDG_UPDATE_OK) mdg_update_select(u);
    return status;
}
