/* SPDX-License-Identifier: MIT
 *
 * flash.h: flash of two slots in memory, whose power can be cut at any word that is programmed and at any
 * erasing of a page: what was under way is torn. What a real flash would not forgive ends the
 * program.
 *
 *     static flash f;
 *     flash_make(&f, 4, false);
 *     f.steps = 17;                      // then the power is cut, in the 18th step
 *     ... f.is_off ...
 *     flash_power_on(&f);
 */
#ifndef MDG_TESTS_FLASH_H
#define MDG_TESTS_FLASH_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "midge/update.h"

enum {
    FLASH_PAGE = 512,
    FLASH_PAGES = 6,
    FLASH_SLOT = FLASH_PAGE * FLASH_PAGES,
    FLASH_BYTES = 2 * FLASH_SLOT
};
#define FLASH_FOR_EVER 1000000000L

typedef struct flash {
    uint8_t bytes[FLASH_BYTES] __attribute__((aligned(16)));
    bool unreadable[FLASH_BYTES]; /* what ECC cannot mend, by the first byte of its word */
    bool has_ecc, is_off;
    long steps; /* until the power is cut */
    uint32_t random;
    mdg_flash port;
} flash;

static inline void flash_expect(bool holds) {
    if (!holds) abort();
}

static inline uint8_t flash_random(flash *f) {
    f->random = f->random * 1664525u + 1013904223u;
    return (uint8_t)(f->random >> 24);
}

/* Whether this step is the one that is not completed */
static inline bool flash_is_cut(flash *f) {
    if (f->steps-- > 0) return false;
    f->is_off = true;
    return true;
}

static inline mdg_status flash_erase(void *context, uint32_t offset) {
    flash *f = (flash *)context;
    flash_expect(offset % FLASH_PAGE == 0 && offset < FLASH_BYTES);
    if (f->is_off) return MDG_IO;
    const bool cut = flash_is_cut(f);
    const uint8_t how = cut ? flash_random(f) % 3 : 0;
    for (uint32_t i = offset; i < offset + FLASH_PAGE; i++) {
        if (!cut) f->unreadable[i] = false;
        if (!cut || (how == 0 && flash_random(f) % 2)) f->bytes[i] = 0xFF;
        if (cut && how == 1) f->bytes[i] = (uint8_t)(f->bytes[i] | flash_random(f));
        if (cut && how == 2) f->bytes[i] = flash_random(f); /* charges in between read as they please */
    }
    return cut ? MDG_IO : MDG_OK;
}

static inline void flash_tear(flash *f, uint32_t offset, const uint8_t *data) {
    const uint32_t word = f->port.word_bytes;
    for (uint32_t i = 0; i < word; i++) f->bytes[offset + i] = (uint8_t)(data[i] | flash_random(f));
    f->unreadable[offset] = f->has_ecc && flash_random(f) % 2;
}

static inline mdg_status flash_program(void *context, uint32_t offset, const uint8_t *data, uint32_t bytes) {
    flash *f = (flash *)context;
    const uint32_t word = f->port.word_bytes;
    flash_expect(offset % word == 0 && bytes % word == 0 && bytes > 0);
    flash_expect(offset / FLASH_PAGE == (offset + bytes - 1) / FLASH_PAGE && offset < FLASH_BYTES);
    for (uint32_t at = 0; at < bytes && !f->is_off; at += word) {
        for (uint32_t i = 0; i < word; i++) flash_expect(f->bytes[offset + at + i] == 0xFF);
        flash_expect(!f->unreadable[offset + at]);
        if (flash_is_cut(f))
            flash_tear(f, offset + at, data + at);
        else
            memcpy(f->bytes + offset + at, data + at, word);
    }
    return f->is_off ? MDG_IO : MDG_OK;
}

static inline mdg_status flash_read(void *context, uint32_t offset, uint8_t *data, uint32_t bytes) {
    flash *f = (flash *)context;
    flash_expect(offset + bytes <= FLASH_BYTES);
    if (f->is_off) return MDG_IO;
    for (uint32_t i = 0; i < bytes; i++)
        if (f->unreadable[offset + i]) return MDG_IO;
    memcpy(data, f->bytes + offset, bytes);
    return MDG_OK;
}

static inline void flash_make(flash *f, uint32_t word_bytes, bool has_ecc) {
    memset(f, 0, sizeof *f);
    memset(f->bytes, 0xFF, sizeof f->bytes);
    f->has_ecc = has_ecc;
    f->steps = FLASH_FOR_EVER;
    f->port =
        (mdg_flash){f->bytes, f, FLASH_PAGE, word_bytes, FLASH_SLOT, flash_erase, flash_program, flash_read};
}

static inline void flash_power_on(flash *f) {
    f->is_off = false;
    f->steps = FLASH_FOR_EVER;
}

#endif
