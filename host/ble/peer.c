/* SPDX-License-Identifier: MIT */
#include "ble/peer.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "midge/ble.h"

enum { TRIES = 75, TRY_NS = 200000000 }; /* 15 s */

static bool find_adapter(void *context, const bluez_object *o) {
    mdg_ble *b = context;
    if (strcmp(o->interface, BLUEZ_ADAPTER) != 0 || !o->powered) return true;
    snprintf(b->adapter, sizeof b->adapter, "%s", o->path);
    return false;
}

mdg_status mdg_ble_open(mdg_ble *b, mdg_diag *diag) {
    memset(b, 0, sizeof *b);
    const int r = sd_bus_open_system(&b->bus);
    if (r < 0)
        return mdg_fail(diag, MDG_TOOL, "Bluetooth: no D-Bus: %s; `systemctl start dbus bluetooth`",
                        strerror(-r));
    mdg_status status = bluez_visit(b->bus, find_adapter, b, diag);
    if (status == MDG_OK && !b->adapter[0])
        status =
            mdg_fail(diag, MDG_NOT_FOUND, "Bluetooth: no adapter is switched on; `bluetoothctl power on`");
    if (status != MDG_OK) mdg_ble_close(b);
    return status;
}

void mdg_ble_close(mdg_ble *b) {
    sd_bus_flush_close_unref(b->bus);
    b->bus = NULL;
}

/* All advertisements, those that were heard before, too */
static mdg_status filter(const mdg_ble *b, mdg_diag *diag) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    const int r = sd_bus_call_method(b->bus, BLUEZ, b->adapter, BLUEZ_ADAPTER, "SetDiscoveryFilter", &error,
                                     NULL, "a{sv}", 2, "Transport", "s", "le", "DuplicateData", "b", 1);
    const mdg_status status = r < 0 ? mdg_fail(diag, MDG_IO, "Bluetooth: SetDiscoveryFilter: %s",
                                               error.message ? error.message : strerror(-r))
                                    : MDG_OK;
    sd_bus_error_free(&error);
    return status;
}

mdg_status mdg_ble_start_discovery(const mdg_ble *b, mdg_diag *diag) {
    MDG_TRY(filter(b, diag));
    return bluez_call(b->bus, b->adapter, BLUEZ_ADAPTER, "StartDiscovery", diag);
}

void mdg_ble_stop_discovery(const mdg_ble *b) {
    (void)bluez_call(b->bus, b->adapter, BLUEZ_ADAPTER, "StopDiscovery", NULL);
}

static bool find_parts(void *context, const bluez_object *o) {
    peer *p = context;
    char address[BLUEZ_ADDRESS_BYTES];
    if (!bluez_address(o->path, address) || strcasecmp(address, p->address) != 0) return true;
    if (strcmp(o->interface, BLUEZ_DEVICE) == 0) {
        snprintf(p->device, sizeof p->device, "%s", o->path);
        p->is_near = true;
        p->is_resolved = o->resolved;
    }
    if (strcmp(o->interface, BLUEZ_CHARACTERISTIC) != 0 || !o->uuid) return true;
    const struct {
        const char *uuid;
        char *path;
    } parts[] = {{MDG_BLE_DECISION, p->decision},
                 {MDG_BLE_CONTROL, p->control},
                 {MDG_BLE_DATA, p->data},
                 {MDG_BLE_STATUS, p->status}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasecmp(o->uuid, parts[i].uuid) == 0) snprintf(parts[i].path, BLUEZ_PATH_BYTES, "%s", o->path);
    if (strcasecmp(o->uuid, MDG_BLE_DATA) == 0) p->mtu = o->mtu;
    return true;
}

/* Until `flag`, one of the peer's, is set. */
static mdg_status wait_for(const mdg_ble *b, peer *p, const bool *flag, mdg_diag *diag) {
    const struct timespec pause = {0, TRY_NS};
    MDG_TRY(bluez_visit(b->bus, find_parts, p, diag));
    for (int i = 0; i < TRIES && !*flag; i++) {
        nanosleep(&pause, NULL);
        MDG_TRY(bluez_visit(b->bus, find_parts, p, diag));
    }
    return MDG_OK;
}

static mdg_status find_device(const mdg_ble *b, peer *p, mdg_diag *diag) {
    MDG_TRY(bluez_visit(b->bus, find_parts, p, diag));
    if (p->is_near) return MDG_OK;
    MDG_TRY(mdg_ble_start_discovery(b, diag));
    const mdg_status status = wait_for(b, p, &p->is_near, diag);
    mdg_ble_stop_discovery(b);
    if (status != MDG_OK || p->is_near) return status;
    return mdg_fail(diag, MDG_NOT_FOUND,
                    "%s: no such device is near; `midge ble scan` lists those that decide", p->address);
}

/* To be connected already is no failure. */
static mdg_status connect_device(const mdg_ble *b, const peer *p, mdg_diag *diag) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    const int r = sd_bus_call_method(b->bus, BLUEZ, p->device, BLUEZ_DEVICE, "Connect", &error, NULL, NULL);
    const bool connected = r >= 0 || sd_bus_error_has_name(&error, "org.bluez.Error.AlreadyConnected");
    const mdg_status status = connected ? MDG_OK
                                        : mdg_fail(diag, MDG_IO, "%s: Connect: %s", p->address,
                                                   error.message ? error.message : strerror(-r));
    sd_bus_error_free(&error);
    return status;
}

mdg_status mdg_ble_connect(const mdg_ble *b, const char *address, peer *p, mdg_diag *diag) {
    memset(p, 0, sizeof *p);
    snprintf(p->address, sizeof p->address, "%s", address);
    MDG_TRY(find_device(b, p, diag));
    MDG_TRY(connect_device(b, p, diag));
    MDG_TRY(wait_for(b, p, &p->is_resolved, diag));
    if (p->decision[0] && p->control[0] && p->data[0] && p->status[0]) return MDG_OK;
    return mdg_fail(diag, MDG_NOT_FOUND, "%s: has no service of midge (%s)", p->address, MDG_BLE_SERVICE);
}

void mdg_ble_disconnect(const mdg_ble *b, const peer *p) {
    if (p->is_near) (void)bluez_call(b->bus, p->device, BLUEZ_DEVICE, "Disconnect", NULL);
}
