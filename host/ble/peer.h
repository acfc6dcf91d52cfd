/* SPDX-License-Identifier: MIT
 *
 * peer.h: a device that is connected, with the characteristics of midge's service.
 */
#ifndef MDG_BLE_PEER_H
#define MDG_BLE_PEER_H

#include "ble/ble.h"

typedef struct peer {
    char address[BLUEZ_ADDRESS_BYTES];
    char device[BLUEZ_PATH_BYTES], decision[BLUEZ_PATH_BYTES], control[BLUEZ_PATH_BYTES],
        data[BLUEZ_PATH_BYTES], status[BLUEZ_PATH_BYTES];
    uint32_t mtu;
    bool is_near, is_resolved; /* it is known; its services are, too */
} peer;

mdg_status mdg_ble_start_discovery(const mdg_ble *b, mdg_diag *diag);
void mdg_ble_stop_discovery(const mdg_ble *b);

/* Finds the device, connects, finds the service. Returns MDG_OK, MDG_IO, or MDG_NOT_FOUND. */
mdg_status mdg_ble_connect(const mdg_ble *b, const char *address, peer *p, mdg_diag *diag);
void mdg_ble_disconnect(const mdg_ble *b, const peer *p);

#endif
