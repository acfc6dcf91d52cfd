/* SPDX-License-Identifier: MIT
 *
 * port.h: a serial port as a file descriptor that gives bytes as they come.
 */
#ifndef MDG_RECORD_PORT_H
#define MDG_RECORD_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/diag.h"

typedef struct mdg_port {
    int fd;
    struct sp_port *handle; /* libserialport's; NULL for a pseudo terminal, which it does not take */
} mdg_port;

/* 8 bits, no parity, 1 stop bit, no flow control. */
mdg_status mdg_port_open(mdg_port *p, const char *path, int baud, mdg_diag *diag);
void mdg_port_close(mdg_port *p);

/* Up to `size` bytes, *n of them, 0 when none came within wait_ms or a signal did. MDG_IO when the device is
 * gone. */
mdg_status mdg_port_read(mdg_port *p, uint8_t *bytes, size_t size, int wait_ms, size_t *n, mdg_diag *diag);

#endif
