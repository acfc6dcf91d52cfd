/* SPDX-License-Identifier: MIT
 *
 * data_verify.c: `midge data verify`: decodes everything, whatever an index says.
 */
#include <string.h>

#include "cli/collection.h"
#include "cli/data.h"
#include "collection/stats.h"

typedef struct verifier {
    int rate, channels; /* wanted; 0 = any */
    int columns;        /* of tables */
    int64_t files, damaged, no_numbers, wrong_rate, wrong_channels;
    json_t *list; /* NULL = text */
} verifier;

static void tell(verifier *v, const mdg_index_row *row, int64_t *count, const char *what) {
    ++*count;
    if (v->list)
        json_array_append_new(
            v->list, json_pack("{s:o, s:o}", "path", mdg_json_text(row->path), "text", mdg_json_text(what)));
    else
        printf("%s: %s\n", row->path, what);
}

static mdg_status verify_row(void *context, const mdg_index_row *row) {
    verifier *v = context;
    const mdg_measured *m = &row->measured;
    char text[120];
    v->files++;
    if (*row->cause) {
        tell(v, row, &v->damaged, row->cause);
        return MDG_OK;
    }
    if (m->nans) {
        snprintf(text, sizeof text, "%lld values are no numbers", (long long)m->nans);
        tell(v, row, &v->no_numbers, text);
    }
    if (m->rate && v->rate && m->rate != v->rate) {
        snprintf(text, sizeof text, "%d Hz, not %d", m->rate, v->rate);
        tell(v, row, &v->wrong_rate, text);
    }
    const int wanted = m->kind == MDG_DATA_AUDIO ? v->channels : m->kind == MDG_DATA_SERIES ? v->columns : 0;
    if (wanted && m->channels != wanted) {
        snprintf(text, sizeof text, "%d channels, not %d", m->channels, wanted);
        tell(v, row, &v->wrong_channels, text);
    }
    return MDG_OK;
}

/* What is not said is as in most files. */
static mdg_status settle(mdg_cli *cli, const mdg_collection *c, verifier *v) {
    mdg_stats s;
    MDG_TRY(mdg_stats_of(c->index, cli->arena, &s, &cli->diag));
    if (!v->rate && c->has_project && c->project.data.kind != MDG_DATA_IMAGES)
        v->rate = c->project.data.sample_rate;
    for (int i = s.n_formats - 1; i >= 0; i--) {
        if (s.formats[i].kind == MDG_DATA_SERIES) v->columns = s.formats[i].channels;
    }
    for (int i = 0; i < s.n_formats && !v->rate; i++) v->rate = s.formats[i].rate;
    return MDG_OK;
}

static mdg_status verify(mdg_cli *cli, const mdg_collection *c, verifier *v) {
    MDG_TRY(settle(cli, c, v));
    MDG_TRY(mdg_index_rows(c->index, NULL, verify_row, v, &cli->diag));
    const int64_t wrong = v->damaged + v->no_numbers + v->wrong_rate + v->wrong_channels;
    if (v->list) {
        json_t *o = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "files", (json_int_t)v->files, "damaged",
                              (json_int_t)v->damaged, "no_numbers", (json_int_t)v->no_numbers, "wrong_rate",
                              (json_int_t)v->wrong_rate, "wrong_channels", (json_int_t)v->wrong_channels,
                              "ignored", (json_int_t)mdg_index_n_ignored(c->index), "findings", v->list);
        json_dumpf(o, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(o);
    } else {
        printf(
            "%s decoded: %lld damaged, %lld with values that are no numbers, %lld of another rate, %lld with "
            "other channels\n",
            mdg_text_count(v->files, "file").chars, (long long)v->damaged, (long long)v->no_numbers,
            (long long)v->wrong_rate, (long long)v->wrong_channels);
    }
    if (!wrong && v->files) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_INVALID, "%s: %s", c->folder,
                    v->files ? mdg_arena_printf(cli->arena, "%lld things are wrong", (long long)wrong)
                             : "no files to verify");
}

static mdg_status run(mdg_cli *cli) {
    mdg_collection_args a = {0};
    mdg_collection c;
    verifier v = {.channels = 1};
    const mdg_option options[] = {MDG_COLLECTION_OPTIONS(a),
                                  {"--rate", MDG_OPTION_COUNT, &v.rate},
                                  {"--channels", MDG_OPTION_COUNT, &v.channels},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!a.index) a.index = ""; /* a temporary one */
    if (a.json) v.list = json_array();
    mdg_status status = mdg_collection_open(cli, cli->args[0], &a, &c);
    if (status == MDG_OK) status = verify(cli, &c, &v);
    mdg_index_close(c.index);
    json_decref(v.list);
    return status;
}

const mdg_data_verb mdg_data_verify = {.name = "verify", .run = run};
