/* SPDX-License-Identifier: MIT */
#include "midge_send.h"

uint16_t midge_send_crc(uint16_t crc, uint8_t byte) {
    crc = (uint16_t)(crc ^ (uint16_t)((uint16_t)byte << 8));
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0));
    return crc;
}

static uint16_t put(const midge_sender *s, uint16_t crc, uint8_t byte) {
    s->put(s->context, byte);
    return midge_send_crc(crc, byte);
}

int midge_send(midge_sender *s, const int16_t *values, int channels, int rows) {
    if (channels < 1 || channels > MIDGE_SEND_MAX_CHANNELS || rows < 1) return -1;
    if (rows > MIDGE_SEND_MAX_VALUES / channels) return -1;
    const int n = channels * rows;
    uint16_t crc = MIDGE_SEND_CRC_START;
    s->put(s->context, MIDGE_SEND_SYNC);
    crc = put(s, crc, (uint8_t)(2 * n));
    crc = put(s, crc, s->sequence++);
    crc = put(s, crc, (uint8_t)channels);
    for (int i = 0; i < n; i++) {
        const uint16_t value = (uint16_t)values[i];
        crc = put(s, crc, (uint8_t)(value & 255));
        crc = put(s, crc, (uint8_t)(value >> 8));
    }
    s->put(s->context, (uint8_t)(crc & 255));
    s->put(s->context, (uint8_t)(crc >> 8));
    return 0;
}
