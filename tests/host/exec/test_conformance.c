/* SPDX-License-Identifier: MIT
 *
 * Every case of the conformance suite whose operator midge lowers: outputs must be those of TFLM.
 * Prints a table, operator by operator; `test_conformance OP` runs one operator and tells why its cases fail.
 */
#include "golden.h"

enum { MAX_OPS = 256 };

typedef struct score {
    char op[64];
    int passed, unsupported, failed;
} score;

typedef struct table {
    score scores[MAX_OPS];
    int n;
} table;

static score *score_of(table *t, const char *op) {
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->scores[i].op, op) == 0) return &t->scores[i];
    if (t->n == MAX_OPS) return &t->scores[MAX_OPS - 1];
    snprintf(t->scores[t->n].op, sizeof t->scores->op, "%s", op);
    return &t->scores[t->n++];
}

static void run_case(table *t, const char *folder, char *line, const char *only) {
    mdg_arena *arena = mdg_arena_new();
    const char *name = golden_field(&line), *op = golden_field(&line);
    const char *types = golden_field(&line);
    golden_field(&line);
    golden_field(&line);
    const int k = atoi(golden_field(&line));
    const char *compare = golden_field(&line), *notes = golden_field(&line);
    const char *case_folder = mdg_arena_printf(arena, "%s/%s", folder, op);
    const golden_case c = {case_folder, name, ".in", ".out", k, compare};
    mdg_diag diag = {""};
    score *s = score_of(t, op);
    switch (golden_run(&c, arena, &diag)) {
    case GOLDEN_PASSED: s->passed++; break;
    case GOLDEN_UNSUPPORTED:
        s->unsupported++;
        if (only) printf("unsupported: %s (%s; %s): %s\n", name, types, notes, diag.text);
        break;
    case GOLDEN_FAILED:
        s->failed++;
        printf("FAILED: %s (%s; %s): %s\n", name, types, notes, diag.text);
        break;
    }
    mdg_arena_free(arena);
}

/* Returns the number of failures. */
static int print_table(const table *t) {
    score sum = {.passed = 0};
    for (int i = 0; i < t->n; i++) {
        const score *s = &t->scores[i];
        const int all = s->passed + s->unsupported + s->failed;
        printf("%-40s %4d/%-4d%s\n", s->op, s->passed, all, s->failed ? "  WRONG" : "");
        sum.passed += s->passed;
        sum.unsupported += s->unsupported;
        sum.failed += s->failed;
    }
    printf("passed %d, unsupported %d, wrong %d\n", sum.passed, sum.unsupported, sum.failed);
    return sum.failed;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const char *only = argc > 1 ? argv[1] : NULL;
    const char *folder = golden_folder(arena, "conformance/ops");
    if (!folder) return golden_skip(arena);
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", folder), "r");
    if (!index) return 1;
    static table t;
    char line[4096];
    if (!fgets(line, sizeof line, index)) return 1;
    while (fgets(line, sizeof line, index)) {
        const char *op = strchr(line, '\t');
        if (only && (!op || strncmp(op + 1, only, strlen(only)) != 0 || op[1 + strlen(only)] != '\t'))
            continue;
        run_case(&t, folder, line, only);
    }
    fclose(index);
    mdg_arena_free(arena);
    return print_table(&t) ? 1 : 0;
}
