/* SPDX-License-Identifier: MIT
 *
 * Lines of numbers as boards print them: "1,2,3", "1\t2\t3", "1 2 3", "x:1 y:2". A line of words right before
 * the first row names the columns.
 */
#include "record/intake.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a line consists of: its fields rewritten with commas, and the names before colons. */
typedef struct fields {
    char text[MDG_ROW_CHARS], names[MDG_ROW_CHARS];
    int n, n_numbers, n_names;
} fields;

static bool is_number(const char *text) {
    char *end;
    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text)) return false;
    return isfinite(strtod(text, &end)) && !*end;
}

static void append(char *list, const char *text, bool first) {
    const size_t n = strlen(list);
    snprintf(list + n, MDG_ROW_CHARS - n, "%s%s", first ? "" : ",", text);
}

static void add_field(fields *f, char *field) {
    char *colon = strrchr(field, ':');
    if (colon) {
        *colon = '\0';
        append(f->names, field, f->n_names == 0);
        f->n_names++;
        field = colon + 1;
    }
    append(f->text, field, f->n == 0);
    f->n_numbers += is_number(field);
    f->n++;
}

/* The end of the field at `at`, and of the separator behind it: blanks with at most one comma or semicolon.
 */
static char *end_field(char *at) {
    char *end = at + strcspn(at, ",; \t"), *next = end + strspn(end, " \t");
    if (*next == ',' || *next == ';') next += 1 + strspn(next + 1, " \t");
    *end = '\0';
    return next;
}

/* "x: 1" is one field. */
static void join_names(char *line) {
    char *out = line;
    for (const char *in = line; *in; in++) {
        *out++ = *in;
        if (*in == ':') in += strspn(in + 1, " \t");
    }
    *out = '\0';
}

static void split(char *line, fields *f) {
    f->text[0] = f->names[0] = '\0';
    f->n = f->n_numbers = f->n_names = 0;
    join_names(line);
    char *at = line + strspn(line, " \t");
    for (char *end = at + strlen(at); at < end;) {
        char *field = at;
        at = end_field(at);
        add_field(f, field);
    }
}

static bool is_row(const fields *f) {
    return f->n > 0 && f->n == f->n_numbers && f->n <= MDG_ROW_COLUMNS;
}

static mdg_status give(const mdg_lines *l, const char *row, const mdg_row_sink *sink, mdg_diag *diag) {
    return sink->take(sink->context, row, l->columns, l->name_columns == l->columns ? l->names : NULL, diag);
}

static mdg_status settle(mdg_lines *l, const mdg_row_sink *sink, mdg_diag *diag) {
    l->columns = l->held_columns;
    return give(l, l->held, sink, diag);
}

static void hold(mdg_lines *l, const fields *f) {
    if (l->held_columns) l->bad++;
    l->held_columns = f->n;
    memcpy(l->held, f->text, sizeof l->held);
    if (f->n_names == f->n) {
        memcpy(l->names, f->names, sizeof l->names);
        l->name_columns = f->n;
    }
}

/* A line of words: the names of what comes next, or chatter. */
static void take_words(mdg_lines *l, const fields *f) {
    if (l->columns || f->n_numbers || f->n > MDG_ROW_COLUMNS || l->held_columns) {
        l->bad++;
        return;
    }
    if (l->name_columns) l->bad++;
    memcpy(l->names, f->text, sizeof l->names);
    l->name_columns = f->n;
}

static mdg_status take_line(mdg_lines *l, const mdg_row_sink *sink, bool *found, mdg_diag *diag) {
    fields f;
    split(l->line, &f);
    if (f.n == 0) return MDG_OK;
    if (!is_row(&f)) {
        take_words(l, &f);
        return MDG_OK;
    }
    if (!l->columns && l->held_columns != f.n) {
        hold(l, &f);
        return MDG_OK;
    }
    if (!l->columns) MDG_TRY(settle(l, sink, diag));
    if (l->columns != f.n) {
        l->bad++;
        return MDG_OK;
    }
    *found = true;
    return give(l, f.text, sink, diag);
}

mdg_status mdg_lines_feed(mdg_lines *l, char c, const mdg_row_sink *sink, bool *found, mdg_diag *diag) {
    if (c != '\n' && c != '\r') {
        if (l->n + 1 < sizeof l->line && c)
            l->line[l->n++] = c;
        else
            l->overlong = true;
        return MDG_OK;
    }
    const bool damaged = l->overlong;
    l->line[l->n] = '\0';
    l->n = 0;
    l->overlong = false;
    if (!damaged) return take_line(l, sink, found, diag);
    l->bad++;
    return MDG_OK;
}

mdg_status mdg_lines_end(mdg_lines *l, const mdg_row_sink *sink, mdg_diag *diag) {
    return l->columns || !l->held_columns ? MDG_OK : settle(l, sink, diag);
}
