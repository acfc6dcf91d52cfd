/* SPDX-License-Identifier: MIT
 *
 * cmd_data.c: `midge data`: what is done with recordings before and besides training.
 */
#include "cli/data.h"
#include "cli/data_help.h"

static const mdg_subverb *const parts[] = {
#define PART(name) &mdg_data_##name,
    MDG_DATA_VERB_LIST(PART)
#undef PART
        NULL};

static mdg_status run(mdg_cli *cli) {
    return mdg_cli_subverb(cli, parts);
}

const mdg_verb mdg_verb_data = {
    .name = "data",
    .summary = "work with recordings: ls, stats, import, export, split, trim, relabel, verify, show, play, "
               "compose, scenes",
    .help = "midge data WHAT ...\n" MDG_DATA_HELP_LS MDG_DATA_HELP_STATS MDG_DATA_HELP_CONVERT
        MDG_DATA_HELP_COMPOSE MDG_DATA_HELP_SCENES,
    .run = run,
};
