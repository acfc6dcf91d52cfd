/* SPDX-License-Identifier: MIT
 *
 * data_relabel.c: `midge data relabel`.
 */
#include "cli/collection.h"
#include "cli/data.h"
#include "collection/relabel.h"

static void say(void *context, const char *path, const char *what) {
    const bool *json = context;
    if (!*json) printf("%s: %s\n", path, what);
}

static mdg_status run(mdg_cli *cli) {
    bool json = false;
    mdg_relabel_opts o = {.say = say, .context = &json};
    mdg_relabel_result r;
    const mdg_option options[] = {
        {"--dry-run", MDG_OPTION_FLAG, &o.dry}, {"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 2, 2));
    o.folder = cli->args[0];
    o.table = cli->args[1];
    MDG_TRY(mdg_relabel(&o, &r, &cli->diag));
    if (json)
        printf("{\"moved\": %lld, \"same\": %lld, \"refused\": %lld}\n", (long long)r.moved,
               (long long)r.same, (long long)r.refused);
    else
        printf("%s %s, %lld had that label, %lld refused\n", mdg_text_count(r.moved, "file").chars,
               o.dry ? "would move" : "moved", (long long)r.same, (long long)r.refused);
    if (!r.refused) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_INVALID, "%s: %lld of its rows were refused", o.table,
                    (long long)r.refused);
}

const mdg_data_verb mdg_data_relabel = {.name = "relabel", .run = run};
