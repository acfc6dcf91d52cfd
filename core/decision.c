/* SPDX-License-Identifier: MIT */
#include "midge/decision.h"

#include <string.h>

#include "crc32.h"
#include "little_endian.h"

enum { FORMAT_1 = 1, FLAGS_BYTES = 3, DATA_HEAD_BYTES = 4 };

uint32_t mdg_decision_model(const char *name) {
    return mdg_crc32((const uint8_t *)name, strlen(name));
}

void mdg_decision_write(const mdg_decision *d, uint8_t *to) {
    to[0] = 'M';
    to[1] = 'd';
    to[2] = FORMAT_1;
    to[3] = 0;
    mdg_put32(to + 4, d->model);
    mdg_put32(to + 8, d->version);
    to[12] = d->class_index;
    to[13] = d->score;
    mdg_put16(to + 14, d->sequence);
    mdg_put32(to + 16, d->time_ms);
}

mdg_status mdg_decision_read(const uint8_t *from, uint32_t bytes, mdg_decision *d) {
    if (bytes != MDG_DECISION_BYTES || from[0] != 'M' || from[1] != 'd' || from[2] != FORMAT_1)
        return MDG_INVALID;
    d->model = mdg_get32(from + 4);
    d->version = mdg_get32(from + 8);
    d->class_index = from[12];
    d->score = from[13];
    d->sequence = (uint16_t)mdg_get16(from + 14);
    d->time_ms = mdg_get32(from + 16);
    return MDG_OK;
}

/* The radio has a CRC of its own; this one tells decisions from what others send under the same company. */
static uint32_t check(const uint8_t *decision) {
    return mdg_crc32(decision, MDG_DECISION_BYTES) & 0xFFFFu;
}

/* Bluetooth Core Specification, vol. 3 part C, 11: each structure begins with its length and its type. */
uint32_t mdg_decision_advertise(const mdg_decision *d, uint16_t company, uint8_t *to) {
    static const uint8_t flags[FLAGS_BYTES] = {2, 0x01, 0x06};
    uint8_t *data = to + FLAGS_BYTES, *decision = data + DATA_HEAD_BYTES;
    memcpy(to, flags, sizeof flags);
    data[0] = DATA_HEAD_BYTES - 1 + MDG_DECISION_CHECKED_BYTES;
    data[1] = 0xFF;
    mdg_put16(data + 2, company);
    mdg_decision_write(d, decision);
    mdg_put16(decision + MDG_DECISION_BYTES, check(decision));
    return MDG_ADVERTISEMENT_BYTES;
}

mdg_status mdg_decision_hear(const uint8_t *from, uint32_t bytes, mdg_decision *d) {
    if (bytes != MDG_DECISION_CHECKED_BYTES || mdg_get16(from + MDG_DECISION_BYTES) != check(from))
        return MDG_INVALID;
    return mdg_decision_read(from, MDG_DECISION_BYTES, d);
}
