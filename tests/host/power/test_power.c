/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "power/power.h"

static void assert_near(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) fail_msg("%g is not %g", a, b);
}

static mdg_power of(const char *part, double cycles_per_s) {
    const mdg_power_work work = {.cycles_per_s = cycles_per_s};
    return mdg_power_of(&work, mdg_part_find(part), mdg_sensor_find("none"));
}

/* 4.64 and 5.2 M cycles a second, worked out by hand from mW/MHz */
static void charges_cycles(void **state) {
    (void)state;
    assert_near(of("stm32u575", 4.64e6).active_uw, 668.16, 0.01);
    assert_near(of("stm32l4r5", 5.2e6).active_uw, 1430, 0.01);
    assert_near(of("nrf52840", 5.2e6).active_uw, 811.2, 0.01);
    assert_near(of("nrf52840", 32e6).busy, 0.5, 1e-9);
    assert_near(of("nrf52840", 32e6).sleep_uw, 0.5 * 2.9 * 3, 1e-6);
}

static void adds_up(void **state) {
    (void)state;
    const mdg_power_work work = {
        .cycles_per_s = 1e6, .wakes_per_s = 100, .messages_per_s = 0.5, .message_uj = 40};
    const mdg_part *part = mdg_part_find("stm32l4r5");
    const mdg_power p = mdg_power_of(&work, part, mdg_sensor_find("pdm-mic"));
    assert_near(p.wake_uw, 100 * 5e-6 * 275 * 120, 1e-6);
    assert_near(p.radio_uw, 20, 1e-9);
    assert_near(p.sensor_uw, 1170, 1e-9);
    assert_near(p.busy, 1.0 / 120 + 100 * 5e-6, 1e-9);
    assert_near(p.total_uw, p.active_uw + p.wake_uw + p.sleep_uw + p.sensor_uw + p.radio_uw, 1e-6);
}

static void never_sleeps_less_than_nothing(void **state) {
    (void)state;
    const mdg_power p = of("nrf51822", 100e6);
    assert_true(p.busy > 1);
    assert_true(p.sleep_uw >= 0 && p.sleep_uw < 1e-9);
}

/* 225 mAh at 3 V of which 90 %, less 1 % a year: with 77 uW about a year */
static void tells_how_long_a_battery_lasts(void **state) {
    (void)state;
    const mdg_battery *cell = mdg_battery_find("cr2032");
    const double days = mdg_battery_days(cell, mdg_part_find("nrf52840"), 77);
    const double by_hand = 225 * 3.0 * 0.9 * 1000 / (77 + 225 * 3.0 * 0.9 * 1000 * 0.01 / 8760) / 24;
    assert_near(days, by_hand, 1e-6);
    assert_true(days > 300 && days < 365);
    assert_near(mdg_power_drawn_uw(cell, mdg_part_find("nrf52840"), 90), 90, 1e-9);
    assert_near(mdg_power_drawn_uw(cell, mdg_part_find("stm32u575"), 90), 100, 1e-9);
}

/* The nearest first */
static void knows_similar_names(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    assert_null(mdg_part_find("nrf52480"));
    assert_int_equal(strncmp(mdg_part_names_like("nrf52480", arena), "nrf52840", 8), 0);
    assert_int_equal(strncmp(mdg_part_names_like("stm32u585", arena), "stm32u385, stm32u575", 20), 0);
    assert_non_null(strstr(mdg_part_names_like("z80", arena), "stm32u385, nrf54l15"));
    mdg_arena_free(arena);
}

/* A figure without a source, or that says nothing, would be no figure. */
static void every_figure_has_a_source(void **state) {
    (void)state;
    for (const mdg_part *p = mdg_parts; p->name; p++) {
        assert_true(p->active_uw_per_mhz > 0 && p->sleep_ua > 0 && p->clock_mhz > 0 && p->volts > 0);
        assert_true(p->active_source[0] && p->sleep_source[0]);
        assert_true(p->active_basis != MDG_ASSUMED);
    }
    for (const mdg_sensor *s = mdg_sensors; s->name; s++) assert_true(s->uw == 0 || s->source[0]);
    for (const mdg_battery *b = mdg_batteries; b->name; b++) assert_true(b->usable <= 1 && b->source[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_cycles),
        cmocka_unit_test(adds_up),
        cmocka_unit_test(never_sleeps_less_than_nothing),
        cmocka_unit_test(tells_how_long_a_battery_lasts),
        cmocka_unit_test(knows_similar_names),
        cmocka_unit_test(every_figure_has_a_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
