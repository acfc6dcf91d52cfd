/* SPDX-License-Identifier: MIT
 *
 * bluez.h: BlueZ's objects on the D-Bus system bus, and calls of their methods, through sd-bus.
 *
 * Memory: the caller's; texts and bytes of an object live as long as its message. Threads: one.
 */
#ifndef MDG_BLE_BLUEZ_H
#define MDG_BLE_BLUEZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "util/diag.h"

#define BLUEZ                "org.bluez"
#define BLUEZ_ADAPTER        "org.bluez.Adapter1"
#define BLUEZ_DEVICE         "org.bluez.Device1"
#define BLUEZ_CHARACTERISTIC "org.bluez.GattCharacteristic1"

enum { BLUEZ_PATH_BYTES = 256, BLUEZ_ADDRESS_BYTES = 18 };

/* What is asked of an interface of an object; absent = 0 or NULL */
typedef struct bluez_object {
    const char *path, *interface;
    const char *uuid;
    uint32_t mtu;
    int rssi;
    bool powered, resolved; /* an adapter that is switched on; a device whose services are known */
    const uint8_t *value;   /* of a characteristic */
    size_t value_bytes;
    const uint8_t *data; /* of the manufacturer, behind the company's number */
    size_t data_bytes;
} bluez_object;

/* Returns false to see no more. */
typedef bool (*bluez_visitor)(void *context, const bluez_object *object);

/* Interfaces with properties: an a{sa{sv}} is read, or one a{sv}. Negative on messages of other types. */
int bluez_read_interfaces(sd_bus_message *m, const char *path, bluez_visitor visit, void *context);
int bluez_read_properties(sd_bus_message *m, bluez_object *o);

/* All interfaces of all objects. Returns MDG_OK; MDG_TOOL where BlueZ does not run, MDG_IO. */
mdg_status bluez_visit(sd_bus *bus, bluez_visitor visit, void *context, mdg_diag *diag);

/* A method without arguments. Returns MDG_OK or MDG_IO. */
mdg_status bluez_call(sd_bus *bus, const char *path, const char *interface, const char *method,
                      mdg_diag *diag);

/* Of a characteristic. A write is acknowledged. Returns MDG_OK or MDG_IO; MDG_INVALID for more than most
 * bytes. */
mdg_status bluez_write(sd_bus *bus, const char *path, const uint8_t *bytes, size_t n, mdg_diag *diag);
mdg_status bluez_read(sd_bus *bus, const char *path, uint8_t *bytes, size_t most, size_t *n, mdg_diag *diag);

/* "/org/bluez/hci0/dev_C0_FF_EE_00_00_01", or what is below it, to "C0:FF:EE:00:00:01", which needs 18 bytes.
 * Returns false for others. */
bool bluez_address(const char *path, char *to);

#endif
