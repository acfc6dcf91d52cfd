/* SPDX-License-Identifier: MIT
 *
 * device.h: what the firmware has of a device: flash with two slots, a serial port that brings messages and
 * takes lines of text, a reset.
 *
 * Memory: 128 KB at 0x21000000, which the emulated board keeps over a reset, stand for flash. Threads: one.
 */
#ifndef EXAMPLE_DEVICE_H
#define EXAMPLE_DEVICE_H

#include "midge/update.h"

extern const mdg_flash device_flash;

/* A message: 0xA5, kind, n, n bytes, CRC-32 of kind, n and the bytes */
typedef enum message_kind { CONTROL = 1, DATA = 2, END = 3, CUT = 4 } message_kind;

typedef struct message {
    uint8_t kind, n;
    uint8_t bytes[255];
} message;

void serial_init(void);
/* Waits for the next whole one; what is damaged is passed over. */
void serial_receive(message *m);
void serial_line(uint32_t number, const char *text);

/* Starts anew, as after a cut of power. */
void device_reset(void);

#endif
