/* SPDX-License-Identifier: MIT
 *
 * What looks wrong in a data set. Most kinds are one question to the index; outliers need the middle of each
 * class first.
 */
#include "collection/stats.h"

#include <math.h>

#include "collection/parts.h"

const char *mdg_finding_text(mdg_finding_kind kind) {
    static const char *const texts[] = {
#define TEXT(name, text) text,
        MDG_FINDING_LIST(TEXT)
#undef TEXT
    };
    return texts[kind];
}

/* Each gives path, label, text. %d is a kind of data. */
static const struct {
    mdg_finding_kind kind;
    const char *query;
} questions[] = {
    {MDG_FINDING_UNREADABLE, "SELECT path, label, cause FROM files WHERE state = 2 ORDER BY path"},
    {MDG_FINDING_CONFLICT,
     "SELECT b.path, b.label, 'the same content as ' || a.path || ', which is labelled ''' || a.label || ''''"
     "  FROM (SELECT hash, min(path) AS first, count(DISTINCT label) AS labels, count(*) AS n FROM files"
     "        WHERE state = 1 GROUP BY hash HAVING n > 1) d"
     "  JOIN files a ON a.path = d.first JOIN files b ON b.hash = d.hash AND b.label <> a.label"
     "  WHERE b.state = 1 ORDER BY b.path"},
    {MDG_FINDING_DUPLICATE, "SELECT b.path, b.label, 'the same content as ' || a.path"
                            "  FROM (SELECT hash, min(path) AS first, label, count(*) AS n FROM files"
                            "        WHERE state = 1 GROUP BY hash, label HAVING n > 1) d"
                            "  JOIN files a ON a.path = d.first"
                            "  JOIN files b ON b.hash = d.hash AND b.label = d.label AND b.path <> a.path"
                            "  WHERE b.state = 1 ORDER BY b.path"},
    {MDG_FINDING_SILENT,
     "SELECT path, label, iif(kind = 0, 'silent: no sound above -60 dB of full scale',"
     "                        'the same value throughout')"
     "  FROM files WHERE state = 1 AND deviation <= iif(kind = 0, 0.001, 0) ORDER BY path"},
    {MDG_FINDING_SHORT, "SELECT path, label, printf('only %.0f ms', 1000 * seconds) FROM files"
                        "  WHERE state = 1 AND kind = 0 AND seconds < 0.1 ORDER BY path"},
    {MDG_FINDING_CLIPPED,
     "SELECT path, label, printf('%.1f %% of the values are at full scale', 100.0 * clipped / samples / "
     "channels)"
     "  FROM files WHERE state = 1 AND kind = 0 AND clipped > 0.01 * samples * channels AND peak <= 2"
     "  ORDER BY path"},
    {MDG_FINDING_UNIT, "SELECT path, label, printf('values up to %.3g, where full scale is 1: of another "
                       "unit? (--kind series)', peak)"
                       "  FROM files WHERE state = 1 AND kind = 0 AND peak > 2 ORDER BY path"},
    {MDG_FINDING_NO_NUMBER, "SELECT path, label, printf('%d values are no numbers', nans) FROM files"
                            "  WHERE state = 1 AND nans > 0 ORDER BY path"},
};

static mdg_status ask(sqlite3_stmt *s, mdg_finding_kind kind, mdg_finding_visit visit, void *context,
                      mdg_diag *diag) {
    mdg_status status = MDG_OK;
    while (status == MDG_OK && mdg_sql_step(s)) {
        const mdg_finding f = {kind, mdg_sql_text(s, 0), mdg_sql_text(s, 1), mdg_sql_text(s, 2)};
        status = visit(context, &f);
    }
    const mdg_status ended = mdg_sql_end(s, diag);
    return status == MDG_OK ? ended : status;
}

/* A quantity whose outliers are looked for, on a scale where distances mean the same everywhere. */
typedef struct quantity {
    mdg_finding_kind kind;
    const char *value; /* of a row, in SQL */
    const char *which; /* rows that have it */
    const char *text;  /* of a finding, with the class's middle as ?2 */
    double least;      /* distance that is never suspicious */
} quantity;

static const quantity quantities[] = {
    {MDG_FINDING_LENGTH, "ln(samples)", "samples > 0 AND kind <> 2",
     "iif(seconds > 0, printf('%.2f s, where half of its class have less than %.2f s', seconds,"
     "  exp(?2) * seconds / samples), printf('%d rows, where half of its class have less than %.0f', samples,"
     "  exp(?2)))",
     0.405 /* ln 1.5 */},
    {MDG_FINDING_LEVEL, "20 * log10(rms)", "rms > 0 AND kind = 0",
     "printf('%.0f dB, where half of its class have less than %.0f dB', 20 * log10(rms), ?2)", 6},
};

enum { FEWEST = 8, DEVIATIONS = 5 };

/* The middle of what a query about one label gives. */
static mdg_status middle(mdg_index *x, const char *query, const char *label, double center, double *out,
                         mdg_diag *diag) {
    sqlite3_stmt *s;
    MDG_TRY(mdg_sql_prepare(x->db, query, &s, diag));
    mdg_sql_bind_text(s, 1, label);
    sqlite3_bind_double(s, 2, center);
    *out = mdg_sql_step(s) ? sqlite3_column_double(s, 0) : 0;
    return mdg_sql_end(s, diag);
}

static mdg_status outliers(mdg_index *x, const quantity *q, const char *label, mdg_finding_visit visit,
                           void *context, mdg_diag *diag) {
    char text[1200];
    double center, distance;
    sqlite3_stmt *s;
#define CLASS "FROM files WHERE label = ?1 AND state = 1 AND %s"
    snprintf(text, sizeof text,
             "SELECT %s AS v " CLASS " AND ?2 = 0 ORDER BY v LIMIT 1 OFFSET (SELECT count(*) / 2 " CLASS ")",
             q->value, q->which, q->which);
    MDG_TRY(middle(x, text, label, 0, &center, diag));
    snprintf(text, sizeof text,
             "SELECT abs(%s - ?2) AS v " CLASS " ORDER BY v LIMIT 1 OFFSET (SELECT count(*) / 2 " CLASS ")",
             q->value, q->which, q->which);
    MDG_TRY(middle(x, text, label, center, &distance, diag));
    snprintf(text, sizeof text, "SELECT path, label, %s " CLASS " AND abs(%s - ?2) > ?3 ORDER BY path",
             q->text, q->which, q->value);
#undef CLASS
    MDG_TRY(mdg_sql_prepare(x->db, text, &s, diag));
    mdg_sql_bind_text(s, 1, label);
    sqlite3_bind_double(s, 2, center);
    sqlite3_bind_double(s, 3, fmax(DEVIATIONS * 1.4826 * distance, q->least));
    return ask(s, q->kind, visit, context, diag);
}

static mdg_status all_outliers(mdg_index *x, const quantity *q, mdg_finding_visit visit, void *context,
                               mdg_diag *diag) {
    sqlite3_stmt *s;
    mdg_status status = mdg_sql_prepare(
        x->db, "SELECT label FROM files WHERE state = 1 GROUP BY label HAVING count(*) >= ?", &s, diag);
    if (status != MDG_OK) return status;
    sqlite3_bind_int(s, 1, FEWEST);
    while (status == MDG_OK && mdg_sql_step(s))
        status = outliers(x, q, mdg_sql_text(s, 0), visit, context, diag);
    const mdg_status ended = mdg_sql_end(s, diag);
    return status == MDG_OK ? ended : status;
}

mdg_status mdg_stats_findings(mdg_index *x, mdg_finding_visit visit, void *context, mdg_diag *diag) {
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        sqlite3_stmt *s;
        MDG_TRY(mdg_sql_prepare(x->db, questions[i].query, &s, diag));
        MDG_TRY(ask(s, questions[i].kind, visit, context, diag));
    }
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
        MDG_TRY(all_outliers(x, &quantities[i], visit, context, diag));
    return MDG_OK;
}
