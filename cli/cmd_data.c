/* SPDX-License-Identifier: MIT
 *
 * cmd_data.c: `midge data`: what is done with recordings before and besides training.
 */
#include <string.h>

#include "cli/data.h"
#include "cli/data_help.h"

static const mdg_data_verb *const verbs[] = {
#define VERB(name) &mdg_data_##name,
    MDG_DATA_VERB_LIST(VERB)
#undef VERB
};

static const char *names(mdg_arena *arena) {
    const char *text = "";
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        text = mdg_arena_printf(arena, "%s%s%s", text, i ? ", " : "", verbs[i]->name);
    return text;
}

static mdg_status run(mdg_cli *cli) {
    const mdg_option none[] = {{0}};
    if (cli->argc && cli->argv[0][0] == '-') return mdg_cli_parse(cli, none, 0, 0);
    if (cli->argc == 0) return mdg_cli_usage(cli, "what to do is missing; known are %s", names(cli->arena));
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(cli->argv[0], verbs[i]->name) != 0) continue;
        cli->argc--;
        cli->argv++;
        return verbs[i]->run(cli);
    }
    return mdg_cli_usage(cli, "%s is not known; known are %s", cli->argv[0], names(cli->arena));
}

const mdg_verb mdg_verb_data = {
    .name = "data",
    .summary =
        "work with recordings: ls, stats, import, export, split, trim, relabel, verify, show, play, compose",
    .help = "midge data WHAT ...\n" MDG_DATA_HELP_LS MDG_DATA_HELP_STATS MDG_DATA_HELP_CONVERT
        MDG_DATA_HELP_COMPOSE,
    .run = run,
};
