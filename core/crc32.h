/* SPDX-License-Identifier: MIT
 *
 * crc32.h: CRC-32 as in ISO-HDLC, zip and PNG (polynomial 0x04C11DB7, bits reflected).
 */
#ifndef MDG_CRC32_H
#define MDG_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Half a byte at a time: a table of 64 bytes, which is 1/16 of the usual one at a third of its speed. */
static inline uint32_t mdg_crc32(const uint8_t *data, size_t bytes) {
    static const uint32_t table[16] = {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu,
                                       0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
                                       0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
                                       0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

#endif
