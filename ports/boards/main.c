/* SPDX-License-Identifier: MIT
 *
 * Listens: samples in, events out over the serial port, a line each: milliseconds since the start, label. In
 * between the processor sleeps. app.h, made by firmware.mk, names the model:
 *
 *     #include "wake_word.h"
 *     #define APP(name) wake_word_##name          its functions
 *     #define APP_MACRO(name) WAKE_WORD_##name    its macros
 *     #define APP_SAMPLE_RATE 16000
 *     #define APP_BLOCK WAKE_WORD_HOP_SAMPLES     samples of half a buffer
 */
#include "app.h"

#include "board.h"
#include "capture.h"

static uint8_t arena[APP_MACRO(ARENA_BYTES)] APP_MACRO(ALIGNED);
static uint8_t state[APP_MACRO(STATE_BYTES)] APP_MACRO(ALIGNED);
static int16_t buffer[2 * APP_BLOCK * APP_MACRO(CHANNELS)];
static APP(model) model;

enum { FAILED = 2, OVERRUN = 4 };

/* In 32 bits, for as many samples as they count. */
static uint32_t milliseconds(uint32_t samples) {
    return samples / APP_SAMPLE_RATE * 1000u + samples % APP_SAMPLE_RATE * 1000u / APP_SAMPLE_RATE;
}

static void listen(const mdg_block *b) {
    for (int32_t taken = 0; taken < b->n;) {
        int event;
        taken += APP(listen)(&model, b->samples + taken * APP_MACRO(CHANNELS), b->n - taken, &event);
        if (event >= 0) mdg_uart_line(milliseconds(b->first + (uint32_t)taken), APP(labels)[event]);
    }
}

int main(void) {
    int code = 0;
    mdg_uart_init();
    APP(init)(&model, arena, state);
    if (!mdg_capture_start(buffer, APP_BLOCK, APP_MACRO(CHANNELS), APP_SAMPLE_RATE)) return FAILED;
    for (mdg_block b; mdg_capture_wait(&b);) {
        listen(&b);
        if (!mdg_capture_release()) continue;
        mdg_uart_line(milliseconds(b.first), "overrun: samples are lost");
        APP(reset)(&model);
        code = OVERRUN;
    }
    mdg_board_end(code);
    return code;
}
