/* SPDX-License-Identifier: MIT
 *
 * A model on an ATmega328P (2 KB of RAM): inputs from a table, outputs and the exact number of cycles by
 * serial port.
 */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/sleep.h>
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "inputs.h" /* MODEL_RUNS and model_inputs, in flash */

static uint8_t arena[MODEL_ARENA_BYTES] MODEL_ALIGNED;
static uint8_t state[MODEL_STATE_BYTES + 1];
static volatile uint16_t overflows;

ISR(TIMER1_OVF_vect) {
    overflows++;
}

static int put(char c, FILE *f) {
    (void)f;
    while (!(UCSR0A & (1 << UDRE0))) continue;
    UDR0 = (uint8_t)c;
    return 0;
}

static uint32_t cycles(void) {
    const uint8_t flags = SREG;
    cli();
    uint32_t high = overflows;
    const uint16_t low = TCNT1;
    if ((TIFR1 & (1 << TOV1)) && low < 0x8000) high++;
    SREG = flags;
    return high << 16 | low;
}

int main(void) {
    static FILE out = FDEV_SETUP_STREAM(put, NULL, _FDEV_SETUP_WRITE);
    model_model m;
    UCSR0B = 1 << TXEN0;
    TIMSK1 = 1 << TOIE1;
    TCCR1B = 1 << CS10; /* a count each cycle */
    sei();
    stdout = &out;
    model_init(&m, arena, state);
    for (int run = 0; run < MODEL_RUNS; run++) {
        memcpy_P(model_input(&m, 0), model_inputs[run], MODEL_INPUT_0_BYTES);
        const uint32_t before = cycles();
        model_invoke(&m);
        const uint32_t took = cycles() - before;
        const uint8_t *values = model_output(&m, 0);
        for (int i = 0; i < MODEL_OUTPUT_0_BYTES; i++) printf("%02x", values[i]);
        printf(" %lu\n", (unsigned long)took);
    }
    cli();
    sleep_mode();
    return 0;
}
