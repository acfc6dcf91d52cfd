/* SPDX-License-Identifier: MIT
 *
 * FlexBuffers maps: what they say, and that damaged ones are read within their bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tflite/flexbuffer.h"

/* {"a": -5, "b": 2.5, "c": true, "d": 300 (indirect)}, values of 4 bytes, keys of 1 */
static const uint8_t sample[] = {
    'a',        0,          'b',     0,          'c', 0, 'd', 0,              /* 0: names */
    44,         1,                                                            /* 8: 300, two bytes */
    4,          11,         10,      9,          8,                           /* 10: four keys, from 11 on */
    4,          0,          0,       0,          1,   0, 0,   0,  4, 0, 0, 0, /* 15: keys, their width, count
                                                                               */
    251,        255,        255,     255,        0,   0, 32,  64, 1, 0, 0, 0, 31, 0, 0, 0, /* 27: values */
    1 << 2 | 2, 3 << 2 | 2, 26 << 2, 7 << 2 | 1, /* 43: their types */
    20,         9 << 2 | 2, 1                    /* 47: the root */
};

static void values_come_back(void **state) {
    (void)state;
    mdg_flex_map m;
    int64_t wide;
    int32_t n;
    double real;
    bool truth = false;
    assert_true(mdg_flex_open(sample, sizeof sample, &m));
    assert_true(mdg_flex_i32(&m, "a", &n));
    assert_int_equal(n, -5);
    assert_true(mdg_flex_real(&m, "a", &real));
    assert_true(real == -5.0);
    assert_true(mdg_flex_real(&m, "b", &real));
    assert_true(real == 2.5);
    assert_true(mdg_flex_int(&m, "b", &wide));
    assert_int_equal(wide, 2);
    assert_true(mdg_flex_bool(&m, "c", &truth));
    assert_true(truth);
    assert_true(mdg_flex_int(&m, "d", &wide));
    assert_int_equal(wide, 300);
}

static void what_is_not_there_stays_untouched(void **state) {
    (void)state;
    mdg_flex_map m;
    int32_t n = 7;
    assert_true(mdg_flex_open(sample, sizeof sample, &m));
    assert_false(mdg_flex_i32(&m, "e", &n));
    assert_false(mdg_flex_i32(&m, "aa", &n));
    assert_int_equal(n, 7);
    assert_false(mdg_flex_open(NULL, 0, &m));
    assert_false(mdg_flex_open("\5\4\1", 3, &m)); /* an integer */
}

/* Memory of just the right size, so that AddressSanitizer sees every step outside. */
static void ask_everything(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    mdg_flex_map m;
    int64_t n;
    double real;
    memcpy(copy, bytes, size);
    if (mdg_flex_open(copy, size, &m)) {
        for (const char *name = "a\0b\0c\0d\0"; *name; name += 2) {
            (void)mdg_flex_int(&m, name, &n);
            (void)mdg_flex_real(&m, name, &real);
        }
    }
    free(copy);
}

static void damage_is_survived(void **state) {
    (void)state;
    uint8_t bytes[sizeof sample];
    for (size_t size = 0; size < sizeof sample; size++) {
        ask_everything(sample, size);
        ask_everything(sample + sizeof sample - size, size);
    }
    for (size_t at = 0; at < sizeof sample; at++) {
        for (int value = 0; value < 256; value++) {
            memcpy(bytes, sample, sizeof sample);
            bytes[at] = (uint8_t)value;
            ask_everything(bytes, sizeof sample);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(what_is_not_there_stays_untouched),
        cmocka_unit_test(damage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
