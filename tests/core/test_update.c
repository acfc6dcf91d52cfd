/* SPDX-License-Identifier: MIT
 *
 * Updates: what is refused and why; that the model which runs stays; and that no cut of power, at any word
 * and any erasing, leaves a device without the old or the new model. Signatures are libsodium's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/update_slot.h"
#include "updates.h"

enum { IMAGE_BYTES = 1100, AROUND = UPDATE_AROUND };

static flash memory;
static update_keys keys;
static bool accepts = true;

static bool accept_image(void *context, const uint8_t *image, size_t bytes);

static const mdg_update_device device = {&memory.port, "doorbell", 0, &keys, update_verify, accept_image};

/* What is not accepted yet would not run after a cut. */
static bool accept_image(void *context, const uint8_t *image, size_t bytes) {
    mdg_update now;
    (void)context;
    assert_int_equal(mdg_update_open(&now, &device), MDG_UPDATE_OK);
    assert_ptr_not_equal(now.image, image);
    return accepts && bytes > 0;
}

static update make(uint32_t version, uint32_t minimum, uint32_t image_bytes) {
    return update_make(version, minimum, image_bytes, &keys);
}

/* Sends from where the device is, in chunks of 1 to 60 bytes. */
static mdg_update_status send(mdg_update *to, const update *u) {
    uint32_t random = u->size + to->version;
    mdg_update_status status = mdg_update_begin(to, u->bytes);
    while (status == MDG_UPDATE_OK && to->offset < to->total) {
        random = random * 1664525u + 1013904223u;
        uint32_t n = 1 + (random >> 24) % 60;
        if (n > to->total - to->offset) n = to->total - to->offset;
        status = mdg_update_write(to, to->offset, u->bytes + to->offset, n);
    }
    return status == MDG_UPDATE_OK ? mdg_update_finish(to) : status;
}

static void open_at(mdg_update *u, uint32_t version) {
    assert_int_equal(mdg_update_open(u, &device), MDG_UPDATE_OK);
    assert_int_equal(u->version, version);
}

static void start_with(uint32_t word_bytes, const update *u) {
    mdg_update on;
    flash_make(&memory, word_bytes, word_bytes >= 8);
    accepts = true;
    open_at(&on, 0);
    assert_null(on.image);
    if (u) assert_int_equal(send(&on, u), MDG_UPDATE_OK);
}

/* -- One update after the other -- */

static void test_in_turn(void **state) {
    (void)state;
    static const uint32_t words[] = {1, 2, 4, 8, 16, 32};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        start_with(words[w], NULL);
        for (uint32_t version = 1; version <= 5; version++) {
            mdg_update on;
            const update u = make(version, 0, IMAGE_BYTES + 37 * version);
            open_at(&on, version - 1);
            assert_int_equal(send(&on, &u), MDG_UPDATE_OK);
            assert_true(update_runs(&on, &u)); /* without a new start as well */
            open_at(&on, version);
            assert_true(update_runs(&on, &u));
        }
    }
}

static void test_largest(void **state) {
    (void)state;
    mdg_update on;
    start_with(8, NULL);
    open_at(&on, 0);
    const update most = make(1, 0, FLASH_SLOT - FLASH_PAGE - AROUND),
                 more = make(2, 0, FLASH_SLOT - FLASH_PAGE - 127);
    assert_int_equal(send(&on, &more), MDG_UPDATE_SIZE);
    assert_int_equal(send(&on, &most), MDG_UPDATE_OK);
    open_at(&on, 1);
    assert_true(update_runs(&on, &most));
}

/* -- What is refused -- */

static void refused(const update *u, mdg_update_status why) {
    const update first = make(4, 2, IMAGE_BYTES), good = make(5, 2, IMAGE_BYTES);
    mdg_update on;
    start_with(4, &first);
    open_at(&on, 4);
    assert_int_equal(send(&on, u), why);
    assert_true(update_runs(&on, &first));
    open_at(&on, 4);
    assert_true(update_runs(&on, &first));
    assert_int_equal(send(&on, u), why); /* and again */
    assert_int_equal(send(&on, &good), MDG_UPDATE_OK);
    assert_true(update_runs(&on, &good));
}

static void test_signature(void **state) {
    (void)state;
    update u = make(5, 0, IMAGE_BYTES);
    u.bytes[u.size - 1] ^= 1;
    refused(&u, MDG_UPDATE_SIGNATURE);

    const update_keys other = update_keys_make(77);
    u = update_make(5, 0, IMAGE_BYTES, &other);
    refused(&u, MDG_UPDATE_SIGNATURE);

    u = make(5, 0, IMAGE_BYTES); /* the image altered, CRCs put right */
    u.bytes[100] ^= 1;
    mdg_update_header h = update_header(&u);
    h.image_crc = mdg_crc32(u.bytes + 64, h.image_bytes);
    h.crc = mdg_crc32((const uint8_t *)&h, offsetof(mdg_update_header, crc));
    memcpy(u.bytes, &h, sizeof h);
    refused(&u, MDG_UPDATE_SIGNATURE);
}

static void test_damaged(void **state) {
    (void)state;
    for (uint32_t at = 64; at < 64 + IMAGE_BYTES; at += 97) {
        update u = make(5, 0, IMAGE_BYTES);
        u.bytes[at] ^= 0x10;
        refused(&u, MDG_UPDATE_CRC);
    }
    for (uint32_t at = 0; at < 64; at += 5) {
        update u = make(5, 0, IMAGE_BYTES);
        u.bytes[at] ^= 0x10;
        refused(&u, MDG_UPDATE_FORMAT);
    }
}

static void test_header(void **state) {
    (void)state;
    update u = make(4, 0, IMAGE_BYTES);
    refused(&u, MDG_UPDATE_VERSION); /* the same */
    u = make(3, 0, IMAGE_BYTES);
    refused(&u, MDG_UPDATE_VERSION);

    u = make(5, 0, IMAGE_BYTES);
    mdg_update_header h = update_header(&u);
    h.image_format = MDG_IMAGE_VERSION + 1;
    update_seal(&u, h, &keys);
    refused(&u, MDG_UPDATE_FORMAT);

    u = make(5, 6, IMAGE_BYTES); /* would lock itself out */
    refused(&u, MDG_UPDATE_FORMAT);

    u = make(5, 0, IMAGE_BYTES);
    h = update_header(&u);
    memcpy(h.name, "doorbells", 10);
    update_seal(&u, h, &keys);
    refused(&u, MDG_UPDATE_NAME);
    memset(h.name, 'd', sizeof h.name);
    update_seal(&u, h, &keys);
    refused(&u, MDG_UPDATE_FORMAT);

    u = make(5, 0, IMAGE_BYTES);
    h = update_header(&u);
    h.image_bytes = 0xFFFFFFF0u;
    update_seal(&u, h, &keys);
    refused(&u, MDG_UPDATE_SIZE);
}

static void test_model(void **state) {
    (void)state;
    const update first = make(1, 0, IMAGE_BYTES), second = make(2, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, &first);
    open_at(&on, 1);
    accepts = false;
    assert_int_equal(send(&on, &second), MDG_UPDATE_MODEL);
    assert_true(update_runs(&on, &first));
    accepts = true;
    assert_int_equal(send(&on, &second), MDG_UPDATE_OK);
}

static void test_order(void **state) {
    (void)state;
    const update u = make(1, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, NULL);
    open_at(&on, 0);
    assert_int_equal(mdg_update_write(&on, 0, u.bytes, 4), MDG_UPDATE_STATE);
    assert_int_equal(mdg_update_finish(&on), MDG_UPDATE_STATE);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(on.offset, 64);
    assert_int_equal(mdg_update_write(&on, 60, u.bytes + 60, 8), MDG_UPDATE_OFFSET);
    assert_int_equal(mdg_update_write(&on, 68, u.bytes + 68, 8), MDG_UPDATE_OFFSET);
    assert_int_equal(mdg_update_write(&on, 64, u.bytes + 64, u.size - 63), MDG_UPDATE_OFFSET);
    assert_int_equal(mdg_update_finish(&on), MDG_UPDATE_STATE);
    assert_int_equal(mdg_update_write(&on, 64, u.bytes + 64, u.size - 64), MDG_UPDATE_OK);
    assert_int_equal(mdg_update_finish(&on), MDG_UPDATE_OK);
    assert_int_equal(mdg_update_finish(&on), MDG_UPDATE_STATE);
}

/* -- Going back -- */

/* Flash ages: a bit of the newer image is lost, and the older one runs, if it still may. */
static void damage(const mdg_update *on) {
    memory.bytes[on->image - memory.bytes + 500] ^= 4;
}

static void test_falls_back(void **state) {
    (void)state;
    const update first = make(1, 0, IMAGE_BYTES), second = make(2, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, &first);
    open_at(&on, 1);
    assert_int_equal(send(&on, &second), MDG_UPDATE_OK);
    damage(&on);
    open_at(&on, 1);
    assert_true(update_runs(&on, &first));
    assert_int_equal(send(&on, &second), MDG_UPDATE_OK); /* the same once more, into the slot that broke */
    open_at(&on, 2);
    assert_true(update_runs(&on, &second));
}

static void test_minimum(void **state) {
    (void)state;
    const update first = make(1, 0, IMAGE_BYTES), second = make(5, 4, IMAGE_BYTES),
                 third = make(3, 0, IMAGE_BYTES), fourth = make(6, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, &first);
    open_at(&on, 1);
    assert_int_equal(send(&on, &second), MDG_UPDATE_OK);
    damage(&on);
    open_at(&on, 0); /* not the first, which is below the minimum */
    assert_null(on.image);
    assert_int_equal(on.minimum, 4);
    assert_int_equal(send(&on, &third), MDG_UPDATE_VERSION);
    assert_int_equal(send(&on, &fourth), MDG_UPDATE_OK); /* asks for no minimum, and keeps the old one */
    const update fifth = make(7, 0, IMAGE_BYTES);
    assert_int_equal(send(&on, &fifth), MDG_UPDATE_OK);
    open_at(&on, 7);
    assert_int_equal(on.minimum, 4);
}

static void test_firmware(void **state) {
    (void)state;
    const update first = make(3, 0, IMAGE_BYTES);
    mdg_update_device newer = device;
    mdg_update on;
    start_with(4, &first);
    newer.builtin_version = 3;
    assert_int_equal(mdg_update_open(&on, &newer), MDG_UPDATE_OK);
    assert_null(on.image);
    assert_int_equal(on.version, 3);
    newer.name = "window";
    newer.builtin_version = 0;
    assert_int_equal(mdg_update_open(&on, &newer), MDG_UPDATE_OK);
    assert_null(on.image);
}

static void test_tables(void **state) {
    (void)state;
    mdg_update on;
    mdg_flash bad;
    mdg_update_device with = device;
    flash_make(&memory, 4, false);
    with.flash = &bad;
#define BAD(field, value)                                                                                    \
    bad = memory.port;                                                                                       \
    bad.field = value;                                                                                       \
    assert_int_equal(mdg_update_open(&on, &with), MDG_UPDATE_DEVICE)
    BAD(word_bytes, 0);
    BAD(word_bytes, 3);
    BAD(word_bytes, 64);
    BAD(page_bytes, 0);
    BAD(page_bytes, 100);
    BAD(page_bytes, 64);
    BAD(slot_bytes, FLASH_PAGE);
    BAD(slot_bytes, FLASH_SLOT + 16);
    BAD(slot_bytes, 128 * FLASH_PAGE); /* more pages than a record has marks for */
    BAD(mapped, memory.bytes + 8);
#undef BAD
    bad = memory.port;
    with.name = "a_name_of_24_characters_";
    assert_int_equal(mdg_update_open(&on, &with), MDG_UPDATE_DEVICE);
}

/* -- The power is cut -- */

/* Cuts in the given step; then the old or the new one runs, and sending again leads to the new one, with a
 * second cut on the way. */
static void cut_at(const flash *before, long step, uint32_t seed, const update *old, const update *new) {
    mdg_update on;
    memory = *before;
    memory.random = seed;
    memory.steps = step;
    open_at(&on, update_header(old).version);
    if (send(&on, new) == MDG_UPDATE_OK) assert_false(memory.is_off);
    for (int again = 0; again < 2; again++) {
        flash_power_on(&memory);
        assert_int_equal(mdg_update_open(&on, &device), MDG_UPDATE_OK);
        assert_true(update_runs(&on, old) || update_runs(&on, new));
        if (on.version == update_header(new).version) return;
        if (again == 0) memory.steps = (long)(flash_random(&memory) * 2u);
        const mdg_update_status status = send(&on, new);
        assert_true(memory.is_off || status == MDG_UPDATE_OK || status == MDG_UPDATE_CRC);
        if (!memory.is_off && status == MDG_UPDATE_CRC) assert_int_equal(send(&on, new), MDG_UPDATE_OK);
    }
    flash_power_on(&memory);
    open_at(&on, update_header(new).version);
    assert_true(update_runs(&on, new));
}

static long steps_of(const flash *before, const update *new) {
    mdg_update on;
    memory = *before;
    assert_int_equal(mdg_update_open(&on, &device), MDG_UPDATE_OK);
    assert_int_equal(send(&on, new), MDG_UPDATE_OK);
    return FLASH_FOR_EVER - memory.steps;
}

static void test_power_cuts(void **state) {
    (void)state;
    static const uint32_t words[] = {4, 8, 32};
    const update first = make(1, 0, IMAGE_BYTES), second = make(2, 1, IMAGE_BYTES + 60);
    const update sizes[] = {make(3, 2, 900),
                            make(3, 0, 2 * FLASH_PAGE - AROUND)}; /* the latter in whole pages */
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        mdg_update on;
        start_with(words[w], &first);
        open_at(&on, 1);
        assert_int_equal(send(&on, &second), MDG_UPDATE_OK);
        static flash before;
        before = memory;
        for (int s = 0; s < 2; s++) {
            const long steps = steps_of(&before, &sizes[s]);
            assert_true(steps > 20);
            for (long step = 0; step < steps; step++)
                for (uint32_t seed = 0; seed < 3; seed++) cut_at(&before, step, seed, &second, &sizes[s]);
        }
    }
}

/* An erasing of the record that was cut left a later mark: the update begins anew. */
static void test_torn_marks(void **state) {
    (void)state;
    const update u = make(1, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, NULL);
    open_at(&on, 0);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(mdg_update_write(&on, 64, u.bytes + 64, 1100 - 64), MDG_UPDATE_OK);
    memset(memory.bytes + mdg_slot_record(&memory.port, on.target) + RECORD_MARKS, 0xFF, 4);
    open_at(&on, 0);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(on.offset, 64);
    assert_int_equal(send(&on, &u), MDG_UPDATE_OK);
}

/* What was received before the cut is not sent again, but for the page that was torn. */
static void test_goes_on(void **state) {
    (void)state;
    const update u = make(1, 0, IMAGE_BYTES), other = make(2, 0, IMAGE_BYTES);
    mdg_update on;
    start_with(4, NULL);
    open_at(&on, 0);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(mdg_update_write(&on, 64, u.bytes + 64, 1000 - 64), MDG_UPDATE_OK);
    open_at(&on, 0);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(on.offset, FLASH_PAGE);
    assert_int_equal(mdg_update_begin(&on, other.bytes), MDG_UPDATE_OK);
    assert_int_equal(on.offset, 64);
    assert_int_equal(mdg_update_begin(&on, u.bytes), MDG_UPDATE_OK);
    assert_int_equal(on.offset, 64);
    assert_int_equal(send(&on, &u), MDG_UPDATE_OK);
    assert_true(update_runs(&on, &u));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_turn),  cmocka_unit_test(test_largest),    cmocka_unit_test(test_signature),
        cmocka_unit_test(test_damaged),  cmocka_unit_test(test_header),     cmocka_unit_test(test_model),
        cmocka_unit_test(test_order),    cmocka_unit_test(test_minimum),    cmocka_unit_test(test_falls_back),
        cmocka_unit_test(test_firmware), cmocka_unit_test(test_tables),     cmocka_unit_test(test_power_cuts),
        cmocka_unit_test(test_goes_on),  cmocka_unit_test(test_torn_marks),
    };
    keys = update_keys_make(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
