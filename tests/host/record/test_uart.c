/* SPDX-License-Identifier: MIT
 *
 * Rows through a real serial port, which libserialport opens: a 16550 with its own loop closed hears what it
 * sends. MIDGE_UART names the port, such as /dev/ttyS0, to which nothing may be connected; without it the
 * test is skipped.
 */
#include <sys/ioctl.h>
#include <termios.h>

#include "bench.h"

#ifndef TIOCM_LOOP
#    define TIOCM_LOOP 0x8000
#endif

enum { ROWS = 200, PAUSE_US = 5000, OPENING_US = 700000 };

static int set_loop(int fd, unsigned long how) {
    int loop = TIOCM_LOOP;
    return ioctl(fd, how, &loop);
}

static int open_looped(const char *path) {
    struct termios t;
    const int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || tcgetattr(fd, &t) != 0) fail_msg("%s cannot be opened", path);
    cfmakeraw(&t);
    cfsetspeed(&t, B115200);
    t.c_cflag |= CLOCAL;
    if (tcsetattr(fd, TCSANOW, &t) != 0 || set_loop(fd, TIOCMBIS) != 0) fail_msg("%s has no loop", path);
    return fd;
}

static void rows_come_through_a_real_port(void **state) {
    bench *b = *state;
    const char *port = getenv("MIDGE_UART");
    const int fd = open_looped(port);
    size_t n;
    start(b, (const char *const[]){"--serial", port, "--seconds", "60", NULL});
    usleep(OPENING_US);
    for (int i = 0; i < ROWS; i++) {
        char row[40];
        const int length = snprintf(row, sizeof row, "%d,%d,7\n", i, 3 * i);
        assert_int_equal(write(fd, row, (size_t)length), length);
        usleep(PAUSE_US);
    }
    usleep(OPENING_US);
    assert_int_equal(end_by(b, SIGINT), 0);
    set_loop(fd, TIOCMBIC);
    close(fd);
    char *table = read_text(path_in(b, "wave/0001.csv"), &n), *at = table;
    assert_non_null(table);
    assert_int_equal(strncmp(at, "a1,a2,a3\n", 9), 0);
    int rows = 0, last = -1; /* rows before the port is open are not seen; from then on all are */
    for (at = strchr(at, '\n') + 1; *at; at = strchr(at, '\n') + 1, rows++) {
        int x = -1, y = -1;
        assert_int_equal(sscanf(at, "%d,%d,7", &x, &y), 2);
        /* the first one may be the end of a line */
        if (rows > 0) assert_int_equal(y, 3 * x);
        if (rows > 1) assert_int_equal(x, last + 1);
        last = x;
    }
    assert_int_equal(last, ROWS - 1);
    assert_true(rows > ROWS / 4);
    free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_through_a_real_port, open_bench, close_bench),
    };
    if (!getenv("MIDGE_UART")) {
        puts("skipped: MIDGE_UART names no serial port with a loop of its own");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
