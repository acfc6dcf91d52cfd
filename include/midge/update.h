/* SPDX-License-Identifier: MIT
 *
 * update.h: takes signed model images into flash, so that a cut of power at any byte leaves a device that
 * runs the old model or the new one.
 *
 *     #include "midge/update.h"
 *
 *     static const mdg_flash flash = {.mapped = ..., .page_bytes = 4096, .word_bytes = 4, ...};
 *     static const mdg_update_device device = {.flash = &flash, .name = "doorbell", .verify = check_ed25519};
 *     mdg_update u;
 *
 *     if (mdg_update_open(&u, &device) != MDG_UPDATE_OK) ...         // a fault of these tables
 *     run(u.image ? u.image : built_in);                             // the newest that holds
 *
 *     status = mdg_update_begin(&u, header);                         // 64 bytes; then from u.offset on:
 *     status = mdg_update_write(&u, u.offset, data, bytes);          // until u.offset == u.total
 *     status = mdg_update_finish(&u);                                // MDG_UPDATE_OK: start anew
 *
 * There are two slots, one behind the other. The model that runs is never touched: an update goes to the
 * other slot, and counts when its last word is written. What was interrupted, also by a cut of power,
 * goes on where it was, from the begin of a page. docs/UPDATES.md describes all bytes.
 *
 * Cryptography is the application's: `verify` calls an Ed25519 of its choice.
 *
 * Memory: the caller's mdg_update, 128 bytes on 32 bits, and 300 bytes of stack beside verify's. Threads:
 * one.
 */
#ifndef MIDGE_UPDATE_H
#define MIDGE_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "midge/config.h"
#include "midge/status.h"

MDG_C_BEGIN

#define MDG_UPDATE_STATUS_LIST(X)                                                                            \
    X(OK, "ok")                                                                                              \
    X(FORMAT, "no update of this format")                                                                    \
    X(NAME, "an update of another model")                                                                    \
    X(VERSION, "not newer than what runs, or below the least version allowed")                               \
    X(SIZE, "too large for the slot")                                                                        \
    X(OFFSET, "not the byte that is awaited")                                                                \
    X(CRC, "damaged on its way")                                                                             \
    X(SIGNATURE, "not signed by the key of this device")                                                     \
    X(MODEL, "a model that this firmware cannot run")                                                        \
    X(FLASH, "the flash failed")                                                                             \
    X(STATE, "no update is being received, or it is not complete")                                           \
    X(DEVICE, "the tables of the firmware make no sense")

typedef enum mdg_update_status {
#define MDG_UPDATE_STATUS_ENUM(name, text) MDG_UPDATE_##name,
    MDG_UPDATE_STATUS_LIST(MDG_UPDATE_STATUS_ENUM) MDG_UPDATE_STATUSES
#undef MDG_UPDATE_STATUS_ENUM
} mdg_update_status;

#define MDG_UPDATE_MAGIC 0x5547444Du /* "MDGU" */

enum {
    MDG_UPDATE_FORMAT_1 = 1,
    MDG_UPDATE_HEADER_BYTES = 64,
    MDG_UPDATE_SIGNATURE_BYTES = 64,
    MDG_UPDATE_NAME_BYTES = 24, /* with the zero at its end */
    MDG_UPDATE_MAX_WORD = 32
};

/* An update: this, the image, the signature of both. Little-endian. */
typedef struct mdg_update_header {
    uint32_t magic;
    uint32_t format;
    uint32_t version;      /* from 1 on; grows */
    uint32_t minimum;      /* once this runs, nothing below may; at most version */
    uint32_t image_bytes;  /* at least 1 */
    uint32_t image_crc;    /* CRC-32, that of zip and PNG */
    uint32_t image_format; /* MDG_IMAGE_VERSION */
    uint32_t reserved;     /* 0 */
    char name[MDG_UPDATE_NAME_BYTES];
    uint32_t reserved2; /* 0 */
    uint32_t crc;       /* of the 60 bytes before */
} mdg_update_header;

/* Two slots of whole pages. Offsets count from the begin of the first. The functions return MDG_OK or MDG_IO.
 */
typedef struct mdg_flash {
    const uint8_t *mapped; /* where the processor reads offset 0; aligned to 16 */
    void *context;
    uint32_t page_bytes; /* what is erased at once: a multiple of word_bytes and of 16 */
    uint32_t word_bytes; /* what is programmed at once: 1, 2, 4, 8, 16 or 32 */
    uint32_t slot_bytes; /* whole pages, at least 2; the last one is the slot's record */
    mdg_status (*erase)(void *context, uint32_t offset); /* the page; its bytes are 0xFF then */
    /* Whole words that are erased, within a page; data may be unaligned. */
    mdg_status (*program)(void *context, uint32_t offset, const uint8_t *data, uint32_t bytes);
    /* For what a cut of power may have left half written: MDG_IO where the flash finds it unreadable (ECC).
     */
    mdg_status (*read)(void *context, uint32_t offset, uint8_t *data, uint32_t bytes);
} mdg_flash;

typedef struct mdg_update_device {
    const mdg_flash *flash;
    const char *name;         /* the model's, at most 23 characters */
    uint32_t builtin_version; /* of the model in the firmware; 0 = none. Slots below and at it are not used */
    void *context;            /* of both functions */
    /* Whether the Ed25519 signature (64 bytes) of the message is that of the key that this device trusts */
    bool (*verify)(void *context, const uint8_t *signature, const uint8_t *message, size_t bytes);
    /* Whether the image can run: mdg_model_open with memory that is free for it. NULL = not asked. */
    bool (*accept)(void *context, const uint8_t *image, size_t bytes);
} mdg_update_device;

typedef struct mdg_update {
    const mdg_update_device *device;
    const uint8_t *image; /* the newest that holds; NULL = that in the firmware */
    uint32_t image_bytes;
    uint32_t version; /* of it */
    uint32_t minimum; /* nothing below may run */
    uint32_t offset;  /* the next byte of the update that is awaited */
    uint32_t total;   /* its bytes; 0 = none is being received */
    uint32_t target;  /* offset of the slot that is written to */
    mdg_update_header header;
    uint8_t word[MDG_UPDATE_MAX_WORD]; /* bytes that make no word yet */
} mdg_update;

/* Chooses what runs: the highest version whose record, CRC and signature hold. device must stay.
 * Returns MDG_UPDATE_OK, also where there is nothing but the model in the firmware; MDG_UPDATE_DEVICE. */
mdg_update_status mdg_update_open(mdg_update *u, const mdg_update_device *device);

/* An update begins, or goes on when it is the one that was interrupted: u->offset is the byte that is
 * awaited, at least 64. header needs no alignment. Returns MDG_UPDATE_OK, _FORMAT, _NAME, _VERSION, _SIZE or
 * _FLASH. */
mdg_update_status mdg_update_begin(mdg_update *u, const uint8_t *header);

/* The next bytes of the update. Returns MDG_UPDATE_OK; _OFFSET, where nothing is taken: go on from u->offset;
 * _STATE; _FLASH, which ends the receiving. */
mdg_update_status mdg_update_write(mdg_update *u, uint32_t offset, const uint8_t *data, uint32_t bytes);

/* Checks what was received and makes it count: u->image is the new one. Returns MDG_UPDATE_OK; _STATE;
 * _CRC, _SIGNATURE, _MODEL or _FLASH, where all of it is dropped and u->image stays. */
mdg_update_status mdg_update_finish(mdg_update *u);

MDG_C_END

#endif
