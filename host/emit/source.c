/* SPDX-License-Identifier: MIT */
#include "emit/source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit/scan.h"
#include "util/embedded.h"

enum { MAX_INCLUDES = 16 };

typedef struct item {
    mdg_item_text text;
    int file;
    bool live;
    int n_names;
    mdg_span *names; /* that it declares */
} item;

typedef struct file {
    const char *path; /* or title */
    mdg_span head;    /* the comment at its top */
} file;

struct mdg_source {
    mdg_arena *arena;
    int n_items, n_files, n_includes;
    item *items;
    file *files;
    mdg_span includes[MAX_INCLUDES]; /* "<math.h>" */
};

mdg_source *mdg_source_new(mdg_arena *arena) {
    mdg_source *s = mdg_arena_alloc(arena, sizeof *s);
    s->arena = arena;
    return s;
}

/* An array that has room for one more; its capacity is a power of two. */
static void *with_room(mdg_arena *arena, void *array, int n, size_t size) {
    if (n & (n - 1)) return array;
    void *larger = mdg_arena_array(arena, n ? 2 * (size_t)n : 1, size);
    if (n) memcpy(larger, array, (size_t)n * size);
    return larger;
}

/* "core/kernels/ref/conv2d_s8.c" and "../../fixed.h" to "core/fixed.h" */
static const char *join_path(mdg_arena *arena, const char *from, mdg_span relative) {
    const char *slash = strrchr(from, '/');
    int folder = slash ? (int)(slash - from) : 0;
    while (relative.length > 3 && memcmp(relative.at, "../", 3) == 0) {
        relative = (mdg_span){relative.at + 3, relative.length - 3};
        while (folder > 0 && from[folder - 1] != '/') folder--;
        if (folder > 0) folder--;
    }
    return mdg_arena_printf(arena, "%.*s%s%.*s", folder, from, folder ? "/" : "", (int)relative.length,
                            relative.at);
}

/* Where #include "name" of a file leads: beside it, under include/, or from the root. */
static const char *find_include(mdg_source *s, const char *from, mdg_span name) {
    const char *candidates[] = {
        join_path(s->arena, from, name),
        mdg_arena_printf(s->arena, "include/%.*s", (int)name.length, name.at),
        mdg_arena_printf(s->arena, "%.*s", (int)name.length, name.at),
    };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (mdg_embedded_find(candidates[i])) return candidates[i];
    }
    return NULL;
}

static void add_standard_include(mdg_source *s, mdg_span name) {
    for (int i = 0; i < s->n_includes; i++) {
        if (mdg_span_equal(s->includes[i], name)) return;
    }
    if (s->n_includes < MAX_INCLUDES) s->includes[s->n_includes++] = name;
}

static mdg_status add_include(mdg_source *s, const char *from, mdg_span directive, mdg_diag *diag) {
    const char *open = directive.at + strcspn(directive.at, "<\"");
    if (*open == '<') {
        add_standard_include(s, (mdg_span){open, strcspn(open, ">") + 1});
        return MDG_OK;
    }
    const mdg_span name = {open + 1, strcspn(open + 1, "\"")};
    const char *path = find_include(s, from, name);
    if (!path) {
        return mdg_fail(diag, MDG_NOT_FOUND, "%s: includes \"%.*s\", which is not built into this program",
                        from, (int)name.length, name.at);
    }
    return mdg_source_add_file(s, path, diag);
}

/* An include guard is taken off: *cursor moves behind its #define. */
static bool open_guard(mdg_span text, const char **cursor) {
    mdg_span name, defined;
    const char *p = text.at + strcspn(text.at, " ");
    if (strncmp(text.at, "#ifndef", 7) != 0 || !mdg_scan_name(&p, text.at + text.length, &name)) return false;
    p = name.at + name.length;
    if (strncmp(p, "\n#define ", 9) != 0) return false;
    p += 9;
    if (!mdg_scan_name(&p, text.at + text.length, &defined) || !mdg_span_equal(name, defined) || *p != '\n')
        return false;
    *cursor = p;
    return true;
}

static bool starts_with(mdg_span s, const char *text) {
    return s.length >= strlen(text) && memcmp(s.at, text, strlen(text)) == 0;
}

static bool is_keyword(mdg_span name) {
    static const char *const words[] = {"struct", "enum", "union", "typedef", "static", "const", "void"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (mdg_span_is(name, words[i])) return true;
    }
    return false;
}

/* A macro that makes a kernel, MAKE_KERNEL(add_s8, ...), has the kernel's name without mdg_ first. */
static bool makes(const mdg_item_text *t, mdg_span name) {
    const char *open = t->text.at + strcspn(t->text.at, "(");
    mdg_span first;
    const bool is_name = mdg_scan_name(&open, t->text.at + t->text.length, &first);
    return is_name && name.length == first.length + 4 && memcmp(name.at + 4, first.at, first.length) == 0;
}

static bool declares(const item *it, mdg_span name) {
    if (it->text.kind == MDG_ITEM_INVOCATION) return starts_with(name, "mdg_") && makes(&it->text, name);
    for (int i = 0; i < it->n_names; i++) {
        if (mdg_span_equal(it->names[i], name)) return true;
    }
    return false;
}

/* A type that was added before, by mdg_source_add_text, takes the place of a later one. */
static bool is_known_type(const mdg_source *s, const mdg_item_text *t) {
    mdg_span name;
    if (!starts_with(t->text, "typedef") || !mdg_scan_declared(t, 0, &name)) return false;
    for (int i = 0; i < s->n_items; i++) {
        if (declares(&s->items[i], name)) return true;
    }
    return false;
}

static void note_names(mdg_source *s, item *it) {
    mdg_span name;
    for (int i = 0; mdg_scan_declared(&it->text, i, &name); i++) {
        if (is_keyword(name)) continue;
        it->names = with_room(s->arena, it->names, it->n_names, sizeof *it->names);
        it->names[it->n_names++] = name;
    }
}

static void add_item(mdg_source *s, const mdg_item_text *text, int at) {
    if (is_known_type(s, text)) return;
    s->items = with_room(s->arena, s->items, s->n_items, sizeof *s->items);
    s->items[s->n_items] = (item){.text = *text, .file = at};
    note_names(s, &s->items[s->n_items++]);
}

static mdg_status add_items(mdg_source *s, int at, const char *cursor, mdg_diag *diag) {
    mdg_item_text t;
    for (bool first = true; mdg_scan_item(&cursor, &t); first = false) {
        const bool is_head = first && t.kind != MDG_ITEM_CODE;
        if (is_head) {
            s->files[at].head = t.kind == MDG_ITEM_COMMENT ? t.text : t.comment;
            t.comment.length = 0;
        }
        if (t.kind == MDG_ITEM_INCLUDE) {
            MDG_TRY(add_include(s, s->files[at].path, t.text, diag));
        } else if (t.kind == MDG_ITEM_DIRECTIVE) {
            const bool dropped = starts_with(t.text, "#endif") || starts_with(t.text, "#ifdef __cplusplus");
            if (!dropped && !open_guard(t.text, &cursor)) add_item(s, &t, at);
        } else if (!is_head || t.kind != MDG_ITEM_COMMENT) {
            add_item(s, &t, at);
        }
    }
    return MDG_OK;
}

static int add_file_entry(mdg_source *s, const char *path) {
    s->files = with_room(s->arena, s->files, s->n_files, sizeof *s->files);
    s->files[s->n_files].path = path;
    return s->n_files++;
}

void mdg_source_add_text(mdg_source *s, const char *title, const char *text) {
    mdg_diag unused;
    (void)add_items(s, add_file_entry(s, title), text, &unused);
}

/* What a header declares, its .c defines. */
static mdg_status add_companion(mdg_source *s, const char *path, mdg_diag *diag) {
    const size_t length = strlen(path);
    if (path[length - 1] != 'h') return MDG_OK;
    const char *source = mdg_arena_printf(s->arena, "%.*sc", (int)length - 1, path);
    return mdg_embedded_find(source) ? mdg_source_add_file(s, source, diag) : MDG_OK;
}

mdg_status mdg_source_add_file(mdg_source *s, const char *path, mdg_diag *diag) {
    for (int i = 0; i < s->n_files; i++) {
        if (strcmp(s->files[i].path, path) == 0) return MDG_OK;
    }
    if (strcmp(path, "include/midge/config.h") == 0) return MDG_OK; /* MDG_KERNEL is `static` here */
    const mdg_embedded_file *f = mdg_embedded_find(path);
    if (!f) return mdg_fail(diag, MDG_NOT_FOUND, "%s: not built into this program", path);
    MDG_TRY(add_items(s, add_file_entry(s, f->path), f->data, diag));
    return add_companion(s, path, diag);
}

static void need(mdg_source *s, mdg_span name);

static void make_live(mdg_source *s, item *it) {
    it->live = true;
    const char *p = it->text.text.at, *end = p + it->text.text.length;
    for (mdg_span name; mdg_scan_name(&p, end, &name);) need(s, name);
}

static void need(mdg_source *s, mdg_span name) {
    if (is_keyword(name)) return;
    for (int i = 0; i < s->n_items; i++) {
        if (!s->items[i].live && declares(&s->items[i], name)) make_live(s, &s->items[i]);
    }
}

void mdg_source_need(mdg_source *s, const char *name) {
    need(s, (mdg_span){name, strlen(name)});
}

static int compare_spans(const void *a, const void *b) {
    const mdg_span *x = a, *y = b;
    const int order = memcmp(x->at, y->at, x->length < y->length ? x->length : y->length);
    return order ? order : (int)x->length - (int)y->length;
}

void mdg_source_print_includes(const mdg_source *s, FILE *out) {
    mdg_span sorted[MAX_INCLUDES];
    memcpy(sorted, s->includes, sizeof sorted);
    qsort(sorted, (size_t)s->n_includes, sizeof *sorted, compare_spans);
    for (int i = 0; i < s->n_includes; i++)
        fprintf(out, "#include %.*s\n", (int)sorted[i].length, sorted[i].at);
}

/* The heading of a file: its path and what its first comment says, without the licence line (the output has
 * one). */
static void print_head(const file *f, FILE *out) {
    static const char licence[] = "/* SPDX-License-Identifier: MIT";
    fprintf(out, "\n/* ---- %s ", f->path);
    for (size_t i = strlen(f->path); i < 90; i++) fputc('-', out);
    fputs(" */\n\n", out);
    mdg_span head = f->head;
    if (head.length <= sizeof licence + 3) return;
    if (starts_with(head, licence)) {
        const char *rest = head.at + sizeof licence - 1;
        while (isspace((unsigned char)*rest) || (*rest == '*' && rest[1] != '/')) rest++;
        head = (mdg_span){rest, head.length - (size_t)(rest - head.at)};
        fputs("/* ", out);
    }
    fprintf(out, "%.*s\n\n", (int)head.length, head.at);
}

/* Prints text with MDG_KERNEL, which a library build leaves empty, as static, and each kernel as a
 * function of its own: inlined into the one that calls them all, they would take their stack at once. */
static void print_static(mdg_span text, FILE *out) {
    static const char word[] = "MDG_KERNEL";
    const size_t length = sizeof word - 1;
    for (size_t i = 0; i < text.length; i++) {
        const bool here = i + length <= text.length && memcmp(text.at + i, word, length) == 0;
        if (here)
            fputs("static MDG_APART", out);
        else
            fputc(text.at[i], out);
        if (here) i += length - 1;
    }
}

static void print_item(const mdg_item_text *t, FILE *out) {
    if (t->comment.length) fprintf(out, "%.*s\n", (int)t->comment.length, t->comment.at);
    print_static(t->text, out);
    const bool is_block = t->kind == MDG_ITEM_CODE && memchr(t->text.at, '\n', t->text.length);
    fputs(is_block ? "\n\n" : "\n", out);
}

void mdg_source_print(const mdg_source *s, FILE *out) {
    int printed = -1;
    for (int i = 0; i < s->n_items; i++) {
        if (!s->items[i].live) continue;
        if (printed != s->items[i].file) print_head(&s->files[s->items[i].file], out);
        printed = s->items[i].file;
        print_item(&s->items[i].text, out);
    }
}
