/* SPDX-License-Identifier: MIT
 *
 * Updates in messages: short ones, long ones, some lost, some twice, some that are nothing at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "midge/update_link.h"
#include "updates.h"

enum { IMAGE_BYTES = 1300 };

static flash memory;
static update_keys keys;
static const mdg_update_device device = {&memory.port, "doorbell", 1, &keys, update_verify, NULL};

typedef struct wire {
    mdg_update update;
    mdg_update_link link;
    uint32_t random, loss; /* of 256 messages */
} wire;

static void plug_in(wire *w, uint32_t loss) {
    flash_make(&memory, 8, true);
    assert_int_equal(mdg_update_open(&w->update, &device), MDG_UPDATE_OK);
    mdg_update_link_init(&w->link, &w->update);
    w->random = 5;
    w->loss = loss;
}

static bool is_lost(wire *w) {
    w->random = w->random * 1664525u + 1013904223u;
    return w->random >> 24 < w->loss;
}

static mdg_link_reply ask(const wire *w) {
    uint8_t message[MDG_LINK_STATUS_BYTES];
    mdg_link_reply reply;
    mdg_update_link_status(&w->link, message);
    assert_int_equal(mdg_link_reply_read(message, sizeof message, &reply), MDG_OK);
    return reply;
}

static mdg_link_reply control(wire *w, uint8_t what) {
    mdg_update_link_control(&w->link, &what, 1);
    return ask(w);
}

static mdg_link_reply data(wire *w, uint32_t offset, const uint8_t *from, uint32_t n) {
    uint8_t message[MDG_LINK_OFFSET_BYTES + MDG_LINK_MAX_DATA] = {
        (uint8_t)offset, (uint8_t)(offset >> 8), (uint8_t)(offset >> 16), (uint8_t)(offset >> 24)};
    memcpy(message + MDG_LINK_OFFSET_BYTES, from, n);
    if (!is_lost(w)) mdg_update_link_data(&w->link, message, MDG_LINK_OFFSET_BYTES + n);
    return ask(w);
}

/* Goes by what the device awaits; messages of n bytes of data. */
static mdg_link_reply send(wire *w, const update *u, uint32_t n) {
    mdg_link_reply r = control(w, MDG_LINK_START);
    uint32_t sent = 0;
    for (int messages = 0; messages < 2000 && r.offset < u->size; messages++) {
        if (r.status != MDG_UPDATE_OK && r.status != MDG_UPDATE_OFFSET) return r;
        const uint32_t offset = is_lost(w) ? sent : r.offset; /* an old one, once more */
        r = data(w, offset, u->bytes + offset, n < u->size - offset ? n : u->size - offset);
        sent = offset;
    }
    return control(w, MDG_LINK_FINISH);
}

static void test_lengths(void **state) {
    (void)state;
    const update u = update_make(2, 0, IMAGE_BYTES, &keys);
    static const uint32_t lengths[] = {16, 1, 3, 17, 63, 64, 65, 200, MDG_LINK_MAX_DATA};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        wire w;
        plug_in(&w, 0);
        const mdg_link_reply r = send(&w, &u, lengths[i]);
        assert_int_equal(r.status, MDG_UPDATE_OK);
        assert_int_equal(r.version, 2);
        assert_true(mdg_update_link_is_complete(&w.link));
        assert_true(update_runs(&w.update, &u));
    }
}

static void test_losses(void **state) {
    (void)state;
    const update u = update_make(2, 0, IMAGE_BYTES, &keys);
    for (uint32_t loss = 20; loss <= 120; loss += 50) {
        wire w;
        plug_in(&w, loss);
        send(&w, &u, 50);
        assert_true(mdg_update_link_is_complete(&w.link));
        assert_true(update_runs(&w.update, &u));
    }
}

static void test_goes_on(void **state) {
    (void)state;
    const update u = update_make(2, 0, IMAGE_BYTES, &keys);
    wire w;
    plug_in(&w, 0);
    control(&w, MDG_LINK_START);
    data(&w, 0, u.bytes, 100);
    for (uint32_t at = 100; at < 700; at += 100)
        assert_int_equal(data(&w, at, u.bytes + at, 100).offset, at + 100);
    assert_int_equal(control(&w, MDG_LINK_FINISH).status, MDG_UPDATE_OFFSET); /* too early, and no harm */
    assert_int_equal(data(&w, 700, u.bytes + 700, 10).offset, 710);
    assert_int_equal(control(&w, MDG_LINK_START).offset, 0);
    const mdg_link_reply r = data(&w, 0, u.bytes, 64);
    assert_int_equal(r.offset, FLASH_PAGE);
    assert_int_equal(r.total, u.size);
    assert_int_equal(send(&w, &u, 100).status, MDG_UPDATE_OK);
}

static void test_refusals(void **state) {
    (void)state;
    update u = update_make(1, 0, IMAGE_BYTES, &keys);
    wire w;
    plug_in(&w, 0);
    mdg_link_reply r = send(&w, &u, 100);
    assert_int_equal(r.status, MDG_UPDATE_VERSION);
    assert_int_equal(r.version, 1);
    assert_int_equal(data(&w, 64, u.bytes + 64, 10).status, MDG_UPDATE_VERSION); /* it stays */
    assert_int_equal(control(&w, MDG_LINK_FINISH).status, MDG_UPDATE_VERSION);
    u = update_make(2, 0, IMAGE_BYTES, &keys);
    u.bytes[u.size - 5] ^= 1;
    assert_int_equal(send(&w, &u, 100).status, MDG_UPDATE_SIGNATURE);
    assert_false(mdg_update_link_is_complete(&w.link));
}

static void test_nonsense(void **state) {
    (void)state;
    const update u = update_make(2, 0, IMAGE_BYTES, &keys);
    uint8_t message[244];
    wire w;
    plug_in(&w, 0);
    assert_int_equal(ask(&w).status, MDG_UPDATE_STATE);
    assert_int_equal(control(&w, MDG_LINK_FINISH).status, MDG_UPDATE_STATE);
    assert_int_equal(data(&w, 0, u.bytes, 64).status, MDG_UPDATE_STATE); /* without a start */
    for (uint32_t i = 0; i < 20000; i++) {
        for (size_t k = 0; k < sizeof message; k++) message[k] = flash_random(&memory);
        if (i % 3) memset(message + 1, 0, 3);
        if (i % 2)
            mdg_update_link_control(&w.link, message, i % 5);
        else
            mdg_update_link_data(&w.link, message, i % 245);
        assert_false(mdg_update_link_is_complete(&w.link));
    }
    assert_int_equal(send(&w, &u, 100).status, MDG_UPDATE_OK);
}

static void test_replies(void **state) {
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3, 0, 4, 1, 0, 0, 5, 2, 0, 0, 6, 0, 0, 1, 0, 0, 0, 0};
    uint8_t other[sizeof bytes];
    mdg_link_reply r;
    assert_int_equal(mdg_link_reply_read(bytes, sizeof bytes, &r), MDG_OK);
    assert_true(r.last == 2 && r.status == 3 && r.offset == 260 && r.total == 517 && r.version == 0x01000006);
    assert_int_equal(mdg_link_reply_read(bytes, sizeof bytes - 1, &r), MDG_INVALID);
    memcpy(other, bytes, sizeof other);
    other[0] = 2;
    assert_int_equal(mdg_link_reply_read(other, sizeof other, &r), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),  cmocka_unit_test(test_losses),   cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_nonsense), cmocka_unit_test(test_replies),
    };
    keys = update_keys_make(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
