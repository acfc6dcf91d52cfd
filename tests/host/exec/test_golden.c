/* SPDX-License-Identifier: MIT
 *
 * Whole networks: every model of shared/models whose operators midge lowers gives TFLM's outputs, over all
 * invocations and both input sets, and so does every integer operator in it (by CRC, in the first invocation
 * of the first set).
 */
#include "golden.h"

enum { MAX_OPS = 1024 };

static uint32_t crc32_of(const uint8_t *data, size_t n) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < n; i++) {
        crc ^= data[i];
        for (int b = 0; b < 8; b++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

/* TFLM's CRC of output 0 of each operator after the first invocation */
typedef struct taps {
    int invocation;
    uint32_t want[MAX_OPS];
    bool known[MAX_OPS];
    int first_wrong;
} taps;

static void read_taps(taps *t, const char *path) {
    char line[4096];
    FILE *f = fopen(path, "r");
    if (!f) return;
    while (fgets(line, sizeof line, f)) {
        char *rest = line;
        const char *invocation = golden_field(&rest), *op = golden_field(&rest);
        golden_field(&rest);
        const char *type = golden_field(&rest);
        golden_field(&rest);
        const int index = atoi(op);
        if (strcmp(invocation, "0") != 0 || strcmp(type, "FLOAT32") == 0 || index < 0 || index >= MAX_OPS)
            continue;
        if (t->known[index]) continue;
        t->want[index] = (uint32_t)strtoul(golden_field(&rest), NULL, 16);
        t->known[index] = true;
    }
    fclose(f);
}

static void check_tap(void *context, const mdg_program *p, const mdg_call *call, void *const *out) {
    taps *t = context;
    const bool is_last_of_op = call == &p->calls[p->n_calls - 1] || call[1].op != call->op;
    if (call->op < 0 || call->op >= MAX_OPS || !t->known[call->op] || !is_last_of_op || t->first_wrong >= 0)
        return;
    if (crc32_of(out[0], p->buffers[call->out[0]].bytes) != t->want[call->op]) t->first_wrong = call->op;
}

/* The first operator of the first invocation whose output has not TFLM's CRC, or -1; prints its name. */
static int first_wrong_op(const golden_case *c, mdg_arena *arena) {
    mdg_exec *x;
    mdg_bytes in, out;
    mdg_diag diag;
    static taps t;
    t = (taps){.first_wrong = -1};
    read_taps(&t, mdg_arena_printf(arena, "%s/%s.taps.tsv", c->folder, c->name));
    if (golden_load(c, arena, &x, &in, &out, &diag) != MDG_OK) return -1;
    const mdg_exec_tap tap = {check_tap, &t};
    golden_invoke(x, in.data, &tap);
    const mdg_subgraph *s = &mdg_exec_program(x)->graph->subgraphs[0];
    if (t.first_wrong >= 0)
        printf("  first wrong: op %d %s\n", t.first_wrong, mdg_op_name(&s->ops[t.first_wrong]));
    return t.first_wrong;
}

static golden_result run_set(const golden_case *c) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    golden_result result = golden_run(c, arena, &diag);
    const bool has_taps = strcmp(c->in, ".in") == 0 && result != GOLDEN_UNSUPPORTED;
    if (has_taps && first_wrong_op(c, arena) >= 0) result = GOLDEN_FAILED;
    static const char *const words[] = {"passed", "unsupported", "FAILED"};
    printf("%-32s %-6s %s %s\n", c->name, c->in, words[result], diag.text);
    mdg_arena_free(arena);
    return result;
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const char *folder = golden_folder(arena, "models");
    if (!folder) return golden_skip(arena);
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", folder), "r");
    char line[4096];
    int passed = 0, failed = 0;
    if (!index || !fgets(line, sizeof line, index)) return 1;
    while (fgets(line, sizeof line, index)) {
        char *rest = line;
        const char *name = golden_field(&rest);
        for (int i = 0; i < 6; i++) golden_field(&rest);
        const int k = atoi(golden_field(&rest));
        golden_field(&rest);
        const char *compare = golden_field(&rest);
        const golden_case sets[] = {{folder, name, ".in", ".out", k, compare},
                                    {folder, name, ".in2", ".out2", k, compare}};
        for (int i = 0; i < 2; i++) {
            const golden_result result = run_set(&sets[i]);
            passed += result == GOLDEN_PASSED;
            failed += result == GOLDEN_FAILED;
        }
    }
    fclose(index);
    mdg_arena_free(arena);
    return failed || !passed;
}
