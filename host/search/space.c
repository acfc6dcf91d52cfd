/* SPDX-License-Identifier: MIT */
#include "search/space.h"

#include <string.h>

/* ==== Reading ==== */

/* The words of a line, "=" apart from what it touches */
typedef struct words {
    const char *word[2 * MDG_SPACE_MAX_VALUES + 8];
    int n;
} words;

static void split(const char *line, mdg_arena *arena, words *out) {
    const int most = (int)(sizeof out->word / sizeof *out->word);
    out->n = 0;
    while (out->n < most) {
        line += strspn(line, " \t");
        const size_t n = *line == '=' ? 1 : strcspn(line, " \t=");
        if (!n) return;
        out->word[out->n++] = mdg_arena_printf(arena, "%.*s", (int)n, line);
        line += n;
    }
}

static bool is_word(const words *w, int i, const char *text) {
    return i < w->n && strcmp(w->word[i], text) == 0;
}

static int find_value(const mdg_dimension *d, const char *text) {
    for (int v = 0; v < d->n; v++)
        if (strcmp(d->values[v], text) == 0) return v;
    return -1;
}

static int find_key(const mdg_space *s, const char *key) {
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->dimensions[i].key, key) == 0) return i;
    return -1;
}

/* w from `at` on: "KEY = VALUE...", KEY one of an earlier line */
static mdg_status read_condition(const mdg_space *s, const words *w, int at, const char *line,
                                 mdg_dimension *d, mdg_diag *diag) {
    d->on = at < w->n ? find_key(s, w->word[at]) : -1;
    if (d->on < 0 || !is_word(w, at + 1, "=") || at + 2 == w->n)
        return mdg_fail(
            diag, MDG_INVALID,
            "search.space: '%s': behind 'when' stands the key of an earlier line, '=' and values of it",
            line);
    for (int i = at + 2; i < w->n; i++) {
        const int v = find_value(&s->dimensions[d->on], w->word[i]);
        if (v < 0)
            return mdg_fail(diag, MDG_INVALID, "search.space: '%s': '%s' is no value that %s may have", line,
                            w->word[i], s->dimensions[d->on].key);
        d->on_values |= 1u << v;
    }
    return MDG_OK;
}

static mdg_status read_line(const mdg_space *s, const char *line, mdg_arena *arena, mdg_dimension *d,
                            mdg_diag *diag) {
    words w;
    split(line, arena, &w);
    int end = 2;
    while (end < w.n && !is_word(&w, end, "when") && !is_word(&w, end, "=")) end++;
    if (w.n < 3 || !is_word(&w, 1, "=") || is_word(&w, 0, "=") || end == 2 || is_word(&w, end, "="))
        return mdg_fail(diag, MDG_INVALID,
                        "search.space: '%s' is not a key, '=' and values, such as model.width = 8 16 24",
                        line);
    if (end - 2 > MDG_SPACE_MAX_VALUES)
        return mdg_fail(diag, MDG_INVALID, "search.space: '%s': more than %d values", line,
                        MDG_SPACE_MAX_VALUES);
    if (find_key(s, w.word[0]) >= 0)
        return mdg_fail(diag, MDG_INVALID, "search.space: '%s': %s has a line already", line, w.word[0]);
    *d = (mdg_dimension){.key = w.word[0], .n = 0, .on = -1};
    d->values = mdg_arena_array(arena, (size_t)(end - 2), sizeof *d->values);
    for (int i = 2; i < end; i++) {
        if (find_value(d, w.word[i]) >= 0)
            return mdg_fail(diag, MDG_INVALID, "search.space: '%s': %s stands there twice", line, w.word[i]);
        d->values[d->n++] = w.word[i];
    }
    return end < w.n ? read_condition(s, &w, end + 1, line, d, diag) : MDG_OK;
}

mdg_status mdg_space_read(const char *const *lines, int n, mdg_arena *arena, mdg_space *out, mdg_diag *diag) {
    memset(out, 0, sizeof *out);
    if (n > MDG_SPACE_MAX_DIMENSIONS)
        return mdg_fail(diag, MDG_INVALID, "search.space: more than %d lines", MDG_SPACE_MAX_DIMENSIONS);
    for (int i = 0; i < n; i++) {
        MDG_TRY(read_line(out, lines[i], arena, &out->dimensions[i], diag));
        out->n++;
    }
    return MDG_OK;
}

/* ==== Candidates ==== */

bool mdg_space_applies(const mdg_space *s, const mdg_candidate *c, int dimension) {
    const mdg_dimension *d = &s->dimensions[dimension];
    if (d->on < 0) return true;
    return (d->on_values >> c->value[d->on] & 1) && mdg_space_applies(s, c, d->on);
}

double mdg_space_size(const mdg_space *s) {
    double size = 1;
    for (int i = 0; i < s->n && size < 1e18; i++) size *= s->dimensions[i].n;
    return size < 1e18 ? size : 1e18;
}

static void settle(const mdg_space *s, mdg_candidate *c) {
    for (int i = 0; i < s->n; i++)
        if (!mdg_space_applies(s, c, i)) c->value[i] = 0;
}

mdg_candidate mdg_candidate_random(const mdg_space *s, mdg_rng *r) {
    mdg_candidate c = {{0}};
    for (int i = 0; i < s->n; i++) c.value[i] = (uint8_t)mdg_rng_below(r, (uint32_t)s->dimensions[i].n);
    settle(s, &c);
    return c;
}

void mdg_candidates_spread(const mdg_space *s, int n, mdg_rng *r, mdg_candidate *out) {
    for (int k = 0; k < n; k++) out[k] = (mdg_candidate){{0}};
    for (int i = 0; i < s->n; i++)
        for (int k = 0; k < n; k++) { /* the values in order, each put at a place by chance (inside out) */
            const int at = (int)mdg_rng_below(r, (uint32_t)k + 1);
            out[k].value[i] = out[at].value[i];
            out[at].value[i] = (uint8_t)(k * s->dimensions[i].n / n);
        }
    for (int k = 0; k < n; k++) settle(s, &out[k]);
}

/* Two times in three a step to one side, else anywhere else */
static uint8_t other_value(int now, int n, mdg_rng *r) {
    const int step = mdg_rng_below(r, 2) ? 1 : -1;
    if (mdg_rng_below(r, 3) && now + step >= 0 && now + step < n) return (uint8_t)(now + step);
    const int other = (int)mdg_rng_below(r, (uint32_t)(n - 1));
    return (uint8_t)(other + (other >= now));
}

mdg_candidate mdg_candidate_vary(const mdg_space *s, const mdg_candidate *c, mdg_rng *r) {
    mdg_candidate out = *c;
    int free[MDG_SPACE_MAX_DIMENSIONS], n = 0;
    for (int i = 0; i < s->n; i++)
        if (s->dimensions[i].n > 1 && mdg_space_applies(s, c, i)) free[n++] = i;
    const int moves = mdg_rng_below(r, 4) ? 1 : 2;
    for (int k = 0; n && k < moves; k++) {
        const int i = free[mdg_rng_below(r, (uint32_t)n)];
        out.value[i] = other_value(out.value[i], s->dimensions[i].n, r);
    }
    settle(s, &out);
    return out;
}

bool mdg_candidate_equal(const mdg_candidate *a, const mdg_candidate *b) {
    return memcmp(a->value, b->value, sizeof a->value) == 0;
}
