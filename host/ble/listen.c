/* SPDX-License-Identifier: MIT
 *
 * Hears decisions. An advertisement is heard many times and a device's sequence number tells which are new.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "ble/peer.h"

enum { DEVICES = 64, WAIT_US = 200000 };

typedef struct known {
    char address[BLUEZ_ADDRESS_BYTES];
    uint16_t sequence;
    int rssi;
} known;

typedef struct listener {
    mdg_ble_hearer hear;
    void *context;
    const char *decision; /* path of a characteristic; NULL = advertisements */
    bool enough;
    known devices[DEVICES];
    int n; /* ever heard: the oldest makes room for the 65th */
} listener;

static known *device_of(listener *l, const char *address, bool *is_new) {
    const int n = l->n < DEVICES ? l->n : DEVICES;
    *is_new = false;
    for (int i = 0; i < n; i++)
        if (strcmp(l->devices[i].address, address) == 0) return &l->devices[i];
    *is_new = true;
    known *k = &l->devices[l->n++ % DEVICES];
    memset(k, 0, sizeof *k);
    snprintf(k->address, sizeof k->address, "%s", address);
    return k;
}

static void pass_on(listener *l, const char *address, int rssi, const mdg_decision *d) {
    bool is_new;
    known *k = device_of(l, address, &is_new);
    if (rssi) k->rssi = rssi;
    if (!is_new && k->sequence == d->sequence) return;
    k->sequence = d->sequence;
    const mdg_ble_heard heard = {k->address, k->rssi, *d};
    if (!l->enough && !l->hear(l->context, &heard)) l->enough = true;
}

static bool take(void *context, const bluez_object *o) {
    listener *l = context;
    mdg_decision d;
    char address[BLUEZ_ADDRESS_BYTES];
    if (!bluez_address(o->path, address)) return true;
    const mdg_status status = l->decision ? mdg_decision_read(o->value, (uint32_t)o->value_bytes, &d)
                                          : mdg_decision_hear(o->data, (uint32_t)o->data_bytes, &d);
    if (status == MDG_OK && (!l->decision || strcmp(o->path, l->decision) == 0))
        pass_on(l, address, o->rssi, &d);
    return true;
}

/* sa{sv}as: interface, what changed, what is no longer known */
static int on_change(sd_bus_message *m, void *context, sd_bus_error *error) {
    bluez_object o = {.path = sd_bus_message_get_path(m)};
    (void)error;
    if (o.path && sd_bus_message_read_basic(m, 's', &o.interface) > 0 && bluez_read_properties(m, &o) >= 0)
        take(context, &o);
    return 0;
}

/* oa{sa{sv}}: an object that is new */
static int on_new(sd_bus_message *m, void *context, sd_bus_error *error) {
    const char *path;
    (void)error;
    if (sd_bus_message_read_basic(m, 'o', &path) > 0) (void)bluez_read_interfaces(m, path, take, context);
    return 0;
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static mdg_status subscribe(sd_bus *bus, listener *l, mdg_diag *diag) {
    int r = sd_bus_match_signal(bus, NULL, BLUEZ, NULL, "org.freedesktop.DBus.Properties",
                                "PropertiesChanged", on_change, l);
    if (r >= 0)
        r = sd_bus_match_signal(bus, NULL, BLUEZ, NULL, "org.freedesktop.DBus.ObjectManager",
                                "InterfacesAdded", on_new, l);
    return r < 0 ? mdg_fail(diag, MDG_IO, "Bluetooth: signals: %s", strerror(-r)) : MDG_OK;
}

static mdg_status loop(sd_bus *bus, listener *l, double seconds, mdg_diag *diag) {
    const double end = now_s() + seconds;
    while (!l->enough && (seconds <= 0 || now_s() < end)) {
        int r = sd_bus_process(bus, NULL);
        if (r == 0) r = sd_bus_wait(bus, WAIT_US);
        if (r < 0 && r != -EINTR) return mdg_fail(diag, MDG_IO, "Bluetooth: %s", strerror(-r));
        if (!l->enough && !l->hear(l->context, NULL)) l->enough = true;
    }
    return MDG_OK;
}

mdg_status mdg_ble_scan(mdg_ble *b, double seconds, mdg_ble_hearer hear, void *context, mdg_diag *diag) {
    listener l = {.hear = hear, .context = context};
    MDG_TRY(subscribe(b->bus, &l, diag));
    MDG_TRY(mdg_ble_start_discovery(b, diag));
    const mdg_status status = loop(b->bus, &l, seconds, diag);
    mdg_ble_stop_discovery(b);
    return status;
}

static mdg_status listen_to(mdg_ble *b, const peer *p, double seconds, listener *l, mdg_diag *diag) {
    MDG_TRY(subscribe(b->bus, l, diag));
    MDG_TRY(bluez_call(b->bus, p->decision, BLUEZ_CHARACTERISTIC, "StartNotify", diag));
    const mdg_status status = loop(b->bus, l, seconds, diag);
    (void)bluez_call(b->bus, p->decision, BLUEZ_CHARACTERISTIC, "StopNotify", NULL);
    return status;
}

mdg_status mdg_ble_listen(mdg_ble *b, const char *address, double seconds, mdg_ble_hearer hear, void *context,
                          mdg_diag *diag) {
    peer p;
    listener l = {.hear = hear, .context = context, .decision = p.decision};
    mdg_status status = mdg_ble_connect(b, address, &p, diag);
    if (status == MDG_OK) status = listen_to(b, &p, seconds, &l, diag);
    mdg_ble_disconnect(b, &p);
    return status;
}
