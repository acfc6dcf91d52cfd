/* SPDX-License-Identifier: MIT */
#ifndef ZEPHYR_UART_H
#define ZEPHYR_UART_H

#include <zephyr/device.h>

int uart_poll_in(const struct device *device, unsigned char *out);

#endif
