/* SPDX-License-Identifier: MIT
 *
 * A device behind the mock of BlueZ (ble_device.py loads this as a library): the receiver of updates with
 * flash in memory and libsodium, and decisions as they are advertised. It goes out once in the midst of an
 * update.
 */
#include "midge/decision.h"
#include "midge/update_link.h"
#include "tests/core/updates.h"

static flash memory;
static update_keys keys;
static mdg_update running;
static mdg_update_link link;
static char model_name[MDG_UPDATE_NAME_BYTES];
static int writes_left;

int device_start(const uint8_t *public_key, const char *name, int writes_until_loss);
int device_control(const uint8_t *bytes, uint32_t n);
int device_data(const uint8_t *bytes, uint32_t n);
void device_status(uint8_t *reply);
uint32_t device_version(void);
void device_advertise(uint32_t sequence, uint8_t *data);
void device_notify(uint32_t sequence, uint8_t *data);

static mdg_update_device device = {.context = &keys, .builtin_version = 1, .verify = update_verify};

static void restart(void) {
    flash_power_on(&memory);
    flash_expect(mdg_update_open(&running, &device) == MDG_UPDATE_OK);
    mdg_update_link_init(&link, &running);
}

int device_start(const uint8_t *public_key, const char *name, int writes_until_loss) {
    memcpy(keys.public, public_key, sizeof keys.public);
    flash_make(&memory, 8, true);
    device.flash = &memory.port;
    strncpy(model_name, name, sizeof model_name - 1);
    device.name = model_name;
    writes_left = writes_until_loss;
    restart();
    return sodium_init();
}

int device_control(const uint8_t *bytes, uint32_t n) {
    mdg_update_link_control(&link, bytes, n);
    return mdg_update_link_is_complete(&link);
}

/* Returns 0, or -1 where the connection is lost, and the power with it. */
int device_data(const uint8_t *bytes, uint32_t n) {
    if (--writes_left == 0) {
        restart();
        return -1;
    }
    mdg_update_link_data(&link, bytes, n);
    return 0;
}

void device_status(uint8_t *reply) {
    mdg_update_link_status(&link, reply);
}

uint32_t device_version(void) {
    return running.version;
}

static mdg_decision decision(uint32_t sequence) {
    const mdg_decision d = {.model = mdg_decision_model("doorbell"),
                            .version = running.version,
                            .time_ms = 1500 * sequence,
                            .sequence = (uint16_t)sequence,
                            .class_index = (uint8_t)(sequence % 3),
                            .score = (uint8_t)(200 + sequence)};
    return d;
}

void device_advertise(uint32_t sequence, uint8_t *data) {
    const mdg_decision d = decision(sequence);
    uint8_t packet[MDG_ADVERTISEMENT_BYTES];
    mdg_decision_advertise(&d, 0xFFFF, packet);
    memcpy(data, packet + 7, MDG_DECISION_CHECKED_BYTES);
}

void device_notify(uint32_t sequence, uint8_t *data) {
    const mdg_decision d = decision(sequence);
    mdg_decision_write(&d, data);
}
