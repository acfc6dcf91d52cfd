/* SPDX-License-Identifier: MIT */
#include "cli/goal.h"

#include <string.h>

#include "cli/model.h"

static mdg_status resolve_optimize(mdg_cli *cli, mdg_goal *goal) {
    const char *known = "";
    if (!goal->optimize_name || mdg_optimize_find(goal->optimize_name, &goal->optimize)) return MDG_OK;
    for (int i = 0; i < MDG_OPTIMIZE_COUNT; i++)
        known = mdg_arena_printf(cli->arena, "%s%s%s", known, i ? ", " : "", mdg_optimize_names[i]);
    return mdg_cli_usage(cli, "--optimize '%s' is not known; known are %s", goal->optimize_name, known);
}

static mdg_status resolve_trees(mdg_cli *cli, mdg_goal *goal) {
    goal->trees_as_code = goal->trees && strcmp(goal->trees, "code") == 0;
    if (!goal->trees || goal->trees_as_code || strcmp(goal->trees, "table") == 0) return MDG_OK;
    return mdg_cli_usage(cli, "--trees '%s' is not known; known are table, code", goal->trees);
}

mdg_status mdg_goal_resolve(mdg_cli *cli, mdg_goal *goal) {
    if (goal->hop && !goal->streams) return mdg_cli_usage(cli, "--hop is for --stream");
    MDG_TRY(resolve_trees(cli, goal));
    if (!goal->target_name) goal->target_name = "cortex-m4";
    MDG_TRY(mdg_cli_target(cli, goal->target_name, &goal->target));
    return resolve_optimize(cli, goal);
}

mdg_status mdg_goal_of_project(mdg_cli *cli, mdg_goal *given, mdg_optimize *out) {
    if (given->target_name || given->budget.ram || given->budget.flash || given->hop || given->trees)
        return mdg_cli_usage(cli,
                             "--target, --ram, --flash, --hop and --trees are for a model file; a project "
                             "has its target, budget and model.trees_as in midge.yaml");
    MDG_TRY(resolve_optimize(cli, given));
    if (given->optimize_name) *out = given->optimize;
    return MDG_OK;
}
