/* SPDX-License-Identifier: MIT */
#include "board.h"

void mdg_uart_number(uint32_t number) {
    char digits[10];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n > 0) mdg_uart_put(digits[--n]);
}

void mdg_uart_text(const char *text) {
    while (*text) mdg_uart_put(*text++);
}

void mdg_uart_line(uint32_t number, const char *text) {
    mdg_uart_number(number);
    mdg_uart_put(' ');
    mdg_uart_text(text);
    mdg_uart_put('\n');
}
