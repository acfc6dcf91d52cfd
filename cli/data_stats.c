/* SPDX-License-Identifier: MIT
 *
 * data_stats.c: `midge data stats`: figures by class and by group, and what looks wrong.
 */
#include <string.h>

#include "cli/collection.h"
#include "cli/data.h"
#include "collection/stats.h"

enum { SHOWN = 10 /* findings of a kind */ };

static void print_head(const char *what) {
    printf("\n%-20s %7s %12s %10s %10s %10s %7s %7s %8s\n", what, "files", "total", "shortest", "median",
           "longest", "RMS dB", "peak dB", "clipped");
}

static void print_row(const mdg_stats_row *r) {
    printf("%-20s %7lld %12s %10s %10s %10s %7.1f %7.1f %6.2f %%\n", *r->name ? r->name : "-",
           (long long)r->files, mdg_text_seconds(r->total).chars, mdg_text_seconds(r->shortest).chars,
           mdg_text_seconds(r->median).chars, mdg_text_seconds(r->longest).chars, mdg_decibels(r->rms),
           mdg_decibels(r->peak), 100 * r->clipped);
}

static void print_format(const mdg_stats_format *f) {
    if (f->kind == MDG_DATA_IMAGES)
        printf("  %dx%d pixels", f->width, f->height);
    else if (f->rate)
        printf("  %d Hz, %s", f->rate, mdg_text_count(f->channels, "channel").chars);
    else
        printf("  tables of %s", mdg_text_count(f->channels, "column").chars);
    printf(": %s\n", mdg_text_count(f->files, "file").chars);
}

static void print_figures(const mdg_stats *s) {
    print_head("class");
    for (int i = 0; i < s->n_labels; i++) print_row(&s->labels[i]);
    print_row(&s->all);
    if (s->n_groups) print_head("group");
    for (int i = 0; i < s->n_groups; i++) print_row(&s->groups[i]);
    printf("\nfound\n");
    for (int i = 0; i < s->n_formats && i < SHOWN; i++) print_format(&s->formats[i]);
    if (s->n_formats > SHOWN) printf("  and %d others\n", s->n_formats - SHOWN);
}

typedef struct findings {
    bool all;
    int64_t n_of[MDG_FINDING_COUNT], n;
    json_t *list; /* NULL = text */
} findings;

static mdg_status take_finding(void *context, const mdg_finding *f) {
    findings *all = context;
    const int64_t n = ++all->n_of[f->kind];
    all->n++;
    if (all->list) {
        json_array_append_new(all->list, json_pack("{s:s, s:o, s:o, s:o}", "kind", mdg_finding_text(f->kind),
                                                   "path", mdg_json_text(f->path), "label",
                                                   mdg_json_text(f->label), "text", mdg_json_text(f->text)));
        return MDG_OK;
    }
    if (all->n == 1) printf("\nlooks wrong\n");
    if (n <= SHOWN || all->all) printf("  %-10s %s: %s\n", mdg_finding_text(f->kind), f->path, f->text);
    return MDG_OK;
}

static void print_hidden(const findings *f) {
    for (int k = 0; k < MDG_FINDING_COUNT; k++)
        if (f->n_of[k] > SHOWN && !f->all)
            printf("  %-10s and %lld others (--all shows them)\n", mdg_finding_text((mdg_finding_kind)k),
                   (long long)f->n_of[k] - SHOWN);
    if (!f->n) printf("\nnothing looks wrong\n");
}

static json_t *row_json(const mdg_stats_row *r) {
    return json_pack("{s:o, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "name",
                     mdg_json_text(r->name), "files", (json_int_t)r->files, "unreadable",
                     (json_int_t)r->unreadable, "samples", (json_int_t)r->samples, "seconds", r->total,
                     "shortest", r->shortest, "median", r->median, "longest", r->longest, "rms", r->rms,
                     "peak", r->peak, "clipped", r->clipped);
}

static json_t *rows_json(const mdg_stats_row *rows, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(list, row_json(&rows[i]));
    return list;
}

static json_t *formats_json(const mdg_stats *s) {
    json_t *list = json_array();
    for (int i = 0; i < s->n_formats; i++) {
        const mdg_stats_format *f = &s->formats[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:i, s:i, s:I}", "kind",
                                              mdg_collection_kind_text(f->kind), "sample_rate", f->rate,
                                              "channels", f->channels, "height", f->height, "width", f->width,
                                              "files", (json_int_t)f->files));
    }
    return list;
}

static void print_json(const mdg_collection *c, const mdg_stats *s, json_t *list) {
    json_t *o = json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "path", mdg_json_text(c->folder),
                          "index", mdg_json_text(mdg_index_path(c->index)), "ignored",
                          (json_int_t)mdg_index_n_ignored(c->index), "all", row_json(&s->all), "labels",
                          rows_json(s->labels, s->n_labels), "groups", rows_json(s->groups, s->n_groups),
                          "formats", formats_json(s), "findings", list);
    json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(o);
}

static mdg_status show(mdg_cli *cli, const mdg_collection *c, bool json, bool all) {
    mdg_stats s;
    findings f = {.all = all, .list = json ? json_array() : NULL};
    MDG_TRY(mdg_stats_of(c->index, cli->arena, &s, &cli->diag));
    if (!json) {
        printf("%s: %s, %s; %lld cannot be read, %lld others passed over\n", c->folder,
               mdg_text_count(s.all.files, "file").chars, mdg_text_seconds(s.all.total).chars,
               (long long)s.all.unreadable, (long long)mdg_index_n_ignored(c->index));
        print_figures(&s);
    }
    MDG_TRY(mdg_stats_findings(c->index, take_finding, &f, &cli->diag));
    if (json)
        print_json(c, &s, f.list);
    else
        print_hidden(&f);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    mdg_collection_args a = {0};
    mdg_collection c;
    bool all = false;
    const mdg_option options[] = {MDG_COLLECTION_OPTIONS(a), {"--all", MDG_OPTION_FLAG, &all}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_status status = mdg_collection_open(cli, cli->args[0], &a, &c);
    if (status == MDG_OK) status = show(cli, &c, a.json, all);
    mdg_index_close(c.index);
    return status;
}

const mdg_data_verb mdg_data_stats = {.name = "stats", .run = run};
