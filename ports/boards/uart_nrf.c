/* SPDX-License-Identifier: MIT
 *
 * The serial port of Nordic's nRF51 and nRF52 series (their UART without DMA), on the pins of the micro:bit's
 * USB chip.
 */
#include "board.h"

#define UART(offset)  (*(volatile uint32_t *)(0x40002000u + (offset)))
#define UART_STARTTX  UART(0x008u)
#define UART_TXDRDY   UART(0x11Cu)
#define UART_ENABLE   UART(0x500u)
#define UART_PSELTXD  UART(0x50Cu)
#define UART_TXD      UART(0x51Cu)
#define UART_BAUDRATE UART(0x524u)

enum { ENABLED = 4, TX_PIN = 24, BAUD_115200 = 0x01D7E000 };

void mdg_uart_init(void) {
    UART_PSELTXD = TX_PIN;
    UART_BAUDRATE = BAUD_115200;
    UART_ENABLE = ENABLED;
    UART_STARTTX = 1;
}

void mdg_uart_put(char byte) {
    UART_TXDRDY = 0;
    UART_TXD = (uint8_t)byte;
    while (!UART_TXDRDY) {
    }
}
