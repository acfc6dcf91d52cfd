/* SPDX-License-Identifier: MIT
 *
 * power.h: what an application takes on average, and how long a battery lasts: a calculation from measured
 * work and a table of parts (parts.def), no measurement.
 *
 *     const mdg_part *part = mdg_part_find("nrf52840");
 *     mdg_power_work work = {.cycles_per_s = 4e6, .wakes_per_s = 50};
 *     mdg_power p = mdg_power_of(&work, part, mdg_sensor_find("none"));
 *     printf("%g uW, %g days\n", p.total_uw, mdg_battery_days(mdg_battery_find("cr2032"), part, p.total_uw));
 *
 *     active   cycles a second x energy of a cycle
 *     wake-up  wake-ups a second x time of one x power when active
 *     sleep    the rest of the time x power asleep
 *     sensor   always on
 *     radio    messages a second x energy of one
 */
#ifndef MDG_POWER_H
#define MDG_POWER_H

#include <stdbool.h>

#include "util/arena.h"

typedef enum mdg_basis { MDG_MEASURED, MDG_STATED, MDG_SECONDARY, MDG_ASSUMED } mdg_basis;

const char *mdg_basis_text(mdg_basis b); /* "measured" */

typedef struct mdg_part {
    const char *name, *title;
    const char *counted_on; /* the target whose cycles stand for its own */
    double clock_mhz, volts, active_uw_per_mhz;
    mdg_basis active_basis;
    const char *active_source;
    double sleep_ua;
    mdg_basis sleep_basis;
    const char *sleep_source;
    double wake_us;
    mdg_basis wake_basis;
} mdg_part;

typedef struct mdg_sensor {
    const char *name, *title;
    double uw;
    mdg_basis basis;
    const char *source;
} mdg_sensor;

typedef struct mdg_battery {
    const char *name, *title;
    double mah, volts, usable, lost_a_year; /* shares from 0 to 1 */
    double most_ma;                         /* that it gives for long */
    const char *source;
} mdg_battery;

/* Each table ends with a NULL name. */
extern const mdg_part mdg_parts[];
extern const mdg_sensor mdg_sensors[];
extern const mdg_battery mdg_batteries[];

/* NULL when unknown */
const mdg_part *mdg_part_find(const char *name);
const mdg_sensor *mdg_sensor_find(const char *name);
const mdg_battery *mdg_battery_find(const char *name);

/* "stm32u575, stm32u385": up to three parts whose names are like `name`; all of them when none is. */
const char *mdg_part_names_like(const char *name, mdg_arena *arena);
const char *mdg_sensor_names(mdg_arena *arena);
const char *mdg_battery_names(mdg_arena *arena);

typedef struct mdg_power_work {
    double cycles_per_s; /* decisions and features */
    double wakes_per_s;
    double messages_per_s, message_uj;
} mdg_power_work;

typedef struct mdg_power {
    double active_uw, wake_uw, sleep_uw, sensor_uw, radio_uw, total_uw;
    double busy; /* share of time that the processor runs; above 1: too slow for the work */
} mdg_power;

mdg_power mdg_power_of(const mdg_power_work *work, const mdg_part *part, const mdg_sensor *sensor);

/* What the battery is asked for: a part at another voltage is behind a converter that loses a tenth. */
double mdg_power_drawn_uw(const mdg_battery *battery, const mdg_part *part, double total_uw);
double mdg_battery_days(const mdg_battery *battery, const mdg_part *part, double total_uw);

#define MDG_CONVERTER_EFFICIENCY 0.9

#endif
