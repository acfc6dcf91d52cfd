/* SPDX-License-Identifier: MIT
 *
 * power.h: what an application takes from its battery: from the work that was counted on the emulated target,
 * and the table of parts. For `midge power` and for the budget of a build.
 */
#ifndef MDG_CLI_POWER_H
#define MDG_CLI_POWER_H

#include <jansson.h>

#include "cli/pipeline.h"
#include "power/power.h"

/* How often what was counted happens, and all of it together */
typedef struct mdg_duty {
    double decisions_per_s, frames_per_s;
    mdg_power_work work;
} mdg_duty;

/* An application on a part */
typedef struct mdg_power_view {
    const char *title;
    const mdg_part *part;
    const mdg_sensor *sensor;
    mdg_duty duty;
    mdg_power power;
} mdg_power_view;

/* Finds a part by name; the message lists those with similar names, or all. */
mdg_status mdg_cli_part(mdg_cli *cli, const char *name, const mdg_part **out);
mdg_status mdg_cli_sensor(mdg_cli *cli, const char *name, const mdg_sensor **out);

/* The duty of a project whose costs are known (mdg_pipeline_bench on the part's counted_on). Pictures have no
 * rate of their own: `rate` decisions a second; 0: the project's, or one. */
mdg_duty mdg_power_duty(const mdg_pipeline *pl, double rate);

void mdg_power_print(const mdg_power_view *v, const mdg_battery *battery, FILE *out); /* battery NULL: all */
json_t *mdg_power_json(const mdg_power_view *v);
mdg_status mdg_power_draw(mdg_cli *cli, const mdg_power_view *v, const char *path);

/* Fails with MDG_BUDGET when the project takes more than `power` or a battery lasts shorter than asked; says
 * what would help. Counts again where the project's target is not what stands for the part. */
mdg_status mdg_power_check(mdg_pipeline *pl);

#endif
