/* SPDX-License-Identifier: MIT
 *
 * As much of an Arduino core as the example of a package needs, on this machine: the serial port is standard
 * input and output; the sketch ends when there is nothing more to read.
 */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void setup();
void loop();

struct HardwareSerial {
    void begin(unsigned long) {}
    size_t readBytes(uint8_t *to, size_t n) {
        const size_t got = fread(to, 1, n, stdin);
        if (got == 0) exit(0);
        return got;
    }
    void print(int n) { printf("%d", n); }
    void print(char c) { putchar(c); }
    void println(const char *text) { puts(text); }
};

static HardwareSerial Serial;

int main() {
    setup();
    for (;;) loop();
}

#endif
