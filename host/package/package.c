/* SPDX-License-Identifier: MIT */
#include "package/package.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "package/parts.h"
#include "util/embedded.h"
#include "util/file.h"

#define KIND(id, name, purpose) KIND_##id,
enum {
#include "package/kinds.def"
};
#undef KIND

#define KIND(id, name, purpose) {name, purpose},
const mdg_package_kind mdg_package_kinds[] = {
#include "package/kinds.def"
    {NULL, NULL}};
#undef KIND

typedef struct row {
    int kind;
    const char *template_path, *path;
} row;

#define FILE_OF(kind, template_path, path) {KIND_##kind, template_path, path},
static const row rows[] = {
#include "package/kinds.def"
};
#undef FILE_OF
enum { ROWS = sizeof rows / sizeof *rows };

const mdg_package_kind *mdg_package_find(const char *name) {
    for (const mdg_package_kind *k = mdg_package_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0) return k;
    return NULL;
}

const char *mdg_package_names(mdg_arena *arena) {
    const char *list = mdg_package_kinds[0].name;
    for (const mdg_package_kind *k = mdg_package_kinds + 1; k->name; k++)
        list = mdg_arena_printf(arena, "%s, %s", list, k->name);
    return list;
}

/* ---- what goes into the templates ---- */

static bool is_version(const char *text) {
    int a, b, c, end = 0;
    return sscanf(text, "%4d.%4d.%4d%n", &a, &b, &c, &end) == 3 && !text[end] &&
           strspn(text, "0123456789.") == strlen(text);
}

/* Text that may stand in XML, YAML, JSON and CMake as it is */
static bool is_plain(const char *text) {
    return text[0] && strlen(text) <= 200 && !strpbrk(text, "\"'<>&\\\n\r\t@$;");
}

static bool is_word(const char *text) {
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p)) return false;
    return text[0] != '\0';
}

static mdg_status refuse(mdg_diag *diag, const char *option, const char *text, const char *allowed) {
    return mdg_fail(diag, MDG_INVALID, "--%s '%.100s' is not allowed; it must be %s", option, text, allowed);
}

mdg_status mdg_package_check(const mdg_package *p, mdg_diag *diag) {
    static const char plain[] = "text without quotes, <, >, &, \\, @, $ and ;";
    if (!is_version(p->version)) return refuse(diag, "version", p->version, "as 1.2.3");
    if (!is_version(p->date) && (strlen(p->date) != 10 || strspn(p->date, "0123456789-") != 10))
        return refuse(diag, "date", p->date, "as 2026-01-31");
    if (!is_word(p->vendor)) return refuse(diag, "vendor", p->vendor, "letters and digits");
    if (!is_plain(p->author)) return refuse(diag, "author", p->author, plain);
    if (!is_plain(p->url)) return refuse(diag, "url", p->url, plain);
    return is_plain(p->sentence) ? MDG_OK : refuse(diag, "sentence", p->sentence, plain);
}

static const char *upper(const char *name, mdg_arena *arena) {
    char *text = mdg_arena_strdup(arena, name);
    for (char *p = text; *p; p++) *p = (char)toupper((unsigned char)*p);
    return text;
}

/* What @word@ stands for; NULL: for itself */
static const char *value_of(const mdg_package *p, const char *word, size_t length, mdg_arena *arena) {
    const struct {
        const char *word, *value;
    } values[] = {{"name", p->name}, {"version", p->version},   {"vendor", p->vendor}, {"author", p->author},
                  {"url", p->url},   {"sentence", p->sentence}, {"date", p->date}};
    if (length == 4 && strncmp(word, "NAME", 4) == 0) return upper(p->name, arena);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].word) == length && strncmp(values[i].word, word, length) == 0)
            return values[i].value;
    return NULL;
}

static const char *fill_in(const mdg_package *p, const char *text, mdg_arena *arena) {
    const char *done = "";
    for (const char *at; (at = strchr(text, '@')) != NULL;) {
        const size_t length = strcspn(at + 1, "@\n");
        const char *value = at[1 + length] == '@' ? value_of(p, at + 1, length, arena) : NULL;
        const int kept = (int)(at - text) + (value ? 0 : 1);
        done = mdg_arena_printf(arena, "%s%.*s%s", done, kept, text, value ? value : "");
        text = at + (value ? length + 2 : 1);
    }
    return mdg_arena_printf(arena, "%s%s", done, text);
}

/* ---- the files ---- */

static const char *text_of(const mdg_package *p, const char *template_path, mdg_arena *arena) {
    static const char *const examples[] = {"example/samples.h", "example/pixels.h", "example/input.h"};
    if (strcmp(template_path, "source") == 0) return p->source;
    if (strcmp(template_path, "header") == 0) return p->header;
    if (strcmp(template_path, "example") == 0) template_path = examples[p->input];
    const mdg_embedded_file *f =
        mdg_embedded_find(mdg_arena_printf(arena, "ports/packages/%s", template_path));
    return f ? fill_in(p, f->data, arena) : NULL;
}

const mdg_package_file *mdg_package_files(const mdg_package *p, const mdg_package_kind *kind,
                                          mdg_arena *arena, int *n) {
    mdg_package_file *files = mdg_arena_array(arena, ROWS, sizeof *files);
    *n = 0;
    for (int i = 0; i < ROWS; i++)
        if (rows[i].kind == kind - mdg_package_kinds)
            files[(*n)++] =
                (mdg_package_file){fill_in(p, rows[i].path, arena), text_of(p, rows[i].template_path, arena)};
    return files;
}

static const char *parent_of(const char *path, mdg_arena *arena) {
    return mdg_arena_printf(arena, "%.*s", (int)(strrchr(path, '/') - path), path);
}

mdg_status mdg_package_write(const mdg_package *p, const mdg_package_kind *kind, const char *folder,
                             mdg_arena *arena, mdg_diag *diag) {
    int n;
    const mdg_package_file *files = mdg_package_files(p, kind, arena, &n);
    for (int i = 0; i < n; i++) {
        const char *path = mdg_arena_printf(arena, "%s/%s", folder, files[i].path);
        MDG_TRY(mdg_folder_make(parent_of(path, arena), diag));
        MDG_TRY(mdg_file_write(path, files[i].text, strlen(files[i].text), diag));
    }
    return MDG_OK;
}
