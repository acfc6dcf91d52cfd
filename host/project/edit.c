/* SPDX-License-Identifier: MIT
 *
 * edit.c: finds the bytes of a value, or the place where its key belongs, and puts the new text there.
 */
#include "project/edit.h"

#include <string.h>

#include "project/keys.h"

typedef struct line {
    size_t at, end, next; /* text[at..end), without its newline; the following line */
    size_t indent;
    bool is_blank; /* or a comment */
} line;

/* text[at..end) makes way for before, what is set, after */
typedef struct place {
    size_t at, end;
    bool needs_key; /* "key: value", else the value */
    const char *before, *after;
} place;

static line line_at(const char *text, size_t at) {
    line l = {.at = at, .end = at + strcspn(text + at, "\n"), .indent = strspn(text + at, " ")};
    l.next = text[l.end] ? l.end + 1 : l.end;
    l.is_blank = strchr("\r\n#", text[at + l.indent]) != NULL; /* and at the end of the text */
    return l;
}

/* Where the value of `key` begins, if that stands at `at`; else 0 */
static size_t behind_key(const char *text, size_t at, const char *key) {
    const size_t n = strlen(key);
    if (strncmp(text + at, key, n) != 0) return 0;
    at += n + strspn(text + at + n, " ");
    return text[at] == ':' ? at + 1 + strspn(text + at + 1, " ") : 0;
}

static size_t behind_quotes(const char *text, size_t at) {
    const char *closing = strchr(text + at + 1, text[at]);
    return closing ? (size_t)(closing - text) + 1 : at + 1;
}

/* A value on one line, quoted or plain: before a comment or one of `stops` */
static size_t end_of_value(const char *text, size_t at, const char *stops) {
    size_t end = at;
    if (text[at] == '"' || text[at] == '\'') return behind_quotes(text, at);
    while (text[end] && !strchr(stops, text[end]) &&
           !(text[end] == '#' && (end == at || text[end - 1] == ' ')))
        end++;
    while (end > at && strchr(" \r", text[end - 1])) end--;
    return end;
}

static bool is_scalar(const char *text, size_t value) {
    return !text[value] || !strchr("[{|>&*", text[value]);
}

/* at: behind the opening brace of a section on one line */
static bool find_in_braces(const char *text, size_t at, const char *key, place *out) {
    int depth = 0;
    bool is_start = true, is_empty = true;
    while (text[at] && text[at] != '\n') {
        const char c = text[at];
        const size_t value = is_start && depth == 0 ? behind_key(text, at, key) : 0;
        if (value) {
            *out = (place){value, end_of_value(text, value, "\n,}"), false, "", ""};
            return is_scalar(text, value);
        }
        if (c == '}' && depth == 0) {
            while (text[at - 1] == ' ') at--;
            *out = (place){at, at, true, is_empty ? "" : ", ", ""};
            return true;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        is_start = c == ',' || (c == ' ' && is_start);
        is_empty &= c == ' ';
        at = c == '"' || c == '\'' ? behind_quotes(text, at) : at + 1;
    }
    return false;
}

/* A key of a line by itself: false where its value is no scalar of that line */
static bool find_in_line(const char *text, const line *l, size_t value, place *out) {
    *out = (place){value, end_of_value(text, value, "\n"), false, "", ""};
    if (out->end > value) return is_scalar(text, value);
    if (text[value - 1] == ':') out->before = " ";
    line below = line_at(text, l->next);
    while (text[below.at] && below.is_blank) below = line_at(text, below.next);
    return below.indent <= l->indent && text[below.at + below.indent] != '-';
}

/* head: the line of the section; its keys stand in the lines below, each indented as the first one */
static bool find_in_block(const char *text, const line *head, const char *key, place *out, mdg_arena *arena) {
    size_t indent = 0;
    for (line l = line_at(text, head->next); text[l.at]; l = line_at(text, l.next)) {
        if (l.is_blank) continue;
        if (l.indent == 0) break;
        if (!indent) indent = l.indent;
        const size_t value = l.indent == indent ? behind_key(text, l.at + indent, key) : 0;
        if (value) return find_in_line(text, &l, value, out);
    }
    const char *newline = head->next == head->end ? "\n" : "";
    *out = (place){head->next, head->next, true,
                   mdg_arena_printf(arena, "%s%*s", newline, indent ? (int)indent : 2, ""), "\n"};
    return true;
}

/* The line of a key of the top level; an empty one at the text's end where there is none */
static line find_top(const char *text, const char *key) {
    line l = line_at(text, 0);
    while (text[l.at] && (l.is_blank || !behind_key(text, l.at, key))) l = line_at(text, l.next);
    return l;
}

static bool find(const char *text, const char *section, const char *key, place *out, mdg_arena *arena) {
    const line head = find_top(text, section[0] ? section : key);
    const char *newline = head.at && text[head.at - 1] != '\n' ? "\n" : "";
    if (!text[head.at]) {
        const char *opening = section[0] ? mdg_arena_printf(arena, "%s:\n  ", section) : "";
        *out = (place){head.at, head.at, true, mdg_arena_printf(arena, "%s%s", newline, opening), "\n"};
        return true;
    }
    const size_t value = behind_key(text, head.at, section[0] ? section : key);
    if (!section[0]) return find_in_line(text, &head, value, out);
    if (text[value] == '{') return find_in_braces(text, value + 1, key, out);
    return end_of_value(text, value, "\n") == value && find_in_block(text, &head, key, out, arena);
}

/* "model.width": the section "model", "" of the top level */
static const char *section_of(const char *key, mdg_arena *arena) {
    const char *dot = strchr(key, '.');
    return dot ? mdg_arena_printf(arena, "%.*s", (int)(dot - key), key) : "";
}

static const char *name_of(const char *key) {
    const char *dot = strchr(key, '.');
    return dot ? dot + 1 : key;
}

mdg_status mdg_project_edit(const char *text, const char *path, const mdg_setting *settings, int n,
                            mdg_arena *arena, const char **out, mdg_diag *diag) {
    for (int i = 0; i < n; i++) {
        const mdg_setting *s = &settings[i];
        const char *name = name_of(s->key);
        place p;
        if (!find(text, section_of(s->key, arena), name, &p, arena))
            return mdg_fail(
                diag, MDG_INVALID,
                "%s: %s is not one value on one line, so it cannot be set to '%s' here; write it so", path,
                s->key, s->value);
        text = mdg_arena_printf(arena, "%.*s%s%s%s%s%s%s", (int)p.at, text, p.before, p.needs_key ? name : "",
                                p.needs_key ? ": " : "", s->value, p.after, text + p.end);
    }
    *out = text;
    return MDG_OK;
}

static bool section_has(const mdg_key_section *s, const char *name) {
    for (int i = 0; i < s->n_keys; i++)
        if (s->keys[i].kind != MDG_KEY_LIST && strcmp(s->keys[i].name, name) == 0) return true;
    return false;
}

bool mdg_project_has_key(const char *key) {
    const size_t n = strcspn(key, ".");
    if (!key[n]) return section_has(&mdg_key_top, key);
    for (int i = 0; i < mdg_key_n_sections; i++) {
        const mdg_key_section *s = &mdg_key_sections[i];
        if (strlen(s->name) == n && strncmp(s->name, key, n) == 0) return section_has(s, key + n + 1);
    }
    return false;
}
