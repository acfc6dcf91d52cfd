/* SPDX-License-Identifier: MIT
 *
 * ble.h: devices near, over Bluetooth LE and BlueZ: hears what they decide, sends them updates
 * (docs/BLUETOOTH.md).
 *
 *     mdg_ble b;
 *     mdg_ble_open(&b, diag);
 *     mdg_ble_scan(&b, 10, heard, context, diag);
 *     mdg_ble_send(&b, "C0:FF:EE:00:00:01", &update, progress, diag);
 *     mdg_ble_close(&b);
 *
 * Memory: the caller's. Threads: one.
 */
#ifndef MDG_BLE_BLE_H
#define MDG_BLE_BLE_H

#include "ble/bluez.h"
#include "midge/decision.h"
#include "util/file.h"
#include "util/progress.h"

typedef struct mdg_ble {
    sd_bus *bus;
    char adapter[BLUEZ_PATH_BYTES]; /* the first that is switched on */
} mdg_ble;

/* Returns MDG_OK; MDG_TOOL without D-Bus or BlueZ, MDG_NOT_FOUND without an adapter that is switched on. */
mdg_status mdg_ble_open(mdg_ble *b, mdg_diag *diag);
void mdg_ble_close(mdg_ble *b);

typedef struct mdg_ble_heard {
    const char *address;
    int rssi; /* dBm; 0 = unknown */
    mdg_decision decision;
} mdg_ble_heard;

/* heard is NULL now and then, where there is nothing new. Returns false to end. */
typedef bool (*mdg_ble_hearer)(void *context, const mdg_ble_heard *heard);

/* Each decision once, from advertisements of all devices; for so many seconds, 0 = until the hearer has
 * enough. Returns MDG_OK or MDG_IO. */
mdg_status mdg_ble_scan(mdg_ble *b, double seconds, mdg_ble_hearer hear, void *context, mdg_diag *diag);
/* The same of one device's notifications. Returns MDG_NOT_FOUND, too, for no such device or no such service.
 */
mdg_status mdg_ble_listen(mdg_ble *b, const char *address, double seconds, mdg_ble_hearer hear, void *context,
                          mdg_diag *diag);

/* Sends an update that was read by mdg_update_read, from where the device has it; connects again when the
 * connection is lost. Returns MDG_OK, also when the device has this version; MDG_NOT_FOUND, MDG_IO;
 * MDG_INVALID with the cause where the device refuses it, MDG_INTERRUPTED. */
mdg_status mdg_ble_send(mdg_ble *b, const char *address, const mdg_bytes *update,
                        const mdg_progress *progress, mdg_diag *diag);

#endif
