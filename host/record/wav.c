/* SPDX-License-Identifier: MIT */
#include "record/store.h"

#include <string.h>

static void put_le32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

void mdg_wav_head(uint8_t head[MDG_WAV_HEAD], int sample_rate, uint32_t bytes) {
    static const uint8_t mono_16_bit[MDG_WAV_HEAD] = {
        'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ', 16,  0,   0, 0, 1, 0,
        1,   0,   0,   0,   0, 0, 0, 0, 0,   0,   2,   0,   16,  0,   'd', 'a', 't', 'a', 0, 0, 0, 0};
    memcpy(head, mono_16_bit, MDG_WAV_HEAD);
    put_le32(head + 4, MDG_WAV_HEAD - 8 + bytes);
    put_le32(head + 24, (uint32_t)sample_rate);
    put_le32(head + 28, 2 * (uint32_t)sample_rate);
    put_le32(head + 40, bytes);
}
