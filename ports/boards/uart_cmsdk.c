/* SPDX-License-Identifier: MIT
 *
 * The serial port of Arm's MPS boards (Cortex-M System Design Kit, APB UART). UART_BASE is the board's.
 */
#include "board.h"

#define UART_DATA    (*(volatile uint32_t *)(UART_BASE + 0x00u))
#define UART_STATE   (*(volatile uint32_t *)(UART_BASE + 0x04u))
#define UART_CTRL    (*(volatile uint32_t *)(UART_BASE + 0x08u))
#define UART_BAUDDIV (*(volatile uint32_t *)(UART_BASE + 0x10u))

enum { STATE_TX_FULL = 1, CTRL_TX_ENABLE = 1, CLOCKS_A_BIT = 217 }; /* 25 MHz / 115,200 */

void mdg_uart_init(void) {
    UART_BAUDDIV = CLOCKS_A_BIT;
    UART_CTRL = CTRL_TX_ENABLE;
}

void mdg_uart_put(char byte) {
    while (UART_STATE & STATE_TX_FULL) {
    }
    UART_DATA = (uint8_t)byte;
}
