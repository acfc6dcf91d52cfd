/* SPDX-License-Identifier: MIT */
#include "emit/scan.h"

#include <ctype.h>
#include <string.h>

bool mdg_span_equal(mdg_span a, mdg_span b) {
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

bool mdg_span_is(mdg_span s, const char *text) {
    return s.length == strlen(text) && memcmp(s.at, text, s.length) == 0;
}

static bool is_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool at_comment(const char *p) {
    return p[0] == '/' && (p[1] == '*' || p[1] == '/');
}

static const char *skip_comment(const char *p) {
    const char *end = strstr(p + 2, p[1] == '*' ? "*/" : "\n");
    return !end ? p + strlen(p) : p[1] == '*' ? end + 2 : end;
}

static const char *skip_quoted(const char *p) {
    const char quote = *p++;
    while (*p && *p != quote) p += *p == '\\' && p[1] ? 2 : 1;
    return *p ? p + 1 : p;
}

/* One token's worth of text: a comment, a string, a word, or a character. */
static const char *skip_token(const char *p) {
    if (at_comment(p)) return skip_comment(p);
    if (*p == '"' || *p == '\'') return skip_quoted(p);
    if (!is_name(*p)) return p + 1;
    while (is_name(*p)) p++;
    return p;
}

static const char *skip_space(const char *p) {
    while (isspace((unsigned char)*p)) p++;
    return p;
}

/* To the end of the line, lines that end in a backslash included. */
static const char *skip_line(const char *p) {
    for (; *p && *p != '\n'; p++) {
        if (p[0] == '\\' && p[1] == '\n') p++;
    }
    return p;
}

static bool directive_is(const char *p, const char *word) {
    p++;
    while (*p == ' ' || *p == '\t') p++;
    return strncmp(p, word, strlen(word)) == 0;
}

/* From #if to behind its #endif. */
static const char *skip_conditional(const char *p) {
    int depth = 0;
    while (*p) {
        const char *line = skip_space(p);
        p = skip_line(line);
        if (*line != '#') continue;
        if (directive_is(line, "if")) depth++;
        if (directive_is(line, "endif") && --depth == 0) break;
    }
    return p;
}

static const char *take_directive(const char *p, mdg_item_kind *kind) {
    *kind = MDG_ITEM_DIRECTIVE;
    if (directive_is(p, "if")) return skip_conditional(p);
    if (directive_is(p, "include")) *kind = MDG_ITEM_INCLUDE;
    if (directive_is(p, "define") || directive_is(p, "undef")) *kind = MDG_ITEM_DEFINE;
    return skip_line(p);
}

/* Behind the bracket that closes the one at p. */
static const char *skip_brackets(const char *p) {
    int depth = 0;
    while (*p) {
        if (strchr("({[", *p)) depth++;
        if (strchr(")}]", *p) && --depth == 0) return p + 1;
        p = skip_token(p);
    }
    return p;
}

/* A function ends with its body, all else with a semicolon; a macro that makes code with its arguments. */
static const char *take_code(const char *p, mdg_item_kind *kind) {
    int words = 0;
    bool after_arguments = false;
    *kind = MDG_ITEM_CODE;
    while (*p && *p != ';') {
        const bool is_body = *p == '{' && after_arguments;
        if (*p == '(' || *p == '{' || *p == '[') {
            after_arguments = *p == '(';
            p = skip_brackets(p);
            if (is_body) return p;
            if (after_arguments && words == 1 && *skip_space(p) != ';') {
                *kind = MDG_ITEM_INVOCATION;
                return p;
            }
            continue;
        }
        if (is_name(*p)) words++;
        if (!isspace((unsigned char)*p) && !at_comment(p)) after_arguments = false;
        p = skip_token(p);
    }
    return *p ? p + 1 : p;
}

/* Comments at the end of an item's last line belong to it. */
static const char *take_trailing_comment(const char *p) {
    const char *comment = p;
    while (*comment == ' ') comment++;
    if (!at_comment(comment)) return p;
    const char *end = skip_comment(comment);
    return memchr(comment, '\n', (size_t)(end - comment)) ? p : end;
}

bool mdg_scan_item(const char **cursor, mdg_item_text *out) {
    const char *p = skip_space(*cursor);
    if (!*p) return false;
    *out = (mdg_item_text){.kind = MDG_ITEM_COMMENT, .text = {p, 0}};
    const char *end = p;
    if (at_comment(p)) {
        end = skip_comment(p);
        const char *next = skip_space(end);
        /* a blank line behind it, or nothing: it stands alone */
        if (!*next || next > end + strspn(end, " ") + 1) {
            out->text.length = (size_t)(end - p);
            *cursor = end;
            return true;
        }
        out->comment = (mdg_span){p, (size_t)(end - p)};
        p = next;
        if (at_comment(p)) { /* two comments in a row: the first stands alone */
            out->text = out->comment;
            out->comment.length = 0;
            *cursor = p;
            return true;
        }
    }
    end = *p == '#' ? take_directive(p, &out->kind) : take_trailing_comment(take_code(p, &out->kind));
    out->text = (mdg_span){p, (size_t)(end - p)};
    *cursor = end;
    return true;
}

bool mdg_scan_name(const char **cursor, const char *end, mdg_span *out) {
    const char *p = *cursor;
    while (p < end) {
        const char *next = skip_token(p);
        if (next > end) next = end;
        if (is_name(*p) && !isdigit((unsigned char)*p)) {
            *out = (mdg_span){p, (size_t)(next - p)};
            *cursor = next;
            return true;
        }
        p = next;
    }
    return false;
}

static bool nth_name(const char *from, const char *to, int n, mdg_span *out) {
    while (mdg_scan_name(&from, to, out)) {
        if (n-- == 0) return true;
    }
    return false;
}

static bool last_name(const char *from, const char *to, mdg_span *out) {
    bool found = false;
    while (mdg_scan_name(&from, to, out)) found = true;
    return found;
}

static const char *find_char(const char *from, const char *to, const char *set) {
    while (from < to && !strchr(set, *from)) from = skip_token(from);
    return from < to ? from : to;
}

/* A type: all names of an enum's list, and the name before the semicolon or the opening brace. */
static bool declared_type(const char *from, const char *to, int index, mdg_span *out) {
    const char *brace = find_char(from, to, "{");
    const char *close = brace < to ? skip_brackets(brace) : brace;
    mdg_span word;
    bool is_enum = false;
    for (const char *p = from; mdg_scan_name(&p, brace, &word);)
        is_enum = is_enum || mdg_span_is(word, "enum");
    if (index == 0) return last_name(close, to, out) || last_name(from, brace, out);
    if (index == 1) return last_name(from, brace, out);
    return is_enum && nth_name(brace, close, index - 2, out);
}

bool mdg_scan_declared(const mdg_item_text *item, int index, mdg_span *out) {
    const char *from = item->text.at, *to = from + item->text.length;
    mdg_span first = {from, 0};
    if (item->kind == MDG_ITEM_DEFINE) return index == 0 && nth_name(from, to, 1, out);
    if (item->kind != MDG_ITEM_CODE) return false;
    (void)nth_name(from, to, 0, &first);
    const char *mark = find_char(from, to, "({[=;");
    const bool is_type = mark < to && *mark == '{';
    if (is_type || (mdg_span_is(first, "typedef") && *mark != '('))
        return declared_type(from, to, index, out);
    if (index != 0) return false;
    const bool is_pointer = mark + 1 < to && mark[0] == '(' && mark[1] == '*';
    return is_pointer ? nth_name(mark, to, 0, out) : last_name(from, mark, out);
}
