/* SPDX-License-Identifier: MIT */
#include "eval/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/file.h"

static int by_start(const void *a, const void *b) {
    const mdg_truth_event *x = a, *y = b;
    return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

static int find(const char *const *labels, int n, const char *word) {
    for (int i = 0; i < n; i++)
        if (strcmp(labels[i], word) == 0) return i;
    return -1;
}

static mdg_status parse_line(char *line, const char *const *labels, int n_labels, mdg_truth_event *out,
                             mdg_diag *diag) {
    char *end_of_start, *end_of_end;
    out->start_s = strtod(line, &end_of_start);
    if (end_of_start == line || *end_of_start != ',' || !isfinite(out->start_s))
        return mdg_fail(diag, MDG_INVALID, "'%.40s' does not begin with a start in seconds and a comma",
                        line);
    out->end_s = strtod(end_of_start + 1, &end_of_end);
    if (end_of_end == end_of_start + 1 || *end_of_end != ',' || !isfinite(out->end_s))
        return mdg_fail(diag, MDG_INVALID, "'%.40s' has no end in seconds", line);
    if (out->end_s < out->start_s) return mdg_fail(diag, MDG_INVALID, "'%.40s' ends before it starts", line);
    char *label = end_of_end + 1;
    label[strcspn(label, ",\r")] = '\0';
    out->label = find(labels, n_labels, label);
    return MDG_OK;
}

mdg_status mdg_truth_read(const char *path, const char *const *labels, int n_labels, mdg_arena *arena,
                          mdg_truth *out, mdg_diag *diag) {
    mdg_bytes file;
    MDG_TRY(mdg_file_read(path, arena, &file, diag));
    char *text = mdg_arena_printf(arena, "%.*s", (int)file.size, (const char *)file.data);
    int n_lines = 0, number = 0;
    for (const char *p = text; *p; p++) n_lines += *p == '\n';
    *out = (mdg_truth){.events = mdg_arena_array(arena, (size_t)n_lines + 1, sizeof *out->events)};
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        number++;
        if (number == 1 && strncmp(line, "start", 5) == 0) continue;
        if (line[strspn(line, " \t\r")] == '\0') continue;
        const mdg_status status = parse_line(line, labels, n_labels, &out->events[out->n], diag);
        if (status != MDG_OK)
            return mdg_fail_in(diag, status, mdg_arena_printf(arena, "%s:%d", path, number));
        out->n++;
    }
    if (out->n) qsort(out->events, (size_t)out->n, sizeof *out->events, by_start);
    return MDG_OK;
}
