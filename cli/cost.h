/* SPDX-License-Identifier: MIT
 *
 * cost.h: what an inference costs on the emulated target, for people and for programs.
 */
#ifndef MDG_CLI_COST_H
#define MDG_CLI_COST_H

#include "cli/model.h"

/* What a measurement is shown with */
typedef struct mdg_cost_view {
    const mdg_cost *cost;
    const mdg_target *target;
    const mdg_graph *graph; /* as it was compiled: the operators of `cost` are its */
    int64_t macs;           /* of the model as it came */
    mdg_timing timing;      /* that the cycles were estimated with */
    uint64_t clock_hz;      /* 0: no times are shown */
} mdg_cost_view;

/* Multiply-accumulates of the operator at this index of the compiled graph; 0 where it has none */
int64_t mdg_cost_macs(const mdg_cost_view *v, int op);

json_t *mdg_cost_json(const mdg_cost_view *v);
void mdg_cost_print(const mdg_cost_view *v, FILE *out);

/* What the options of `bench` say of time, as text; NULL: not given */
typedef struct mdg_timing_text {
    const char *clock, *wait_states;
    bool slow_multiplier;
} mdg_timing_text;

/* Checks them for a target: those whose cycles are not known have no time. Returns MDG_OK, or MDG_INVALID. */
mdg_status mdg_cli_timing(mdg_cli *cli, const mdg_timing_text *text, const mdg_target *target,
                          mdg_cost_view *out);

#endif
