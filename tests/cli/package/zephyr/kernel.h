/* SPDX-License-Identifier: MIT */
#ifndef ZEPHYR_KERNEL_H
#define ZEPHYR_KERNEL_H

typedef struct k_timeout {
    int us;
} k_timeout;
#define K_USEC(n) ((k_timeout){n})
int k_sleep(k_timeout t);
void printk(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
