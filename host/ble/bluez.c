/* SPDX-License-Identifier: MIT */
#include "ble/bluez.h"

#include <string.h>

enum { TIMEOUT_US = 40000000 };

/* -- Properties -- */

/* Enters a variant if it holds the type; otherwise passes over it. */
static bool enter_variant(sd_bus_message *m, const char *wanted, int *r) {
    const char *contents = NULL;
    char type;
    *r = sd_bus_message_peek_type(m, &type, &contents);
    if (*r < 0) return false;
    const bool is_wanted = type == 'v' && contents && strcmp(contents, wanted) == 0;
    *r = is_wanted ? sd_bus_message_enter_container(m, 'v', wanted) : sd_bus_message_skip(m, "v");
    return is_wanted && *r >= 0;
}

static int read_basic(sd_bus_message *m, const char *type, void *to) {
    int r;
    if (!enter_variant(m, type, &r)) return r;
    r = sd_bus_message_read_basic(m, type[0], to);
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_bytes(sd_bus_message *m, const uint8_t **bytes, size_t *n) {
    const void *data = NULL;
    int r;
    if (!enter_variant(m, "ay", &r)) return r;
    r = sd_bus_message_read_array(m, 'y', &data, n);
    *bytes = data;
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* a{qv}, by company; the last one counts */
static int read_manufacturer(sd_bus_message *m, bluez_object *o) {
    uint16_t company;
    int r;
    if (!enter_variant(m, "a{qv}", &r)) return r;
    r = sd_bus_message_enter_container(m, 'a', "{qv}");
    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "qv")) > 0) {
        r = sd_bus_message_read_basic(m, 'q', &company);
        if (r >= 0) r = read_bytes(m, &o->data, &o->data_bytes);
        if (r >= 0) r = sd_bus_message_exit_container(m);
    }
    if (r >= 0) r = sd_bus_message_exit_container(m);
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_flag(sd_bus_message *m, bool *flag) {
    int value = 0;
    const int r = read_basic(m, "b", &value);
    *flag = value != 0;
    return r;
}

static int read_mtu(sd_bus_message *m, uint32_t *mtu) {
    uint16_t value = 0;
    const int r = read_basic(m, "q", &value);
    *mtu = value;
    return r;
}

static int read_rssi(sd_bus_message *m, int *rssi) {
    int16_t value = 0;
    const int r = read_basic(m, "n", &value);
    *rssi = value;
    return r;
}

static int read_property(sd_bus_message *m, const char *name, bluez_object *o) {
    if (strcmp(name, "UUID") == 0) return read_basic(m, "s", &o->uuid);
    if (strcmp(name, "MTU") == 0) return read_mtu(m, &o->mtu);
    if (strcmp(name, "RSSI") == 0) return read_rssi(m, &o->rssi);
    if (strcmp(name, "Powered") == 0) return read_flag(m, &o->powered);
    if (strcmp(name, "ServicesResolved") == 0) return read_flag(m, &o->resolved);
    if (strcmp(name, "Value") == 0) return read_bytes(m, &o->value, &o->value_bytes);
    if (strcmp(name, "ManufacturerData") == 0) return read_manufacturer(m, o);
    return sd_bus_message_skip(m, "v");
}

int bluez_read_properties(sd_bus_message *m, bluez_object *o) {
    const char *name;
    int r = sd_bus_message_enter_container(m, 'a', "{sv}");
    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        r = sd_bus_message_read_basic(m, 's', &name);
        if (r >= 0) r = read_property(m, name, o);
        if (r >= 0) r = sd_bus_message_exit_container(m);
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

int bluez_read_interfaces(sd_bus_message *m, const char *path, bluez_visitor visit, void *context) {
    bool more = true;
    int r = sd_bus_message_enter_container(m, 'a', "{sa{sv}}");
    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "sa{sv}")) > 0) {
        bluez_object o = {.path = path};
        r = sd_bus_message_read_basic(m, 's', &o.interface);
        if (r >= 0) r = bluez_read_properties(m, &o);
        if (r >= 0) r = sd_bus_message_exit_container(m);
        if (r >= 0 && more) more = visit(context, &o);
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_objects(sd_bus_message *m, bluez_visitor visit, void *context) {
    const char *path;
    int r = sd_bus_message_enter_container(m, 'a', "{oa{sa{sv}}}");
    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "oa{sa{sv}}")) > 0) {
        r = sd_bus_message_read_basic(m, 'o', &path);
        if (r >= 0) r = bluez_read_interfaces(m, path, visit, context);
        if (r >= 0) r = sd_bus_message_exit_container(m);
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* -- Calls -- */

static mdg_status fail(const char *method, int r, sd_bus_error *error, mdg_diag *diag) {
    const bool absent = sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN);
    const mdg_status status =
        absent ? mdg_fail(diag, MDG_TOOL, "Bluetooth: BlueZ does not run; `systemctl start bluetooth`")
               : mdg_fail(diag, MDG_IO, "Bluetooth: %s: %s", method,
                          error->message ? error->message : strerror(-r));
    sd_bus_error_free(error);
    return status;
}

mdg_status bluez_visit(sd_bus *bus, bluez_visitor visit, void *context, mdg_diag *diag) {
    static const char method[] = "GetManagedObjects";
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *reply = NULL;
    int r = sd_bus_call_method(bus, BLUEZ, "/", "org.freedesktop.DBus.ObjectManager", method, &error, &reply,
                               NULL);
    if (r >= 0) r = read_objects(reply, visit, context);
    sd_bus_message_unref(reply);
    return r < 0 ? fail(method, r, &error, diag) : MDG_OK;
}

mdg_status bluez_call(sd_bus *bus, const char *path, const char *interface, const char *method,
                      mdg_diag *diag) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    const int r = sd_bus_call_method(bus, BLUEZ, path, interface, method, &error, NULL, NULL);
    return r < 0 ? fail(method, r, &error, diag) : MDG_OK;
}

mdg_status bluez_write(sd_bus *bus, const char *path, const uint8_t *bytes, size_t n, mdg_diag *diag) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *m = NULL;
    int r = sd_bus_message_new_method_call(bus, &m, BLUEZ, path, BLUEZ_CHARACTERISTIC, "WriteValue");
    if (r >= 0) r = sd_bus_message_append_array(m, 'y', bytes, n);
    if (r >= 0) r = sd_bus_message_append(m, "a{sv}", 1, "type", "s", "request");
    if (r >= 0) r = sd_bus_call(bus, m, TIMEOUT_US, &error, NULL);
    sd_bus_message_unref(m);
    return r < 0 ? fail("WriteValue", r, &error, diag) : MDG_OK;
}

mdg_status bluez_read(sd_bus *bus, const char *path, uint8_t *bytes, size_t most, size_t *n, mdg_diag *diag) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *reply = NULL;
    const void *data = NULL;
    int r =
        sd_bus_call_method(bus, BLUEZ, path, BLUEZ_CHARACTERISTIC, "ReadValue", &error, &reply, "a{sv}", 0);
    if (r >= 0) r = sd_bus_message_read_array(reply, 'y', &data, n);
    if (r >= 0 && *n <= most && *n > 0) memcpy(bytes, data, *n);
    sd_bus_message_unref(reply);
    if (r < 0) return fail("ReadValue", r, &error, diag);
    return *n <= most ? MDG_OK
                      : mdg_fail(diag, MDG_INVALID, "Bluetooth: ReadValue: %zu bytes are too many", *n);
}

bool bluez_address(const char *path, char *to) {
    const char *name = strstr(path, "/dev_");
    if (!name || strlen(name + 5) < 17 || (name[22] && name[22] != '/')) return false;
    memcpy(to, name + 5, 17);
    to[17] = '\0';
    for (char *c = to; *c; c++)
        if (*c == '_') *c = ':';
    return true;
}
