/* SPDX-License-Identifier: MIT */
#include "data/pattern.h"

#include <stdint.h>
#include <string.h>

static const char label_field[] = "{label}", group_field[] = "{group}";

static bool begins(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Once a run has found no place for what follows it, neither would it behind a longer run before it: that
 * only moves it on. So the whole match has failed, and time stays proportional to pattern times text. */
typedef struct matcher {
    mdg_pattern_match *out;
    bool failed;
} matcher;

static bool match_here(const char *pattern, const char *text, matcher *m);

/* Tries runs of growing length, from `least`, in front of the rest of the pattern. */
static size_t shortest_run(const char *rest, const char *text, size_t least, matcher *m) {
    for (size_t n = 0; !m->failed; n++) {
        if (n >= least && match_here(rest, text + n, m)) return n;
        if (text[n] == '\0' || text[n] == '/') m->failed = true;
    }
    return SIZE_MAX;
}

static bool match_field(const char *rest, const char *text, const char **start, size_t *length, matcher *m) {
    const size_t n = shortest_run(rest, text, 1, m);
    if (n == SIZE_MAX) return false;
    *start = text;
    *length = n;
    return true;
}

static bool match_here(const char *pattern, const char *text, matcher *m) {
    mdg_pattern_match *out = m->out;
    for (; *pattern; pattern++, text++) {
        if (*pattern == '*') return shortest_run(pattern + 1, text, 0, m) != SIZE_MAX;
        if (begins(pattern, label_field))
            return match_field(pattern + strlen(label_field), text, &out->label, &out->label_length, m);
        if (begins(pattern, group_field))
            return match_field(pattern + strlen(group_field), text, &out->group, &out->group_length, m);
        if (*pattern != *text) return false;
    }
    return *text == '\0';
}

bool mdg_pattern_apply(const char *pattern, const char *text, mdg_pattern_match *out) {
    matcher m = {.out = out};
    *out = (mdg_pattern_match){0};
    return match_here(pattern, text, &m);
}

mdg_status mdg_pattern_check(const char *pattern, mdg_diag *diag) {
    int labels = 0, groups = 0;
    for (const char *p = strchr(pattern, '{'); p; p = strchr(p + 1, '{')) {
        labels += begins(p, label_field);
        groups += begins(p, group_field);
        if (!begins(p, label_field) && !begins(p, group_field))
            return mdg_fail(diag, MDG_INVALID,
                            "data.pattern '%s': '%.12s' is no field; use {label}, {group} and *", pattern, p);
    }
    if (labels > 1 || groups > 1)
        return mdg_fail(diag, MDG_INVALID, "data.pattern '%s': {label} and {group} may stand in it only once",
                        pattern);
    return MDG_OK;
}
