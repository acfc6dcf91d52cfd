/* SPDX-License-Identifier: MIT
 *
 * midge_send.h: rows of 16-bit numbers from a device to `midge record --serial`, in frames that carry a
 * sequence number and a CRC, so that the other end knows what was lost. C99; no malloc, no stdio, no globals.
 * docs/RECORDING.md describes the bytes.
 *
 *     static void put(void *uart, uint8_t byte) { uart_write(uart, byte); }
 *     midge_sender s = {.put = put, .context = &uart0};
 *     midge_send(&s, row, 3, 1);              // each time that the sensor has three axes anew
 */
#ifndef MIDGE_SEND_H
#define MIDGE_SEND_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MIDGE_SEND_SYNC = 0xA5,
    MIDGE_SEND_HEAD = 4,          /* sync, length of the values in bytes, sequence number, values in a row */
    MIDGE_SEND_MAX_VALUES = 127,  /* of all rows of one frame */
    MIDGE_SEND_MAX_CHANNELS = 32, /* values in a row */
    MIDGE_SEND_CRC_START = 0xFFFF
};

typedef struct midge_sender {
    void (*put)(void *context, uint8_t byte); /* sends one byte */
    void *context;
    uint8_t sequence; /* 0 at the start; midge_send counts on */
} midge_sender;

/* Sends one frame of `rows` rows with `channels` values each, row after row. Returns 0; -1, with nothing
 * sent, when there are none, more than MIDGE_SEND_MAX_CHANNELS channels, or more than
 * MIDGE_SEND_MAX_VALUES values. */
int midge_send(midge_sender *s, const int16_t *values, int channels, int rows);

/* The CRC over all bytes of a frame behind the sync byte, one byte on: polynomial 0x1021. */
uint16_t midge_send_crc(uint16_t crc, uint8_t byte);

#ifdef __cplusplus
}
#endif

#endif
