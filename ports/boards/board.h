/* SPDX-License-Identifier: MIT
 *
 * board.h: what the application needs of a board. Each board has one file for its core (cortex_m.c, or
 * desktop.c for this machine), one for its serial port (uart_*.c) and one that brings samples
 * (source_file.c): a product replaces the last two.
 *
 * Memory: none but registers. Threads: main and, for mdg_source_read, the interrupt.
 */
#ifndef MDG_BOARD_H
#define MDG_BOARD_H

#include <stdint.h>

/* Clocks, pins, serial port. */
void mdg_uart_init(void);
/* Waits until there is room for the byte. */
void mdg_uart_put(char byte);

/* In decimal; characters as they are. */
void mdg_uart_number(uint32_t number);
void mdg_uart_text(const char *text);

/* A line of text on the serial port: number, space, words. */
void mdg_uart_line(uint32_t number, const char *text);

/* Starts what calls mdg_tick_handler after each `samples` samples. */
void mdg_board_start(int32_t samples, int32_t sample_rate);
/* No interrupt is taken between mask and unmask; one that comes ends mdg_board_sleep nevertheless, and is
 * taken after unmask. */
void mdg_board_mask(void);
void mdg_board_unmask(void);
void mdg_board_sleep(void);
/* Only emulated boards come to an end: where the samples end. */
void mdg_board_end(int code);

/* The interrupt; defined by capture.c. */
void mdg_tick_handler(void);

/* Returns 0, or -1 when there is nothing to read. */
int32_t mdg_source_open(void);
/* Up to n values of samples in order; returns how many: fewer than n at the end only. Called in the
 * interrupt. */
int32_t mdg_source_read(int16_t *to, int32_t n);

#endif
