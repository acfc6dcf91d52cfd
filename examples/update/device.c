/* SPDX-License-Identifier: MIT
 *
 * The emulated Cortex-M4 board, MPS2 with AN386. A product has the drivers of its part here.
 */
#include "device.h"

#include <string.h>

#include "core/crc32.h"

/* Arm MPS2 Application Note AN386; Cortex-M System Design Kit, APB UART; Armv7-M Architecture Reference
 * Manual */
#define UART_DATA    (*(volatile uint32_t *)0x40004000u)
#define UART_STATE   (*(volatile uint32_t *)0x40004004u)
#define UART_CTRL    (*(volatile uint32_t *)0x40004008u)
#define UART_BAUDDIV (*(volatile uint32_t *)0x40004010u)
#define SCB_AIRCR    (*(volatile uint32_t *)0xE000ED0Cu)
#define FLASH        ((uint8_t *)0x21000000u)
#define RESET        0x05FA0004u /* key, and SYSRESETREQ */

enum { STATE_TX_FULL = 1, STATE_RX_FULL = 2, CTRL_TX_RX = 3, CLOCKS_A_BIT = 217 }; /* 25 MHz / 115,200 */
enum { PAGE = 2048, WORD = 8, SLOT = 65536 };                                      /* as an STM32L4's */

/* -- Flash -- */

static mdg_status erase(void *context, uint32_t offset) {
    (void)context;
    memset(FLASH + offset, 0xFF, PAGE);
    return MDG_OK;
}

/* As flash does: what is not erased cannot be programmed. */
static mdg_status program(void *context, uint32_t offset, const uint8_t *data, uint32_t bytes) {
    (void)context;
    for (uint32_t i = 0; i < bytes; i++) {
        if (FLASH[offset + i] != 0xFF) return MDG_IO;
        FLASH[offset + i] = data[i];
    }
    return MDG_OK;
}

static mdg_status read(void *context, uint32_t offset, uint8_t *data, uint32_t bytes) {
    (void)context;
    memcpy(data, FLASH + offset, bytes);
    return MDG_OK;
}

const mdg_flash device_flash = {FLASH, NULL, PAGE, WORD, SLOT, erase, program, read};

/* -- Serial port -- */

void serial_init(void) {
    UART_BAUDDIV = CLOCKS_A_BIT;
    UART_CTRL = CTRL_TX_RX;
}

static uint8_t get(void) {
    while (!(UART_STATE & STATE_RX_FULL)) {
    }
    return (uint8_t)UART_DATA;
}

static void put(char byte) {
    while (UART_STATE & STATE_TX_FULL) {
    }
    UART_DATA = (uint8_t)byte;
}

static bool receive_one(message *m) {
    uint32_t crc = 0;
    while (get() != 0xA5) {
    }
    m->kind = get();
    m->n = get();
    for (uint32_t i = 0; i < m->n; i++) m->bytes[i] = get();
    for (uint32_t i = 0; i < 4; i++) crc |= (uint32_t)get() << 8 * i;
    return crc == mdg_crc32(&m->kind, 2u + m->n);
}

void serial_receive(message *m) {
    while (!receive_one(m)) {
    }
}

void serial_line(uint32_t number, const char *text) {
    char digits[10];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n > 0) put(digits[--n]);
    put(' ');
    while (*text) put(*text++);
    put('\n');
}

void device_reset(void) {
    SCB_AIRCR = RESET;
    for (;;) {
    }
}
