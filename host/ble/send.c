/* SPDX-License-Identifier: MIT
 *
 * Sends an update. What counts is what the device says that it awaits: so messages that were lost, and
 * updates that were interrupted, need no bookkeeping here.
 */
#include <string.h>

#include "ble/peer.h"
#include "core/little_endian.h"
#include "midge/update_link.h"
#include "update/update.h"

enum { ATTRIBUTE_HEAD = 3, SMALLEST_MTU = 23, ROUND = 16, ATTEMPTS = 4, STUCK = 5 };

typedef struct transfer {
    const mdg_ble *b;
    const peer *p;
    const mdg_bytes *update;
    const mdg_progress *progress;
    mdg_diag *diag;
} transfer;

static mdg_status ask(const transfer *t, mdg_link_reply *reply) {
    uint8_t bytes[MDG_LINK_STATUS_BYTES];
    size_t n = 0;
    MDG_TRY(bluez_read(t->b->bus, t->p->status, bytes, sizeof bytes, &n, t->diag));
    if (mdg_link_reply_read(bytes, (uint32_t)n, reply) == MDG_OK) return MDG_OK;
    return mdg_fail(t->diag, MDG_INVALID, "%s: speaks another protocol for updates", t->p->address);
}

static mdg_status control(const transfer *t, uint8_t what, mdg_link_reply *reply) {
    MDG_TRY(bluez_write(t->b->bus, t->p->control, &what, 1, t->diag));
    return ask(t, reply);
}

/* Data of a message: what an attribute of the connection holds */
static uint32_t room(const peer *p) {
    const uint32_t mtu = p->mtu > SMALLEST_MTU ? p->mtu : SMALLEST_MTU;
    const uint32_t n = mtu - ATTRIBUTE_HEAD - MDG_LINK_OFFSET_BYTES;
    return n < MDG_LINK_MAX_DATA ? n : MDG_LINK_MAX_DATA;
}

static mdg_status send_data(const transfer *t, uint32_t offset, uint32_t n) {
    uint8_t message[MDG_LINK_OFFSET_BYTES + MDG_LINK_MAX_DATA];
    mdg_put32(message, offset);
    memcpy(message + MDG_LINK_OFFSET_BYTES, t->update->data + offset, n);
    return bluez_write(t->b->bus, t->p->data, message, MDG_LINK_OFFSET_BYTES + n, t->diag);
}

/* Some messages up to `end`, then asks. */
static mdg_status send_round(const transfer *t, uint32_t end, mdg_link_reply *reply) {
    uint32_t offset = reply->offset;
    for (int i = 0; i < ROUND && offset < end; i++) {
        const uint32_t n = room(t->p) < end - offset ? room(t->p) : end - offset;
        MDG_TRY(send_data(t, offset, n));
        offset += n;
    }
    return ask(t, reply);
}

static bool goes_on(const mdg_link_reply *r) {
    return r->status == MDG_UPDATE_OK || r->status == MDG_UPDATE_OFFSET;
}

/* A device that runs this version has taken it, maybe while the connection was lost. */
static mdg_status judge(const transfer *t, const mdg_update_header *h, const mdg_link_reply *r) {
    if (goes_on(r) || (r->status == MDG_UPDATE_VERSION && r->version == h->version)) return MDG_OK;
    return mdg_fail(t->diag, MDG_INVALID, "%s: refuses the update: %s (it runs version %u)", t->p->address,
                    mdg_update_status_text((mdg_update_status)r->status), r->version);
}

/* Up to `end`, as long as the device takes it and gets on. */
static mdg_status send_up_to(const transfer *t, uint32_t end, mdg_link_reply *reply) {
    uint32_t most = reply->offset;
    for (int stuck = 0; goes_on(reply) && reply->offset < end;) {
        MDG_TRY(send_round(t, end, reply));
        stuck = reply->offset > most ? 0 : stuck + 1;
        most = reply->offset > most ? reply->offset : most;
        if (stuck >= STUCK) return mdg_fail(t->diag, MDG_IO, "%s: takes nothing any more", t->p->address);
        if (!mdg_progress_report(t->progress, reply->offset, (double)t->update->size, "sent"))
            return MDG_INTERRUPTED;
    }
    return MDG_OK;
}

static mdg_status transfer_all(const transfer *t) {
    mdg_update_header h;
    mdg_link_reply reply;
    memcpy(&h, t->update->data, sizeof h);
    MDG_TRY(control(t, MDG_LINK_START, &reply));
    MDG_TRY(send_up_to(t, MDG_UPDATE_HEADER_BYTES,
                       &reply)); /* then it tells whether it wants the rest, from where on */
    if (goes_on(&reply)) MDG_TRY(send_up_to(t, (uint32_t)t->update->size, &reply));
    if (goes_on(&reply)) MDG_TRY(control(t, MDG_LINK_FINISH, &reply));
    return judge(t, &h, &reply);
}

mdg_status mdg_ble_send(mdg_ble *b, const char *address, const mdg_bytes *update,
                        const mdg_progress *progress, mdg_diag *diag) {
    mdg_status status = MDG_IO;
    for (int attempt = 0; attempt < ATTEMPTS && status == MDG_IO; attempt++) {
        peer p;
        const transfer t = {b, &p, update, progress, diag};
        status = mdg_ble_connect(b, address, &p, diag);
        if (status == MDG_OK) status = transfer_all(&t);
        mdg_ble_disconnect(b, &p);
    }
    return status;
}
