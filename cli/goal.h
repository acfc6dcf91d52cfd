/* SPDX-License-Identifier: MIT
 *
 * goal.h: what a model is compiled for: the target, which good comes first, and what it may cost. The verbs
 * that compile take the same options for it:
 *
 *     mdg_goal goal = {.target_name = "cortex-m4"};
 *     const mdg_option options[] = {MDG_GOAL_OPTIONS(&goal), {"--json", MDG_OPTION_FLAG, &json}, {0}};
 *     MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
 *     MDG_TRY(mdg_goal_resolve(cli, &goal));
 *     MDG_TRY(mdg_model_target_program(cli, graph, &goal, &program));
 */
#ifndef MDG_CLI_GOAL_H
#define MDG_CLI_GOAL_H

#include "cli/cli.h"
#include "measure/measure.h"
#include "project/project.h"
#include "util/optimize.h"

typedef struct mdg_goal {
    const char *target_name, *optimize_name; /* as given; NULL: cortex-m4, balanced */
    const mdg_target *target;
    mdg_optimize optimize;
    mdg_budget budget; /* 0 = no limit */
    bool streams;      /* a hop of new frames at a time (pass/stream.h) */
    int hop;           /* frames; 0 = as few as can be */
    const char *trees; /* as given: "table", "code", or NULL */
    bool trees_as_code;
} mdg_goal;

#define MDG_GOAL_OPTIONS(goal)                                                                               \
    {"--target", MDG_OPTION_TEXT, &(goal)->target_name},                                                     \
        {"--optimize", MDG_OPTION_TEXT, &(goal)->optimize_name},                                             \
        {"--ram", MDG_OPTION_SIZE, &(goal)->budget.ram},                                                     \
        {"--flash", MDG_OPTION_SIZE, &(goal)->budget.flash}, {"--trees", MDG_OPTION_TEXT, &(goal)->trees},   \
        {"--stream", MDG_OPTION_FLAG, &(goal)->streams}, {                                                   \
        "--hop", MDG_OPTION_COUNT, &(goal)->hop                                                              \
    }

/* For usage and help */
#define MDG_GOAL_USAGE                                                                                       \
    "[--target TARGET] [--optimize AIM] [--ram BYTES] [--flash BYTES] [--stream [--hop N]] [--trees FORM]"

#define MDG_GOAL_HELP                                                                                        \
    "AIM is balanced (default), speed, size (flash, at up to twice the instructions) or ram: what is paid "  \
    "with the\nothers. BYTES are limits, as 20000 or 32k (of 1,024): RAM of arena and state, flash of "      \
    "weights; `bench` also\ncounts stack and code. What does not fit is an error.\n"                         \
    "--stream is for a model over a window that slides along time: the code takes a hop of new frames at a " \
    "time and\nkeeps what it needs of the earlier ones, with the outputs of the whole window, to the bit. "  \
    "N "                                                                                                     \
    "frames (else the\nfewest that all strides divide). A model that pads along time cannot be streamed.\n"  \
    "FORM is that of decision trees: table (default), or code, which is faster and larger.\n"

/* Finds what the names stand for, or fails as a fault of usage that lists the known ones. */
mdg_status mdg_goal_resolve(mdg_cli *cli, mdg_goal *goal);

/* The same for a project, which has target and budget of its own: takes `streams`, and `optimize` where
 * it is given, alone. */
mdg_status mdg_goal_of_project(mdg_cli *cli, mdg_goal *given, mdg_optimize *out);

#endif
