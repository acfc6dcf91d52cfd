/* SPDX-License-Identifier: MIT
 *
 * The header of an update is gathered in memory, since messages may be shorter than it is; with its last byte
 * the receiver knows whether the update is one it takes, and from where on. The first failure stays until the
 * next start, so that the sender can learn of it at any time.
 */
#include "midge/update_link.h"

#include <string.h>

#include "little_endian.h"

void mdg_update_link_init(mdg_update_link *l, mdg_update *update) {
    memset(l, 0, sizeof *l);
    l->update = update;
    l->status = MDG_UPDATE_STATE;
}

static uint32_t awaited(const mdg_update_link *l) {
    return l->begun ? l->update->offset : l->header_bytes;
}

static bool is_open(const mdg_update_link *l) {
    return l->last == MDG_LINK_START && (l->status == MDG_UPDATE_OK || l->status == MDG_UPDATE_OFFSET);
}

static void finish(mdg_update_link *l) {
    if (!l->begun || l->update->offset != l->update->total) {
        l->status = MDG_UPDATE_OFFSET; /* bytes are missing, and may follow */
        return;
    }
    l->status = (uint8_t)mdg_update_finish(l->update);
    l->last = MDG_LINK_FINISH;
}

void mdg_update_link_control(mdg_update_link *l, const uint8_t *message, uint32_t bytes) {
    if (bytes != 1) return;
    if (message[0] == MDG_LINK_START) {
        mdg_update_link_init(l, l->update);
        l->status = MDG_UPDATE_OK;
        l->last = MDG_LINK_START;
    } else if (message[0] == MDG_LINK_FINISH && is_open(l)) {
        finish(l);
    }
}

static mdg_update_status take_header(mdg_update_link *l, uint32_t offset, const uint8_t *data,
                                     uint32_t bytes) {
    if (offset != l->header_bytes) return MDG_UPDATE_OFFSET;
    const uint32_t room = MDG_UPDATE_HEADER_BYTES - l->header_bytes, n = bytes < room ? bytes : room;
    memcpy(l->header + l->header_bytes, data, n);
    l->header_bytes += n;
    if (l->header_bytes < MDG_UPDATE_HEADER_BYTES) return MDG_UPDATE_OK;
    const mdg_update_status status = mdg_update_begin(l->update, l->header);
    l->begun = status == MDG_UPDATE_OK;
    if (!l->begun || n == bytes || l->update->offset != MDG_UPDATE_HEADER_BYTES) return status;
    return mdg_update_write(l->update, MDG_UPDATE_HEADER_BYTES, data + n, bytes - n);
}

void mdg_update_link_data(mdg_update_link *l, const uint8_t *message, uint32_t bytes) {
    if (bytes <= MDG_LINK_OFFSET_BYTES || !is_open(l)) return;
    const uint32_t offset = mdg_get32(message);
    const uint8_t *data = message + MDG_LINK_OFFSET_BYTES;
    bytes -= MDG_LINK_OFFSET_BYTES;
    l->status = (uint8_t)(l->begun ? mdg_update_write(l->update, offset, data, bytes)
                                   : take_header(l, offset, data, bytes));
}

void mdg_update_link_status(const mdg_update_link *l, uint8_t *reply) {
    reply[0] = MDG_LINK_PROTOCOL;
    reply[1] = l->last;
    reply[2] = l->status;
    reply[3] = 0;
    mdg_put32(reply + 4, awaited(l));
    mdg_put32(reply + 8, l->begun ? l->update->total : 0);
    mdg_put32(reply + 12, l->update->version);
    mdg_put32(reply + 16, l->update->minimum);
}

bool mdg_update_link_is_complete(const mdg_update_link *l) {
    return l->last == MDG_LINK_FINISH && l->status == MDG_UPDATE_OK;
}

mdg_status mdg_link_reply_read(const uint8_t *message, uint32_t bytes, mdg_link_reply *out) {
    if (bytes != MDG_LINK_STATUS_BYTES || message[0] != MDG_LINK_PROTOCOL) return MDG_INVALID;
    out->last = message[1];
    out->status = message[2];
    out->offset = mdg_get32(message + 4);
    out->total = mdg_get32(message + 8);
    out->version = mdg_get32(message + 12);
    return MDG_OK;
}
