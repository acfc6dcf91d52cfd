/* SPDX-License-Identifier: MIT
 *
 * data_convert.c: `midge data import`, `midge data export`, and `midge data trim`, which is a conversion too.
 */
#include <string.h>

#include "cli/collection.h"
#include "cli/data.h"
#include "collection/convert.h"

enum { SHOWN = 20 };

typedef struct teller {
    mdg_cli *cli;
    int64_t n;
} teller;

static void say(void *context, const char *place, const char *cause) {
    teller *t = context;
    if (++t->n <= SHOWN) mdg_cli_stage(t->cli, "  left out %s: %s", place, cause);
    if (t->n == SHOWN + 1) mdg_cli_stage(t->cli, "  left out others, which are counted");
}

typedef struct convert_args {
    double window_ms, overlap;
    int window;
    bool json;
} convert_args;

static mdg_status set_window(mdg_cli *cli, const convert_args *a, mdg_convert_opts *o) {
    o->window = a->window;
    if (a->overlap >= 1) return mdg_cli_usage(cli, "--overlap %g is no share from 0 to below 1", a->overlap);
    if (a->window_ms > 0 && !(o->rows_hz > 0))
        return mdg_cli_usage(cli, "--window-ms needs --rows-hz, the rate of the rows");
    if (a->window_ms > 0) o->window = (int)(a->window_ms * o->rows_hz / 1000 + 0.5);
    if (a->window_ms > 0 && (o->window < 1 || o->window > 1 << 24))
        return mdg_cli_usage(cli, "--window-ms %g at %g Hz is no window of rows", a->window_ms, o->rows_hz);
    o->step = (int)(o->window * (1 - a->overlap) + 0.5);
    if (o->step < 1) o->step = 1;
    return MDG_OK;
}

static void print_result(const mdg_convert_opts *o, const mdg_convert_result *r, bool json) {
    if (json) {
        json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:I}", "from", r->from, "to", o->to, "written",
                                   (json_int_t)r->written, "there", (json_int_t)r->there, "left_out",
                                   (json_int_t)r->skipped);
        json_dumpf(object, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(object);
        return;
    }
    printf("%s: %s written as %s from %s", o->out, mdg_text_count(r->written, "clip").chars, o->to, r->from);
    if (r->there) printf(", %lld were there already", (long long)r->there);
    printf("; %lld left out\n", (long long)r->skipped);
    if (r->has_groups && strcmp(o->to, "folder") == 0)
        printf(
            "Names begin with the group: in midge.yaml, `data: {pattern: \"{group}_*\", split_by: group}`\n");
}

static mdg_status convert(mdg_cli *cli, bool exports) {
    convert_args a = {.overlap = 0};
    teller t = {.cli = cli};
    mdg_convert_opts o = {.to = exports ? NULL : "folder", .say = say, .context = &t};
    mdg_convert_result r;
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &o.out},
                                  {"--from", MDG_OPTION_TEXT, &o.from},
                                  {"--to", MDG_OPTION_TEXT, &o.to},
                                  {"--pattern", MDG_OPTION_TEXT, &o.pattern},
                                  {"--rate", MDG_OPTION_COUNT, &o.rate},
                                  {"--rows-hz", MDG_OPTION_REAL, &o.rows_hz},
                                  {"--window-ms", MDG_OPTION_REAL, &a.window_ms},
                                  {"--window", MDG_OPTION_COUNT, &a.window},
                                  {"--overlap", MDG_OPTION_REAL, &a.overlap},
                                  {"--label-column", MDG_OPTION_TEXT, &o.label_column},
                                  {"--group-column", MDG_OPTION_TEXT, &o.group_column},
                                  {"--json", MDG_OPTION_FLAG, &a.json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    o.source = cli->args[0];
    if (!o.out) return mdg_cli_usage(cli, "-o, where to write to, is missing");
    if (!o.to) return mdg_cli_usage(cli, "--to FORMAT is missing");
    if (exports && !o.from) o.from = "folder";
    MDG_TRY(set_window(cli, &a, &o));
    MDG_TRY(mdg_convert(&o, &cli->progress, &r, &cli->diag));
    mdg_cli_progress_end(cli);
    print_result(&o, &r, a.json);
    return MDG_OK;
}

static mdg_status run_trim(mdg_cli *cli) {
    bool json = false;
    teller t = {.cli = cli};
    mdg_convert_opts o = {
        .from = "folder", .to = "folder", .trim_db = 40, .trim_pad_ms = 50, .say = say, .context = &t};
    mdg_convert_result r;
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &o.out},
                                  {"--pattern", MDG_OPTION_TEXT, &o.pattern},
                                  {"--rate", MDG_OPTION_COUNT, &o.rate},
                                  {"--below", MDG_OPTION_REAL, &o.trim_db},
                                  {"--pad-ms", MDG_OPTION_REAL, &o.trim_pad_ms},
                                  {"--json", MDG_OPTION_FLAG, &json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    o.source = cli->args[0];
    if (!o.out) return mdg_cli_usage(cli, "-o, where to write to, is missing");
    if (!(o.trim_db > 0)) return mdg_cli_usage(cli, "--below %g is no positive number of dB", o.trim_db);
    MDG_TRY(mdg_convert(&o, &cli->progress, &r, &cli->diag));
    mdg_cli_progress_end(cli);
    print_result(&o, &r, json);
    return MDG_OK;
}

static mdg_status run_import(mdg_cli *cli) {
    return convert(cli, false);
}

static mdg_status run_export(mdg_cli *cli) {
    return convert(cli, true);
}

const mdg_data_verb mdg_data_import = {.name = "import", .run = run_import};
const mdg_data_verb mdg_data_export = {.name = "export", .run = run_export};
const mdg_data_verb mdg_data_trim = {.name = "trim", .run = run_trim};
