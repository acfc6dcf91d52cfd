/* SPDX-License-Identifier: MIT
 *
 * data_ls.c: `midge data ls`: a line a file, as they come from the index.
 */
#include <string.h>

#include "cli/collection.h"
#include "cli/data.h"

typedef struct lister {
    bool json;
    int64_t n, unreadable;
    double seconds;
} lister;

static void print_json(const lister *l, const mdg_index_row *row) {
    const mdg_measured *m = &row->measured;
    json_t *o = json_pack("{s:o, s:o, s:o, s:s, s:I}", "path", mdg_json_text(row->path), "label",
                          mdg_json_text(row->label), "group", mdg_json_text(row->group), "kind",
                          mdg_collection_kind_text(m->kind), "bytes", (json_int_t)row->size);
    if (*row->cause) {
        json_object_set_new(o, "error", mdg_json_text(row->cause));
    } else {
        json_t *figures =
            json_pack("{s:I, s:i, s:i, s:f, s:f, s:f, s:I, s:I}", "samples", (json_int_t)m->samples,
                      "sample_rate", m->rate, "channels", m->channels, "seconds", row->seconds, "rms", m->rms,
                      "peak", m->peak, "clipped", (json_int_t)m->clipped, "no_numbers", (json_int_t)m->nans);
        json_object_update_missing_new(o, figures);
        if (m->height) json_object_set_new(o, "height", json_integer(m->height));
        if (m->height) json_object_set_new(o, "width", json_integer(m->width));
    }
    fputs(l->n > 1 ? ",\n" : "\n", stdout);
    json_dumpf(o, stdout, JSON_REAL_PRECISION(9));
    json_decref(o);
}

static void print_figures(const mdg_index_row *row) {
    const mdg_measured *m = &row->measured;
    mdg_text size = mdg_text_seconds(row->seconds), format, level = {"-"};
    if (m->kind == MDG_DATA_IMAGES)
        snprintf(size.chars, sizeof size.chars, "%dx%d", m->width, m->height);
    else if (row->seconds <= 0)
        size = mdg_text_count(m->samples, "row");
    snprintf(format.chars, sizeof format.chars, "%dx%d", m->rate, m->channels);
    if (m->kind == MDG_DATA_AUDIO)
        snprintf(level.chars, sizeof level.chars, "%6.1f %6.1f", mdg_decibels(m->rms), mdg_decibels(m->peak));
    printf("%12s  %9s  %13s", size.chars, m->kind == MDG_DATA_IMAGES ? "" : format.chars, level.chars);
}

static mdg_status print_row(void *context, const mdg_index_row *row) {
    lister *l = context;
    l->n++;
    l->seconds += row->seconds;
    l->unreadable += *row->cause != '\0';
    if (l->json) {
        print_json(l, row);
        return MDG_OK;
    }
    printf("%-16s %-10s ", *row->label ? row->label : "-", *row->group ? row->group : "-");
    if (*row->cause)
        printf("%-38s  %s: %s\n", "cannot be read", row->path, row->cause);
    else
        print_figures(row), printf("  %s\n", row->path);
    return MDG_OK;
}

static mdg_status list(mdg_cli *cli, const mdg_collection *c, const mdg_index_filter *filter, bool json) {
    lister l = {.json = json};
    if (json)
        fputs("[", stdout);
    else
        printf("%-16s %-10s %12s  %9s  %13s  %s\n", "label", "group", "length", "Hz x ch.", "RMS, peak, dB",
               "file");
    MDG_TRY(mdg_index_rows(c->index, filter, print_row, &l, &cli->diag));
    if (json) fputs("\n]\n", stdout);
    if (!json)
        printf("%s, %s; %lld cannot be read, %lld others passed over\n", mdg_text_count(l.n, "file").chars,
               mdg_text_seconds(l.seconds).chars, (long long)l.unreadable,
               (long long)mdg_index_n_ignored(c->index));
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    mdg_collection_args a = {0};
    mdg_index_filter filter = {0};
    mdg_collection c;
    const mdg_option options[] = {MDG_COLLECTION_OPTIONS(a),
                                  {"--label", MDG_OPTION_TEXT, &filter.label},
                                  {"--group", MDG_OPTION_TEXT, &filter.group},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_status status = mdg_collection_open(cli, cli->args[0], &a, &c);
    if (status == MDG_OK) status = list(cli, &c, &filter, a.json);
    mdg_index_close(c.index);
    return status;
}

const mdg_data_verb mdg_data_ls = {.name = "ls", .run = run};
