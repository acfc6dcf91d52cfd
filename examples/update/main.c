/* SPDX-License-Identifier: MIT
 *
 * A firmware that takes a new model over its serial port: it runs the newest model that holds, answers one
 * question with it, and then listens for an update. Lines of text tell what happens.
 *
 * No cryptography is here. A product's verify() calls an Ed25519 (docs/UPDATES.md); this one stands in for
 * it: it knows the signatures that `midge update verify` found right on the desktop when the firmware was
 * built (trusted.h), and no others. A stand-in for an emulator: it does not look at the message.
 */
#include <string.h>

#include "device.h"
#include "first_image.h"  /* FIRST_KERNELS */
#include "second_image.h" /* SECOND_KERNELS */
#include "semihost.h"
#include "midge/update_link.h"
#include "trusted.h"

enum { ARENA_BYTES = 32 << 10, STATE_BYTES = 1 << 10, BUILTIN_VERSION = 1 };

extern const uint8_t builtin_image[], builtin_image_end[]; /* builtin.S */

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(16)));
static uint8_t state[STATE_BYTES] __attribute__((aligned(16)));
static const mdg_model_memory memory = {arena, sizeof arena, state, sizeof state};
static const mdg_model_kernel kernels[] = {FIRST_KERNELS SECOND_KERNELS{NULL, NULL, NULL}};

static bool verify(void *context, const uint8_t *signature, const uint8_t *message, size_t bytes) {
    (void)context, (void)message, (void)bytes;
    for (size_t i = 0; i < sizeof trusted / sizeof *trusted; i++)
        if (memcmp(signature, trusted[i], MDG_UPDATE_SIGNATURE_BYTES) == 0) return true;
    return false;
}

/* The model that ran has answered, so its memory is free. */
static bool accept_image(void *context, const uint8_t *image, size_t bytes) {
    mdg_model model;
    (void)context;
    return mdg_model_open(&model, image, bytes, kernels, &memory) == MDG_OK;
}

static const mdg_update_device device = {&device_flash, "demo", BUILTIN_VERSION, NULL, verify, accept_image};

static const char *text_of(uint8_t status) {
    static const char *const texts[] = {
#define TEXT(name, text) text,
        MDG_UPDATE_STATUS_LIST(TEXT)
#undef TEXT
    };
    return status < MDG_UPDATE_STATUSES ? texts[status] : "?";
}

/* The question is a ramp of bytes, the answer the place of the highest score. */
static uint32_t answer(const mdg_model *model) {
    uint8_t *in = (uint8_t *)mdg_model_input(model, 0);
    const int8_t *out = (const int8_t *)mdg_model_output(model, 0);
    uint32_t best = 0;
    for (size_t i = 0; i < mdg_model_input_bytes(model, 0); i++) in[i] = (uint8_t)(i * 37);
    mdg_model_invoke(model);
    for (uint32_t i = 1; i < mdg_model_output_bytes(model, 0); i++)
        if (out[i] > out[best]) best = i;
    return best;
}

static bool run(const mdg_update *update) {
    mdg_model model;
    const uint8_t *image = update->image ? update->image : builtin_image;
    const size_t bytes = update->image ? update->image_bytes : (size_t)(builtin_image_end - builtin_image);
    if (mdg_model_open(&model, image, bytes, kernels, &memory) != MDG_OK) return false;
    serial_line(update->version, "is the version that runs");
    serial_line(answer(&model), "is its answer");
    return true;
}

/* A line where something changes: the update goes on from an offset, or is refused. */
static void tell(const mdg_update_link *link, mdg_link_reply *before) {
    uint8_t bytes[MDG_LINK_STATUS_BYTES];
    mdg_link_reply now;
    mdg_update_link_status(link, bytes);
    (void)mdg_link_reply_read(bytes, sizeof bytes, &now);
    if (now.status != before->status && now.status != MDG_UPDATE_OK)
        serial_line(now.offset, text_of(now.status));
    if (now.total && !before->total) serial_line(now.offset, "is awaited");
    *before = now;
}

static int listen(mdg_update_link *link) {
    static message m;
    mdg_link_reply reply = {0, MDG_UPDATE_OK, 0, 0, 0};
    while (!mdg_update_link_is_complete(link)) {
        serial_receive(&m);
        if (m.kind == CONTROL) mdg_update_link_control(link, m.bytes, m.n);
        if (m.kind == DATA) mdg_update_link_data(link, m.bytes, m.n);
        if (m.kind == CUT) device_reset();
        if (m.kind == END) return 0;
        tell(link, &reply);
    }
    serial_line(link->update->version, "is received");
    device_reset();
    return 0;
}

int main(void) {
    mdg_update update;
    mdg_update_link link;
    serial_init();
    if (mdg_update_open(&update, &device) != MDG_UPDATE_OK || !run(&update)) return 1;
    mdg_update_link_init(&link, &update);
    return listen(&link);
}
