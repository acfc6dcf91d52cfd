/* SPDX-License-Identifier: MIT */
#include "record/port.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool configure(struct sp_port *handle, int baud) {
    return sp_set_baudrate(handle, baud) == SP_OK && sp_set_bits(handle, 8) == SP_OK &&
           sp_set_parity(handle, SP_PARITY_NONE) == SP_OK && sp_set_stopbits(handle, 1) == SP_OK &&
           sp_set_flowcontrol(handle, SP_FLOWCONTROL_NONE) == SP_OK;
}

/* A pseudo terminal has neither a speed nor control lines, which libserialport insists on. */
static mdg_status open_pseudo(mdg_port *p, const char *path, mdg_diag *diag) {
    struct termios t;
    p->fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (p->fd < 0)
        return mdg_fail(diag, errno == ENOENT ? MDG_NOT_FOUND : MDG_IO, "%s: cannot be opened: %s%s", path,
                        strerror(errno),
                        errno == EACCES ? "; `sudo adduser $USER dialout` and a new login may help" : "");
    if (tcgetattr(p->fd, &t) == 0) {
        cfmakeraw(&t);
        if (tcsetattr(p->fd, TCSANOW, &t) == 0) return MDG_OK;
    }
    mdg_port_close(p);
    return mdg_fail(diag, MDG_INVALID, "%s: is no serial port", path);
}

mdg_status mdg_port_open(mdg_port *p, const char *path, int baud, mdg_diag *diag) {
    *p = (mdg_port){.fd = -1};
    if (sp_get_port_by_name(path, &p->handle) != SP_OK) return open_pseudo(p, path, diag);
    if (sp_open(p->handle, SP_MODE_READ) != SP_OK) {
        sp_free_port(p->handle);
        p->handle = NULL;
        return open_pseudo(p, path, diag);
    }
    if (configure(p->handle, baud) && sp_get_port_handle(p->handle, &p->fd) == SP_OK) return MDG_OK;
    mdg_port_close(p);
    return mdg_fail(diag, MDG_INVALID, "%s: cannot be set to %d baud", path, baud);
}

void mdg_port_close(mdg_port *p) {
    if (p->handle) {
        sp_close(p->handle);
        sp_free_port(p->handle);
    } else if (p->fd >= 0) {
        close(p->fd);
    }
    *p = (mdg_port){.fd = -1};
}

mdg_status mdg_port_read(mdg_port *p, uint8_t *bytes, size_t size, int wait_ms, size_t *n, mdg_diag *diag) {
    struct pollfd ready = {.fd = p->fd, .events = POLLIN};
    *n = 0;
    const int found = poll(&ready, 1, wait_ms);
    if (found == 0 || (found < 0 && errno == EINTR)) return MDG_OK;
    const ssize_t got = found < 0 ? -1 : read(p->fd, bytes, size);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return MDG_OK;
    if (got <= 0)
        return mdg_fail(diag, MDG_IO, "the device is gone (%s)", strerror(got < 0 ? errno : ENODEV));
    *n = (size_t)got;
    return MDG_OK;
}
