/* SPDX-License-Identifier: MIT
 *
 * This machine as a board: samples from samples.bin, as fast as they are worked on; events to standard
 * output.
 */
#include <stdio.h>

#include "board.h"

static FILE *file;

int32_t mdg_source_open(void) {
    file = fopen("samples.bin", "rb");
    return file ? 0 : -1;
}

int32_t mdg_source_read(int16_t *to, int32_t n) {
    return (int32_t)fread(to, sizeof *to, (size_t)n, file);
}

void mdg_uart_init(void) {}

void mdg_uart_put(char byte) {
    putchar(byte);
}

void mdg_board_start(int32_t samples, int32_t sample_rate) {
    (void)samples, (void)sample_rate;
}

void mdg_board_mask(void) {}

void mdg_board_unmask(void) {}

/* What it sleeps for comes at once. */
void mdg_board_sleep(void) {
    mdg_tick_handler();
}

void mdg_board_end(int code) {
    (void)code;
}
