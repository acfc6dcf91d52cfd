/* SPDX-License-Identifier: MIT
 *
 * `midge record --serial` at the other end of a pseudo terminal: every row arrives, whatever ends it.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <termios.h>

#include "ports/sender/midge_send.h"

enum { ROWS = 100000 };

typedef struct board {
    bench *b;
    int fd;
    char port[64];
} board;

static board plug_in(void **state) {
    board d = {.b = *state, .fd = posix_openpt(O_RDWR | O_NOCTTY)};
    struct termios t;
    assert_true(d.fd >= 0 && grantpt(d.fd) == 0 && unlockpt(d.fd) == 0);
    assert_int_equal(ptsname_r(d.fd, d.port, sizeof d.port), 0);
    const int slave = open(d.port, O_RDWR | O_NOCTTY);
    assert_true(slave >= 0 && tcgetattr(slave, &t) == 0);
    cfmakeraw(&t);
    tcsetattr(slave, TCSANOW, &t);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    return d; /* the slave stays open, so that bytes wait for the program */
}

static void send_bytes(const board *d, const void *bytes, size_t n) {
    for (const char *at = bytes; n;) {
        const ssize_t sent = write(d->fd, at, n);
        assert_true(sent > 0);
        at += sent;
        n -= (size_t)sent;
    }
}

static void send_text(const board *d, const char *text) {
    send_bytes(d, text, strlen(text));
}

static void record(board *d, const char *option, const char *value) {
    const char *const args[] = {"--serial", d->port, option, value, NULL};
    start(d->b, args);
}

/* Rows of three axes, as the board prints them and as the table shall have them. */
static char *make_rows(const bench *b, int n, char separator, size_t *bytes) {
    char *text = mdg_arena_alloc(b->arena, (size_t)n * 40);
    size_t at = 0;
    for (int i = 0; i < n; i++)
        at += (size_t)sprintf(text + at, "%d%c%d.%02d%c%d\n", i % 7919 - 4000, separator, i % 13, i % 100,
                              separator, i);
    *bytes = at;
    return text;
}

static char *expected_table(const bench *b, const char *head, const char *rows, size_t n_rows,
                            size_t *bytes) {
    char *text = mdg_arena_alloc(b->arena, strlen(head) + n_rows + 1);
    *bytes = strlen(head) + n_rows;
    memcpy(text, head, strlen(head));
    memcpy(text + strlen(head), rows, n_rows);
    return text;
}

static void a_hundred_thousand_lines_arrive_whole(void **state) {
    board d = plug_in(state);
    size_t sent, wanted, n;
    char *tabs = make_rows(d.b, ROWS, '\t', &sent), *commas = make_rows(d.b, ROWS, ',', &n);
    char *table = expected_table(d.b, "ax,ay,az\n", commas, n, &wanted);
    record(&d, "--group", "anna");
    send_text(&d, "ax\tay\taz\r\n");
    send_bytes(&d, tabs, sent);
    wait_for_bytes(d.b, "wave/anna_0001.csv.part", wanted);
    assert_int_equal(end_by(d.b, SIGINT), 0);
    assert_text(d.b, "wave/anna_0001.csv", table, wanted);
    assert_false(exists(d.b, "wave/anna_0001.csv.part"));
    assert_has(d.b, "said", "100000 rows in 1 file ");
    assert_has(d.b, "wave/anna_0001.json", "\"group\": \"anna\"");
    assert_has(d.b, "wave/anna_0001.json", "\"rows\": 100000");
    close(d.fd);
}

static void put_byte(void *context, uint8_t byte) {
    uint8_t **at = context;
    *(*at)++ = byte;
}

/* Frames of four rows of three axes. Returns their bytes; *table gets what they become. */
static uint8_t *make_frames(const bench *b, int rows, size_t *bytes, char **table) {
    uint8_t *frames = mdg_arena_alloc(b->arena, (size_t)rows * 16), *at = frames;
    midge_sender s = {.put = put_byte, .context = &at};
    char *text = *table = mdg_arena_alloc(b->arena, (size_t)rows * 24 + 16);
    text += sprintf(text, "a1,a2,a3\n");
    for (int i = 0; i < rows; i += 4) {
        int16_t values[12];
        for (int k = 0; k < 12; k++) values[k] = (int16_t)((i * 12 + k) * 40503);
        for (int k = 0; k < 12; k += 3)
            text += sprintf(text, "%d,%d,%d\n", values[k], values[k + 1], values[k + 2]);
        assert_int_equal(midge_send(&s, values, 3, 4), 0);
    }
    *bytes = (size_t)(at - frames);
    return frames;
}

static void a_hundred_thousand_rows_arrive_in_frames(void **state) {
    board d = plug_in(state);
    size_t sent;
    char *table;
    uint8_t *frames = make_frames(d.b, ROWS, &sent, &table);
    record(&d, "--notes", "shaken");
    send_bytes(&d, frames, sent);
    wait_for_bytes(d.b, "wave/0001.csv.part", strlen(table));
    assert_int_equal(end_by(d.b, SIGINT), 0);
    assert_text(d.b, "wave/0001.csv", table, strlen(table));
    assert_has(d.b, "wave/0001.json", "\"lost_frames\": 0");
    assert_has(d.b, "wave/0001.json", "\"notes\": \"shaken\"");
    close(d.fd);
}

static void lost_and_damaged_frames_are_counted(void **state) {
    board d = plug_in(state);
    size_t sent;
    char *table;
    uint8_t *frames = make_frames(d.b, 400, &sent, &table);
    const size_t frame = sent / 100;
    frames[50 * frame + 9] ^= 1; /* one is damaged, two never come, noise follows the last */
    record(&d, "--rate", "100");
    send_bytes(&d, frames + 7, 20 * frame - 7);
    send_bytes(&d, frames + 22 * frame, sent - 22 * frame);
    send_bytes(&d, "\xa5\x06\x01\x03 noise", 10);
    wait_for_bytes(d.b, "wave/0001.csv.part", strlen(table) - 16 * 20);
    assert_int_equal(end_by(d.b, SIGINT), 0);
    assert_has(d.b, "wave/0001.json", "\"rows\": 384"); /* 96 of 100 frames: the first one was cut */
    assert_has(d.b, "wave/0001.json", "\"lost_frames\": 3");
    assert_has(d.b, "said", "3 frames lost");
    close(d.fd);
}

static void a_killed_recording_keeps_its_rows(void **state) {
    board d = plug_in(state);
    size_t n, wanted;
    char *rows = make_rows(d.b, 20000, ',', &n);
    char *table = expected_table(d.b, "a1,a2,a3\n", rows, n, &wanted);
    record(&d, "--rate", "100");
    send_bytes(&d, rows, n);
    wait_for_bytes(d.b, "wave/0001.csv.part", wanted);
    send_text(&d, "1,2"); /* under way */
    assert_int_equal(end_by(d.b, SIGKILL), 128 + SIGKILL);
    assert_false(exists(d.b, "wave/0001.csv"));
    record(&d, "--rate", "100");
    send_text(&d, "\n5,6,7\n8,9,10\n");
    wait_for_bytes(d.b, "wave/0002.csv.part", strlen("a1,a2,a3\n5,6,7\n8,9,10\n"));
    assert_text(d.b, "wave/0001.csv", table, wanted);
    assert_int_equal(end_by(d.b, SIGINT), 0);
    assert_has(d.b, "said", "recovered ");
    assert_has(d.b, "wave/0002.csv", "a1,a2,a3\n5,6,7\n8,9,10\n");
    close(d.fd);
}

static void a_port_that_vanishes_is_told(void **state) {
    board d = plug_in(state);
    record(&d, "--rate", "100");
    send_text(&d, "1 2\n3 4\n5 6\n");
    wait_for_bytes(d.b, "wave/0001.csv.part", strlen("a1,a2\n1,2\n3,4\n5,6\n"));
    close(d.fd);
    assert_int_equal(end(d.b), 1);
    assert_has(d.b, "said", "the device is gone");
    assert_has(d.b, "said", "3 rows in 1 file");
    assert_text(d.b, "wave/0001.csv", "a1,a2\n1,2\n3,4\n5,6\n", 18);
}

static void garbage_between_rows_is_counted(void **state) {
    board d = plug_in(state);
    record(&d, "--rate", "100");
    send_text(&d, "ESP-ROM:esp32s3\r\n4,5\r\nx: 1, y: 2, z: 3\n\n4;5;6\n7,8\n7 , 8 ,nan\n0x1,2,3\n1,,2\n");
    send_bytes(&d, "\xff\x00\xa5\xa5\n", 5);
    send_text(&d, "-1e3\t.5\t+6\n");
    wait_for_bytes(d.b, "wave/0001.csv.part", strlen("x,y,z\n1,2,3\n4,5,6\n-1e3,.5,+6\n"));
    assert_int_equal(end_by(d.b, SIGINT), 0);
    assert_text(d.b, "wave/0001.csv", "x,y,z\n1,2,3\n4,5,6\n-1e3,.5,+6\n", 29);
    assert_has(d.b, "wave/0001.json", "\"bad\": 6");
    close(d.fd);
}

static void no_rows_at_all_is_an_error(void **state) {
    board d = plug_in(state);
    record(&d, "--seconds", "0.3");
    send_text(&d, "hello\nworld\n");
    assert_int_equal(end(d.b), 1);
    assert_has(d.b, "said", "holds no rows of numbers; is the baud rate right?");
    const char *const args[] = {"--serial", "/dev/no_such_port", NULL};
    start(d.b, args);
    assert_int_equal(end(d.b), 1);
    assert_has(d.b, "said", "/dev/no_such_port: cannot be opened: No such file");
    close(d.fd);
}

static void clips_have_their_length_to_the_row(void **state) {
    board d = plug_in(state);
    const char *const args[] = {"--serial", d.port,      "--rate", "50", "--clip-seconds",
                                "0.1",      "--seconds", "0.24",   NULL};
    size_t n;
    char *rows = make_rows(d.b, 20, ' ', &n);
    start(d.b, args);
    send_bytes(&d, rows, n);
    assert_int_equal(end(d.b), 0);
    const char *const first =
        "a1,a2,a3\n-4000,0.00,0\n-3999,1.01,1\n-3998,2.02,2\n-3997,3.03,3\n-3996,4.04,4\n";
    assert_text(d.b, "wave/0001.csv", first, strlen(first));
    assert_has(d.b, "wave/0003.json", "\"rows\": 2");
    assert_false(exists(d.b, "wave/0004.csv"));
    close(d.fd);
}

/* The rate is the time column's, in the unit that its name tells. */
static void the_rate_comes_from_the_time_column(void **state) {
    board d = plug_in(state);
    char text[4000], *at = text;
    at += sprintf(at, "millis,x\n");
    for (int i = 0; i < 100; i++) at += sprintf(at, "%d,%d\n", 1000 + 20 * i, i);
    record(&d, "--seconds", "1.2");
    send_text(&d, text);
    assert_int_equal(end(d.b), 0);
    assert_has(d.b, "said", "2 columns: millis,x; 50 rows a second (time column)");
    assert_has(d.b, "wave/0001.json", "\"rate_hz\": 50.0");
    assert_text(d.b, "wave/0001.csv", text, strlen(text));
    close(d.fd);
}

static void the_crc_is_the_usual_one(void **state) {
    (void)state;
    uint16_t crc = MIDGE_SEND_CRC_START;
    for (const char *c = "123456789"; *c; c++) crc = midge_send_crc(crc, (uint8_t)*c);
    assert_int_equal(crc, 0x29B1);
    midge_sender s = {0};
    int16_t row[2] = {0};
    assert_int_equal(midge_send(&s, row, 0, 1), -1);
    assert_int_equal(midge_send(&s, row, 2, 64), -1);
    assert_int_equal(midge_send(&s, row, 33, 1), -1);
}

int main(void) {
#define RECORDING(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        RECORDING(a_hundred_thousand_lines_arrive_whole),
        RECORDING(a_hundred_thousand_rows_arrive_in_frames),
        RECORDING(lost_and_damaged_frames_are_counted),
        RECORDING(a_killed_recording_keeps_its_rows),
        RECORDING(a_port_that_vanishes_is_told),
        RECORDING(garbage_between_rows_is_counted),
        RECORDING(no_rows_at_all_is_an_error),
        RECORDING(clips_have_their_length_to_the_row),
        RECORDING(the_rate_comes_from_the_time_column),
        cmocka_unit_test(the_crc_is_the_usual_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
