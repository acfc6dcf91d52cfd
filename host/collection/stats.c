/* SPDX-License-Identifier: MIT */
#include "collection/stats.h"

#include <math.h>
#include <string.h>

#include "collection/parts.h"

/* One row of figures; %s stands for the column that is grouped by, or a constant. */
#define FIGURES                                                                                              \
    "count(*), sum(state = 2), sum(samples), sum(seconds), min(nullif(seconds, 0)), max(seconds), "          \
    "sqrt(sum(rms * rms * samples) / sum(samples)), max(peak), "                                             \
    "1.0 * sum(clipped) / sum(samples * channels)"

static mdg_stats_row row_of(sqlite3_stmt *s, mdg_arena *arena) {
    return (mdg_stats_row){
        .name = mdg_arena_strdup(arena, mdg_sql_text(s, 0)),
        .files = sqlite3_column_int64(s, 1),
        .unreadable = sqlite3_column_int64(s, 2),
        .samples = sqlite3_column_int64(s, 3),
        .total = sqlite3_column_double(s, 4),
        .shortest = sqlite3_column_double(s, 5),
        .longest = sqlite3_column_double(s, 6),
        .rms = sqlite3_column_double(s, 7),
        .peak = sqlite3_column_double(s, 8),
        .clipped = sqlite3_column_double(s, 9),
    };
}

/* Of the n values that the statement gives in order, the middle one; values of an even number's two halves
 * have their mean. */
static double middle_of(sqlite3_stmt *s, int64_t n) {
    double value = 0;
    for (int64_t i = 0; i <= n / 2 && mdg_sql_step(s); i++) {
        const double x = sqlite3_column_double(s, 0);
        value = i == n / 2 && n % 2 == 0 ? (value + x) / 2 : x;
    }
    sqlite3_reset(s);
    return value;
}

static mdg_status set_median(mdg_index *x, const char *column, mdg_stats_row *row, mdg_diag *diag) {
    sqlite3_stmt *s;
    char text[200];
    snprintf(text, sizeof text, "SELECT seconds FROM files WHERE %s = ? AND state = 1 ORDER BY seconds",
             column);
    MDG_TRY(mdg_sql_prepare(x->db, text, &s, diag));
    mdg_sql_bind_text(s, 1, row->name);
    row->median = middle_of(s, row->files - row->unreadable);
    return mdg_sql_end(s, diag);
}

/* Figures for each value of a column; '' first, which groups leave out. */
static mdg_status figures_by(mdg_index *x, const char *column, mdg_arena *arena, mdg_stats_row **rows, int *n,
                             mdg_diag *diag) {
    sqlite3_stmt *s;
    char text[600];
    snprintf(text, sizeof text, "SELECT count(DISTINCT %s) FROM files", column);
    *rows = mdg_arena_array(arena, (size_t)mdg_sql_number(x->db, text) + 1, sizeof **rows);
    snprintf(text, sizeof text, "SELECT %s, " FIGURES " FROM files GROUP BY %s ORDER BY %s", column, column,
             column);
    MDG_TRY(mdg_sql_prepare(x->db, text, &s, diag));
    for (*n = 0; mdg_sql_step(s); (*n)++) (*rows)[*n] = row_of(s, arena);
    MDG_TRY(mdg_sql_end(s, diag));
    for (int i = 0; i < *n; i++) MDG_TRY(set_median(x, column, &(*rows)[i], diag));
    return MDG_OK;
}

static mdg_status figures_of_all(mdg_index *x, mdg_arena *arena, mdg_stats_row *out, mdg_diag *diag) {
    sqlite3_stmt *s;
    MDG_TRY(mdg_sql_prepare(x->db, "SELECT 'all', " FIGURES " FROM files", &s, diag));
    if (mdg_sql_step(s)) *out = row_of(s, arena);
    MDG_TRY(mdg_sql_end(s, diag));
    return set_median(x, "'all' = 'all' AND 'all'", out, diag);
}

static mdg_status list_formats(mdg_index *x, mdg_arena *arena, mdg_stats *out, mdg_diag *diag) {
    static const char columns[] = "kind, rate, channels, height, width";
    sqlite3_stmt *s;
    char text[400];
    snprintf(text, sizeof text, "SELECT count(*) FROM (SELECT DISTINCT %s FROM files WHERE state = 1)",
             columns);
    out->formats = mdg_arena_array(arena, (size_t)mdg_sql_number(x->db, text) + 1, sizeof *out->formats);
    snprintf(text, sizeof text,
             "SELECT %s, count(*) FROM files WHERE state = 1 GROUP BY %s ORDER BY count(*) DESC, %s", columns,
             columns, columns);
    MDG_TRY(mdg_sql_prepare(x->db, text, &s, diag));
    while (mdg_sql_step(s))
        out->formats[out->n_formats++] = (mdg_stats_format){
            .kind = (mdg_data_kind)sqlite3_column_int(s, 0),
            .rate = sqlite3_column_int(s, 1),
            .channels = sqlite3_column_int(s, 2),
            .height = sqlite3_column_int(s, 3),
            .width = sqlite3_column_int(s, 4),
            .files = sqlite3_column_int64(s, 5),
        };
    return mdg_sql_end(s, diag);
}

mdg_status mdg_stats_of(mdg_index *x, mdg_arena *arena, mdg_stats *out, mdg_diag *diag) {
    *out = (mdg_stats){.n_labels = 0};
    MDG_TRY(figures_of_all(x, arena, &out->all, diag));
    MDG_TRY(figures_by(x, "label", arena, &out->labels, &out->n_labels, diag));
    MDG_TRY(figures_by(x, "grp", arena, &out->groups, &out->n_groups, diag));
    if (out->n_groups && !*out->groups[0].name) out->groups++, out->n_groups--;
    return list_formats(x, arena, out, diag);
}
