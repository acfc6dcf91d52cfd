/* SPDX-License-Identifier: MIT
 *
 * Looks: a camera's lines in, what its pictures show out over the serial port. Each line begins with the
 * picture's number, from 0 on; then come the class, or for each object that is found its class and place. The
 * camera begins a picture each second, and is done after 1 / APP_PERIOD of it; the rest is the model's, and
 * sleep. app.h is that of main.c.
 */
#include <stdbool.h>

#include "app.h"
#include "board.h"

enum {
    HEIGHT = APP_MACRO(HEIGHT),
    WIDTH = APP_MACRO(WIDTH),
    LINE_VALUES = WIDTH * APP_MACRO(CHANNELS) / 2, /* what the source reads are pairs of bytes */
    PERIOD_LINES = APP_PERIOD * HEIGHT,
    FAILED = 2,
    OVERRUN = 4
};
typedef char lines_are_of_pairs[WIDTH * APP_MACRO(CHANNELS) % 2 == 0 ? 1 : -1];

static uint8_t arena[APP_MACRO(ARENA_BYTES)] APP_MACRO(ALIGNED);
static uint8_t state[APP_MACRO(STATE_BYTES) + 1] APP_MACRO(ALIGNED);
static int16_t lines[2][LINE_VALUES];
static APP(model) model;

static uint32_t line_times; /* that have passed, with a line of the camera or without */
static volatile uint32_t arrived, taken;
static volatile bool lost, ended;

/* Stands for the interrupt of the camera's DMA: a line is there. */
void mdg_tick_handler(void) {
    if (line_times++ % PERIOD_LINES >= HEIGHT || ended) return;
    if (arrived - taken == 2) lost = true;
    if (mdg_source_read(lines[arrived % 2], LINE_VALUES) == LINE_VALUES)
        arrived++;
    else
        ended = true;
}

static bool wait_for_line(void) {
    mdg_board_mask();
    while (arrived == taken && !ended) {
        mdg_board_sleep();
        mdg_board_unmask(); /* here the interrupt is taken */
        mdg_board_mask();
    }
    mdg_board_unmask();
    return arrived != taken;
}

#if APP_MACRO(MAP_HEIGHT)

enum { ROOM = 16 };

static void tell(uint32_t picture) {
    APP(found) found[ROOM];
    const int32_t n = APP(find)(APP(scores)(&model), found, ROOM);
    for (int32_t i = 0; i < n && i < ROOM; i++) {
        mdg_uart_number(picture);
        mdg_uart_text(" ");
        mdg_uart_text(APP(labels)[found[i].kind]);
        mdg_uart_text(" ");
        mdg_uart_number((uint32_t)found[i].x);
        mdg_uart_text(" ");
        mdg_uart_number((uint32_t)found[i].y);
        mdg_uart_text("\n");
    }
}

#else

static void tell(uint32_t picture) {
    const int best = APP(best)(APP(scores)(&model));
    if (best >= 0) mdg_uart_line(picture, APP(labels)[best]);
}

#endif

int main(void) {
    int code = 0;
    mdg_uart_init();
    APP(init)(&model, arena, state);
    if (mdg_source_open() != 0) return FAILED;
    mdg_board_start(1, PERIOD_LINES);
    while (wait_for_line()) {
        APP(set_pixels)(&model, (int32_t)(taken % HEIGHT) * WIDTH, (const uint8_t *)lines[taken % 2], WIDTH);
        taken++;
        if (taken % HEIGHT) continue;
        if (!lost) {
            tell(taken / HEIGHT - 1); /* while it looks, lines of the next may be lost */
            continue;
        }
        mdg_uart_line(taken / HEIGHT - 1, "overrun: lines are lost");
        code = OVERRUN;
        lost = false;
    }
    mdg_board_end(code);
    return code;
}
