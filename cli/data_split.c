/* SPDX-License-Identifier: MIT
 *
 * data_split.c: `midge data split`: which clip is in which split, before anything is trained.
 */
#include <jansson.h>

#include "cli/cli.h"
#include "cli/data.h"
#include "project/project.h"
#include "util/file.h"

static void print_json(const mdg_dataset *set, const char *path) {
    json_t *o = json_pack("{s:s}", "table", path);
    for (int split = 0; split < MDG_SPLIT_COUNT; split++) {
        int n = 0;
        for (int i = 0; i < set->n_clips; i++) n += (int)set->clips[i].split == split;
        json_object_set_new(o, mdg_split_text((mdg_split)split), json_integer(n));
    }
    json_object_set_new(o, "skipped", json_integer(set->n_skipped));
    json_dumpf(o, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(o);
}

static mdg_status run(mdg_cli *cli) {
    const char *out = NULL;
    bool json = false;
    mdg_project p;
    mdg_dataset set;
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &out}, {"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(mdg_project_load(cli->args[0], cli->arena, &p, &cli->diag));
    if (!out) {
        MDG_TRY(mdg_folder_make(p.out, &cli->diag));
        out = mdg_arena_printf(cli->arena, "%s/clips.txt", p.out);
    }
    MDG_TRY(mdg_dataset_scan(&p.data, cli->arena, &set, &cli->diag));
    MDG_TRY(mdg_dataset_split(&set, &p.data.split, &cli->diag));
    MDG_TRY(mdg_dataset_write_split(&set, out, &cli->diag));
    if (json) {
        print_json(&set, out);
        return MDG_OK;
    }
    mdg_dataset_print(&set, stdout);
    printf("wrote %s\n", out);
    return MDG_OK;
}

const mdg_data_verb mdg_data_split = {.name = "split", .run = run};
