/* SPDX-License-Identifier: MIT
 *
 * values.c: texts of midge.yaml to values, each kind of key by one function; what is wrong is told with line,
 * key and what is allowed.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "project/keys.h"
#include "util/size.h"

/* The text lies outside what is allowed; `allowed` says what is. */
typedef struct complaint {
    char allowed[300];
} complaint;

static bool refuse_range(complaint *c, const char *what, const mdg_key *k) {
    snprintf(c->allowed, sizeof c->allowed, "%s from %g to %g", what, k->low, k->high);
    return false;
}

static bool read_int(const mdg_key *k, const char *text, int *out, complaint *c) {
    char *end;
    errno = 0;
    const long n = strtol(text, &end, 10);
    if (errno || end == text || *end || (double)n < k->low || (double)n > k->high)
        return refuse_range(c, "a whole number", k);
    *out = (int)n;
    return true;
}

static bool read_real(const mdg_key *k, const char *text, double *out, complaint *c) {
    char *rest;
    *out = strtod(text, &rest);
    while (isspace((unsigned char)*rest)) rest++;
    if (rest == text || *rest || !isfinite(*out) || *out < k->low || *out > k->high)
        return refuse_range(c, "a number", k);
    return true;
}

static bool read_flag(const char *text, bool *out, complaint *c) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(text, words[i]) != 0) continue;
        *out = i % 2;
        return true;
    }
    snprintf(c->allowed, sizeof c->allowed, "yes or no");
    return false;
}

static bool read_size(const char *text, size_t *out, complaint *c) {
    if (mdg_size_read(text, out)) return true;
    snprintf(c->allowed, sizeof c->allowed, "a size such as 32 KB, 1 MB or 20000");
    return false;
}

static bool read_count(const char *text, size_t *out, complaint *c) {
    if (mdg_count_read(text, out)) return true;
    snprintf(c->allowed, sizeof c->allowed, "a number such as 2 M, 500k or 20000");
    return false;
}

typedef struct unit {
    const char *name;
    double factor;
} unit;

/* "1 mW", "180 days": a number from 0 up with one of the units; a NULL name ends them. */
static bool read_quantity(const char *text, const unit *units, const char *example, float *out,
                          complaint *c) {
    char *rest;
    const double value = strtod(text, &rest);
    const bool is_number = rest > text && value >= 0 && value < 1e9;
    while (isspace((unsigned char)*rest)) rest++;
    for (; is_number && units->name; units++) {
        if (strcmp(rest, units->name) != 0) continue;
        *out = (float)(value * units->factor);
        return true;
    }
    snprintf(c->allowed, sizeof c->allowed, "%s", example);
    return false;
}

static bool read_power(const char *text, float *out, complaint *c) {
    static const unit units[] = {{"mW", 1000}, {"uW", 1}, {"W", 1e6}, {NULL, 0}};
    return read_quantity(text, units, "a power such as 1 mW or 300 uW", out, c);
}

static bool read_days(const char *text, float *out, complaint *c) {
    static const unit units[] = {{"days", 1}, {"day", 1}, {"years", 365}, {"year", 365}, {NULL, 0}};
    return read_quantity(text, units, "a time such as 180 days or 2 years", out, c);
}

static bool read_seed(const char *text, uint64_t *out, complaint *c) {
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (!errno && end != text && !*end && isdigit((unsigned char)text[0])) return true;
    snprintf(c->allowed, sizeof c->allowed, "a whole number from 0 up");
    return false;
}

/* "3x5", or "3" for both. */
static bool read_pair(const mdg_key *k, const char *text, int *out, complaint *c) {
    char extra;
    const int n = sscanf(text, "%d%*1[x]%d%c", &out[0], &out[1], &extra);
    if (n == 1 && sscanf(text, "%d%c", &out[1], &extra) != 1) out[1] = 0;
    if (n >= 1 && n <= 2 && fmin(out[0], out[1]) >= k->low && fmax(out[0], out[1]) <= k->high) return true;
    return refuse_range(c, "height x width such as 3x5, or one number,", k);
}

/* The number of text among "a|b|c", or -1. */
static int choice_of(const char *choices, const char *text) {
    const size_t n = strlen(text);
    int index = 0;
    for (const char *word = choices;; index++) {
        const size_t length = strcspn(word, "|");
        if (n && n == length && strncmp(word, text, n) == 0) return index;
        if (!word[length]) return -1;
        word += length + 1;
    }
}

static bool read_choice(const mdg_key *k, const char *text, int *out, complaint *c) {
    *out = choice_of(k->choices, text);
    if (*out >= 0) return true;
    size_t used = (size_t)snprintf(c->allowed, sizeof c->allowed, "one of ");
    for (const char *p = k->choices + (k->choices[0] == '|'); *p && used + 3 < sizeof c->allowed; p++) {
        c->allowed[used++] = *p == '|' ? ',' : *p;
        if (*p == '|') c->allowed[used++] = ' ';
    }
    c->allowed[used] = '\0';
    return false;
}

static bool read_value(const mdg_key *k, const char *text, mdg_arena *arena, void *field, complaint *c) {
    double real = 0;
    int index = 0;
    bool ok = true;
    switch (k->kind) {
    case MDG_KEY_TEXT: *(const char **)field = mdg_arena_strdup(arena, text); break;
    case MDG_KEY_INT: return read_int(k, text, field, c);
    case MDG_KEY_REAL:
        ok = read_real(k, text, &real, c);
        *(float *)field = (float)real;
        break;
    case MDG_KEY_MS:
        ok = read_real(k, text, &real, c);
        *(int *)field = (int)lround(1000 * real);
        break;
    case MDG_KEY_FLAG: return read_flag(text, field, c);
    case MDG_KEY_SIZE: return read_size(text, field, c);
    case MDG_KEY_COUNT: return read_count(text, field, c);
    case MDG_KEY_POWER: return read_power(text, field, c);
    case MDG_KEY_DAYS: return read_days(text, field, c);
    case MDG_KEY_SEED: return read_seed(text, field, c);
    case MDG_KEY_PAIR: return read_pair(k, text, field, c);
    case MDG_KEY_INDEX: return read_choice(k, text, field, c);
    case MDG_KEY_NAME:
        ok = read_choice(k, text, &index, c);
        *(const char **)field = mdg_arena_strdup(arena, text);
        break;
    case MDG_KEY_LIST: break;
    }
    return ok;
}

static void read_list(const mdg_key *k, const void *raw, mdg_arena *arena, void *fields) {
    char **texts = *(char **const *)((const char *)raw + k->raw);
    const unsigned n = *(const unsigned *)((const char *)raw + k->raw + sizeof texts);
    const char **copy = n ? mdg_arena_array(arena, n, sizeof *copy) : NULL;
    for (unsigned i = 0; i < n; i++) copy[i] = mdg_arena_strdup(arena, texts[i]);
    *(const char ***)((char *)fields + k->field) = copy;
    *(int *)((char *)fields + k->count) = (int)n;
}

static mdg_status read_key(const mdg_yaml *y, const mdg_key_section *s, int layer, const mdg_key *k,
                           const char *text, mdg_arena *arena, void *fields, mdg_diag *diag) {
    complaint c;
    if (!text || read_value(k, text, arena, (char *)fields + k->field, &c)) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "%s:%d: %s%s%s: '%.100s' is not allowed; it must be %s", y->path,
                    mdg_yaml_line(y, s->name, layer, k->name), s->name, s->name[0] ? "." : "", k->name, text,
                    c.allowed);
}

mdg_status mdg_values_read(const mdg_yaml *y, const mdg_key_section *s, int layer, const void *raw,
                           mdg_arena *arena, void *fields, mdg_diag *diag) {
    for (int i = 0; i < s->n_keys; i++) {
        const mdg_key *k = &s->keys[i];
        if (k->kind == MDG_KEY_LIST) {
            if (raw) read_list(k, raw, arena, fields);
            continue;
        }
        const char *given = raw ? *(char *const *)((const char *)raw + k->raw) : NULL;
        MDG_TRY(read_key(y, s, layer, k, given ? given : k->fallback, arena, fields, diag));
    }
    return MDG_OK;
}
