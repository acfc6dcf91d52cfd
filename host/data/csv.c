/* SPDX-License-Identifier: MIT */
#include "data/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Cuts a line in place. */
static int cut(char *p, char **cells) {
    int n = 0;
    while (n < MDG_CSV_MAX_CELLS) {
        char *to = p;
        cells[n++] = p;
        const int is_quoted = *p == '"';
        if (is_quoted) {
            for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
                if (*p == '"') p++;
                *to++ = *p;
            }
            p += *p == '"';
        }
        while (*p && *p != ',') *to++ = *p++;
        const char stop = *p;
        *to = '\0';
        if (!stop) break;
        p++;
    }
    return n;
}

static char *next_line(mdg_csv *csv) {
    for (ssize_t n; (n = getline(&csv->text, &csv->capacity, csv->stream)) >= 0;) {
        csv->line++;
        while (n > 0 && strchr("\r\n \t", csv->text[n - 1])) csv->text[--n] = '\0';
        if (n) return csv->text;
    }
    return NULL;
}

mdg_status mdg_csv_open(mdg_csv *csv, const char *path, mdg_diag *diag) {
    *csv = (mdg_csv){.stream = fopen(path, "r")};
    if (!csv->stream) return mdg_fail(diag, MDG_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!next_line(csv)) {
        mdg_csv_close(csv);
        return mdg_fail(diag, MDG_INVALID, "%s: an empty file", path);
    }
    csv->head_text = csv->text;
    csv->text = NULL;
    csv->capacity = 0;
    const int has_mark = strncmp(csv->head_text, "\xef\xbb\xbf", 3) == 0; /* as spreadsheets write it */
    csv->n_names = cut(csv->head_text + (has_mark ? 3 : 0), csv->names);
    return MDG_OK;
}

void mdg_csv_close(mdg_csv *csv) {
    if (csv->stream) fclose(csv->stream);
    free(csv->text);
    free(csv->head_text);
    *csv = (mdg_csv){0};
}

int mdg_csv_next(mdg_csv *csv) {
    char *line = next_line(csv);
    csv->n_cells = line ? cut(line, csv->cells) : 0;
    return line != NULL;
}

int mdg_csv_column(const mdg_csv *csv, const char *name) {
    for (int i = 0; i < csv->n_names; i++)
        if (strcmp(csv->names[i], name) == 0) return i;
    return -1;
}

const char *mdg_csv_cell(const mdg_csv *csv, int column) {
    return column >= 0 && column < csv->n_cells ? csv->cells[column] : "";
}

void mdg_csv_put(FILE *out, const char *cell) {
    if (!strpbrk(cell, ",\"\n\r")) {
        fputs(cell, out);
        return;
    }
    fputc('"', out);
    for (; *cell; cell++) {
        if (*cell == '"') fputc('"', out);
        fputc(*cell == '\n' || *cell == '\r' ? ' ' : *cell, out);
    }
    fputc('"', out);
}
