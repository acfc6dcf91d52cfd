/* SPDX-License-Identifier: MIT */
#include "power/power.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PART(name, title, counted_on, mhz, volts, active, active_basis, active_source, sleep, sleep_basis,   \
             sleep_source, wake, wake_basis)                                                                 \
    {name,          title, counted_on,        mhz,          volts, active,          MDG_##active_basis,      \
     active_source, sleep, MDG_##sleep_basis, sleep_source, wake,  MDG_##wake_basis},
const mdg_part mdg_parts[] = {
#include "power/parts.def"
    {.name = NULL}};
#undef PART

#define SENSOR(name, title, uw, basis, source) {name, title, uw, MDG_##basis, source},
const mdg_sensor mdg_sensors[] = {
#include "power/parts.def"
    {.name = NULL}};
#undef SENSOR

#define BATTERY(name, title, mah, volts, usable, lost, most, source)                                         \
    {name, title, mah, volts, usable, lost, most, source},
const mdg_battery mdg_batteries[] = {
#include "power/parts.def"
    {.name = NULL}};
#undef BATTERY

const char *mdg_basis_text(mdg_basis b) {
    static const char *const texts[] = {"measured", "stated", "secondary", "assumed"};
    return texts[b];
}

/* Each table begins its rows with the name. */
#define FIND(table, wanted)                                                                                  \
    do {                                                                                                     \
        for (int i = 0; (table)[i].name; i++)                                                                \
            if (strcmp((table)[i].name, wanted) == 0) return &(table)[i];                                    \
        return NULL;                                                                                         \
    } while (0)

const mdg_part *mdg_part_find(const char *name) {
    FIND(mdg_parts, name);
}

const mdg_sensor *mdg_sensor_find(const char *name) {
    FIND(mdg_sensors, name);
}

const mdg_battery *mdg_battery_find(const char *name) {
    FIND(mdg_batteries, name);
}

static const char *joined(mdg_arena *arena, const char *list, const char *name) {
    return list ? mdg_arena_printf(arena, "%s, %s", list, name) : name;
}

const char *mdg_sensor_names(mdg_arena *arena) {
    const char *list = NULL;
    for (int i = 0; mdg_sensors[i].name; i++) list = joined(arena, list, mdg_sensors[i].name);
    return list;
}

const char *mdg_battery_names(mdg_arena *arena) {
    const char *list = NULL;
    for (int i = 0; mdg_batteries[i].name; i++) list = joined(arena, list, mdg_batteries[i].name);
    return list;
}

/* Changes of one character that lead from a to b (Levenshtein), for names of up to 31 characters. */
static int distance(const char *a, const char *b) {
    enum { LONGEST = 31 };
    int row[LONGEST + 1];
    const int na = (int)strnlen(a, LONGEST), nb = (int)strnlen(b, LONGEST);
    for (int j = 0; j <= nb; j++) row[j] = j;
    for (int i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            const int change = diagonal + (a[i - 1] != b[j - 1]);
            const int add = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < add ? change : add;
        }
    }
    return row[nb];
}

const char *mdg_part_names_like(const char *name, mdg_arena *arena) {
    enum { NEAR = 4, MOST = 3 };
    const char *list = NULL;
    int n = 0;
    for (int limit = 1; limit <= NEAR; limit++)
        for (int i = 0; mdg_parts[i].name && n < MOST; i++)
            if (distance(name, mdg_parts[i].name) == limit) {
                list = joined(arena, list, mdg_parts[i].name);
                n++;
            }
    for (int i = 0; n == 0 && mdg_parts[i].name; i++) list = joined(arena, list, mdg_parts[i].name);
    return list;
}

mdg_power mdg_power_of(const mdg_power_work *work, const mdg_part *part, const mdg_sensor *sensor) {
    const double awake = work->wakes_per_s * part->wake_us * 1e-6;
    mdg_power p = {.active_uw = work->cycles_per_s * 1e-6 * part->active_uw_per_mhz,
                   .wake_uw = awake * part->active_uw_per_mhz * part->clock_mhz,
                   .sensor_uw = sensor->uw,
                   .radio_uw = work->messages_per_s * work->message_uj,
                   .busy = work->cycles_per_s / (part->clock_mhz * 1e6) + awake};
    p.sleep_uw = fmax(0, 1 - p.busy) * part->sleep_ua * part->volts;
    p.total_uw = p.active_uw + p.wake_uw + p.sleep_uw + p.sensor_uw + p.radio_uw;
    return p;
}

double mdg_power_drawn_uw(const mdg_battery *battery, const mdg_part *part, double total_uw) {
    return fabs(battery->volts - part->volts) < 0.6 ? total_uw : total_uw / MDG_CONVERTER_EFFICIENCY;
}

double mdg_battery_days(const mdg_battery *battery, const mdg_part *part, double total_uw) {
    const double usable_uwh = battery->mah * battery->volts * 1000 * battery->usable;
    const double lost_uw = usable_uwh * battery->lost_a_year / (365 * 24);
    return usable_uwh / (mdg_power_drawn_uw(battery, part, total_uw) + lost_uw) / 24;
}
