/* SPDX-License-Identifier: MIT */
#include "search/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search/trial_json.h"
#include "util/file.h"

enum { LINE_STYLE = JSON_COMPACT | JSON_REAL_PRECISION(17) };

static mdg_status fail_io(const char *path, const char *what, mdg_diag *diag) {
    return mdg_fail(diag, MDG_IO, "%s: cannot be %s: %s", path, what, strerror(errno));
}

/* Reads a line of the file as a trial; false where it is none */
static bool read_trial(const char *line, size_t n, mdg_trial *out) {
    json_t *o = json_loadb(line, n, 0, NULL);
    const bool good = o && mdg_trial_from_json(o, out);
    json_decref(o);
    return good;
}

/* The lines behind the header. Returns how many bytes of the text are whole. */
static size_t read_trials(const char *text, size_t at, size_t size, mdg_arena *arena, mdg_journal *j) {
    size_t n_lines = 0;
    for (size_t i = at; i < size; i++) n_lines += text[i] == '\n';
    j->trials = mdg_arena_array(arena, n_lines + 1, sizeof *j->trials);
    for (const char *end; (end = memchr(text + at, '\n', size - at)) != NULL;) {
        const size_t n = (size_t)(end - (text + at));
        if (!read_trial(text + at, n, &j->trials[j->n])) break;
        j->n++;
        at += n + 1;
    }
    return at;
}

static mdg_status read_all(const char *header, mdg_arena *arena, mdg_journal *j, size_t *whole,
                           mdg_diag *diag) {
    mdg_bytes file;
    const size_t n = strlen(header);
    *whole = 0;
    if (!mdg_file_exists(j->path)) return MDG_OK;
    MDG_TRY(mdg_file_read(j->path, arena, &file, diag));
    const char *text = (const char *)file.data;
    if (file.size <= n && memchr(text, '\n', file.size) == NULL) return MDG_OK; /* died while it began */
    if (file.size <= n || memcmp(text, header, n) != 0 || text[n] != '\n')
        return mdg_fail(diag, MDG_MISMATCH, "%s: is of another search", j->path);
    *whole = read_trials(text, n + 1, file.size, arena, j);
    return MDG_OK;
}

static mdg_status write_line(const mdg_journal *j, const char *line, mdg_diag *diag) {
    const size_t n = strlen(line);
    if (write(j->file, line, n) != (ssize_t)n || fsync(j->file) != 0)
        return fail_io(j->path, "written", diag);
    return MDG_OK;
}

mdg_status mdg_journal_open(const char *path, const char *header, mdg_arena *arena, mdg_journal *out,
                            mdg_diag *diag) {
    size_t whole;
    *out = (mdg_journal){.path = path, .file = -1};
    MDG_TRY(read_all(header, arena, out, &whole, diag));
    out->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (out->file < 0) return fail_io(path, "opened", diag);
    if (ftruncate(out->file, (off_t)whole) != 0) return fail_io(path, "cut to its whole lines", diag);
    return whole ? MDG_OK : write_line(out, mdg_arena_printf(arena, "%s\n", header), diag);
}

void mdg_journal_close(mdg_journal *j) {
    if (j->file >= 0) close(j->file);
    j->file = -1;
}

bool mdg_journal_find(const mdg_journal *j, mdg_trial *t) {
    for (int i = 0; i < j->n; i++) {
        const mdg_trial *old = &j->trials[i];
        if (old->id != t->id || old->epochs != t->epochs ||
            !mdg_candidate_equal(&old->candidate, &t->candidate))
            continue;
        t->state = old->state;
        t->result = old->result;
        return true;
    }
    return false;
}

mdg_status mdg_journal_add(const mdg_journal *j, const mdg_space *space, const mdg_trial *t, mdg_diag *diag) {
    json_t *o = mdg_trial_json(space, t);
    char *text = json_dumps(o, LINE_STYLE);
    json_decref(o);
    if (!text) return mdg_fail(diag, MDG_NO_MEMORY, "%s: out of memory", j->path);
    const size_t n = strlen(text);
    char *line = realloc(text, n + 2);
    if (!line) abort();
    memcpy(line + n, "\n", 2);
    const mdg_status status = write_line(j, line, diag);
    free(line);
    return status;
}
