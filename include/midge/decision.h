/* SPDX-License-Identifier: MIT
 *
 * decision.h: what a device has decided, in 20 bytes for a notification, or in an advertisement that anybody
 * near hears without a connection. docs/BLUETOOTH.md describes the bytes.
 *
 *     const mdg_decision d = {.model = mdg_decision_model("doorbell"), .version = 2, .class_index = 1,
 *                             .score = 230, .sequence = n++, .time_ms = clock_ms()};
 *     uint8_t packet[MDG_ADVERTISEMENT_BYTES];
 *     radio_advertise(packet, mdg_decision_advertise(&d, 0xFFFF, packet));
 *
 * Memory: the caller's. Threads: any.
 */
#ifndef MIDGE_DECISION_H
#define MIDGE_DECISION_H

#include <stdint.h>

#include "midge/config.h"
#include "midge/status.h"

MDG_C_BEGIN

enum {
    MDG_DECISION_BYTES = 20,         /* in a notification */
    MDG_DECISION_CHECKED_BYTES = 22, /* in manufacturer data: with its check */
    MDG_ADVERTISEMENT_BYTES = 29,    /* a whole advertisement, of at most 31 */
    MDG_DECISION_NONE = 255          /* no class */
};

typedef struct mdg_decision {
    uint32_t model;      /* mdg_decision_model of its name */
    uint32_t version;    /* of the model */
    uint32_t time_ms;    /* since the device's start, modulo 2^32 */
    uint16_t sequence;   /* grows by one with each decision: an advertisement is sent many times */
    uint8_t class_index; /* in the order of the model's labels */
    uint8_t score;       /* of 255 */
} mdg_decision;

/* The CRC-32 of the name: the same for all versions of a model. */
uint32_t mdg_decision_model(const char *name);

/* Writes MDG_DECISION_BYTES. */
void mdg_decision_write(const mdg_decision *d, uint8_t *to);
/* Returns MDG_OK, or MDG_INVALID for what is no decision. */
mdg_status mdg_decision_read(const uint8_t *from, uint32_t bytes, mdg_decision *d);

/* Writes MDG_ADVERTISEMENT_BYTES: flags (general discoverable, no BR/EDR) and manufacturer data of that
 * company. Returns how many. */
uint32_t mdg_decision_advertise(const mdg_decision *d, uint16_t company, uint8_t *to);
/* Of manufacturer data, behind the company's number. Returns MDG_OK, or MDG_INVALID for what is no decision.
 */
mdg_status mdg_decision_hear(const uint8_t *from, uint32_t bytes, mdg_decision *d);

MDG_C_END

#endif
