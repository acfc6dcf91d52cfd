/* SPDX-License-Identifier: MIT
 *
 * messages FILE.update [BYTES] | cut | end: on standard output, what the desktop would send over the serial
 * port: an update, up to so many bytes of it; a cut of power; the end. 64 bytes of the update a message.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crc32.h"
#include "core/little_endian.h"
#include "device.h"
#include "midge/update_link.h"

enum { CHUNK = 64 };

static void send(message_kind kind, const uint8_t *bytes, uint32_t n) {
    static const uint8_t pause[64] = {0}; /* a reset may swallow what comes */
    uint8_t frame[7 + 255] = {0xA5, (uint8_t)kind, (uint8_t)n};
    memcpy(frame + 3, bytes, n);
    mdg_put32(frame + 3 + n, mdg_crc32(frame + 1, 2 + n));
    fwrite(frame, 1, 7 + n, stdout);
    if (kind != DATA) fwrite(pause, 1, sizeof pause, stdout);
}

static void send_control(uint8_t what) {
    send(CONTROL, &what, 1);
}

static void send_update(FILE *f, uint32_t most) {
    uint8_t bytes[MDG_LINK_OFFSET_BYTES + CHUNK];
    uint32_t at = 0;
    send_control(MDG_LINK_START);
    for (size_t n; at < most && (n = fread(bytes + MDG_LINK_OFFSET_BYTES, 1, CHUNK, f)) > 0;
         at += (uint32_t)n) {
        mdg_put32(bytes, at);
        send(DATA, bytes, MDG_LINK_OFFSET_BYTES + (uint32_t)n);
    }
    if (at < most) send_control(MDG_LINK_FINISH);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (strcmp(argv[1], "cut") == 0 || strcmp(argv[1], "end") == 0) {
        send(argv[1][0] == 'c' ? CUT : END, NULL, 0);
        return 0;
    }
    FILE *f = fopen(argv[1], "rb");
    if (!f) return 1;
    send_update(f, argc > 2 ? (uint32_t)atoi(argv[2]) : UINT32_MAX);
    return fclose(f) != 0;
}
