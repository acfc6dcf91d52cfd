/* SPDX-License-Identifier: MIT
 *
 * update_link.h: what a sender and a device say to each other so that an update gets across, over Bluetooth,
 * a serial port or anything else that carries messages of 20 bytes or more whole. docs/BLUETOOTH.md describes
 * them.
 *
 *     static mdg_update_link link;
 *     mdg_update_link_init(&link, &update);
 *
 *     on_control_message: mdg_update_link_control(&link, message, bytes);
 *     on_data_message:    mdg_update_link_data(&link, message, bytes);
 *     after each:         mdg_update_link_status(&link, reply); send(reply, MDG_LINK_STATUS_BYTES);
 *     if (mdg_update_link_is_complete(&link)) restart();
 *
 * Messages may be lost, come twice, or be anything at all.
 *
 * Memory: the caller's mdg_update_link. Threads: one, that of the mdg_update.
 */
#ifndef MIDGE_UPDATE_LINK_H
#define MIDGE_UPDATE_LINK_H

#include "midge/update.h"

MDG_C_BEGIN

enum {
    /* Control messages, of one byte */
    MDG_LINK_START = 1,  /* an update begins: its first byte is awaited */
    MDG_LINK_FINISH = 2, /* all of it was sent */

    MDG_LINK_OFFSET_BYTES =
        4, /* a data message: offset of its first byte, then up to 240 bytes of the update */
    MDG_LINK_MAX_DATA = 240,
    MDG_LINK_STATUS_BYTES = 20,
    MDG_LINK_PROTOCOL = 1
};

typedef struct mdg_update_link {
    mdg_update *update;
    uint8_t last;   /* the control message that came last; 0 = none */
    uint8_t status; /* mdg_update_status */
    bool begun;     /* the header was accepted */
    uint32_t header_bytes;
    uint8_t header[MDG_UPDATE_HEADER_BYTES];
} mdg_update_link;

/* update was opened, and must stay. */
void mdg_update_link_init(mdg_update_link *l, mdg_update *update);
void mdg_update_link_control(mdg_update_link *l, const uint8_t *message, uint32_t bytes);
void mdg_update_link_data(mdg_update_link *l, const uint8_t *message, uint32_t bytes);
/* Writes MDG_LINK_STATUS_BYTES. */
void mdg_update_link_status(const mdg_update_link *l, uint8_t *reply);
/* An update was finished: the device starts anew, once the reply is on its way. */
bool mdg_update_link_is_complete(const mdg_update_link *l);

/* What the other side makes of a reply. */
typedef struct mdg_link_reply {
    uint8_t last;
    uint8_t status;
    uint32_t offset;  /* the next byte that the device awaits */
    uint32_t total;   /* of the update; 0 = none is being received */
    uint32_t version; /* of the model that it runs */
} mdg_link_reply;

/* Returns MDG_OK, or MDG_INVALID for what is no reply of this protocol. */
mdg_status mdg_link_reply_read(const uint8_t *message, uint32_t bytes, mdg_link_reply *out);

MDG_C_END

#endif
