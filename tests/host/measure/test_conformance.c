/* SPDX-License-Identifier: MIT
 *
 * The conformance suite as generated C on the emulated Cortex-M4: every case whose operator midge lowers
 * gives TFLM's outputs. Cases that are run equally often are joined to one program, so that one compilation
 * serves many. Prints a table, operator by operator; `test_conformance OP|all [TARGET]` runs one operator's
 * cases, or all, on another target.
 */
#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "host/exec/golden.h"
#include "host/measure/special.h"
#include "measure/measure.h"

enum { BATCH = 64, BATCH_BYTES = 1 << 20, MAX_OPS = 256, MUST_RUN = 600 };

typedef struct score {
    const char *op;
    int passed, failed;
} score;

/* One case: its program and golden bytes */
typedef struct item {
    const char *name, *compare;
    const mdg_exec *exec;
    mdg_program program; /* with the target's kernels */
    mdg_bytes in, out;
    score *score;
} item;

typedef struct suite {
    mdg_arena *arena; /* of the whole run */
    const char *folder;
    const mdg_target *target;
    score scores[MAX_OPS];
    int n_scores, n_batches;
} suite;

typedef struct batch {
    mdg_arena *arena;
    int n, repeat;
    item items[BATCH];
    mdg_program joined;
} batch;

static score *score_of(suite *s, const char *op) {
    for (int i = 0; i < s->n_scores; i++) {
        if (strcmp(s->scores[i].op, op) == 0) return &s->scores[i];
    }
    if (s->n_scores == MAX_OPS) return &s->scores[MAX_OPS - 1];
    s->scores[s->n_scores].op = mdg_arena_strdup(s->arena, op);
    return &s->scores[s->n_scores++];
}

/* Appends p to the joined program: its buffers behind those that are there, in the arena as well. */
static void join(mdg_program *to, const mdg_program *p) {
    const int base = to->n_buffers;
    for (int i = 0; i < p->n_buffers; i++) {
        mdg_buffer b = p->buffers[i];
        if (b.kind == MDG_BUF_ARENA) b.offset += to->arena_bytes;
        if (b.kind == MDG_BUF_STATE) b.offset += to->state_bytes;
        to->buffers[to->n_buffers++] = b;
    }
    for (int i = 0; i < p->n_calls; i++) {
        mdg_call c = p->calls[i];
        c.op = -1;
        for (int k = 0; k < c.n_in; k++) c.in[k] += c.in[k] >= 0 ? base : 0;
        for (int k = 0; k < c.n_out; k++) c.out[k] += c.out[k] >= 0 ? base : 0;
        to->calls[to->n_calls++] = c;
    }
    for (int i = 0; i < p->n_inputs; i++)
        to->inputs[to->n_inputs++] = (mdg_io){p->inputs[i].buffer + base, p->inputs[i].tensor};
    for (int i = 0; i < p->n_outputs; i++)
        to->outputs[to->n_outputs++] = (mdg_io){p->outputs[i].buffer + base, p->outputs[i].tensor};
    to->arena_bytes += (p->arena_bytes + 15) / 16 * 16;
    to->state_bytes += (p->state_bytes + 15) / 16 * 16;
}

static void join_all(batch *b) {
    int buffers = 0, calls = 0, inputs = 0, outputs = 0;
    for (int i = 0; i < b->n; i++) {
        const mdg_program *p = &b->items[i].program;
        buffers += p->n_buffers, calls += p->n_calls, inputs += p->n_inputs, outputs += p->n_outputs;
    }
    b->joined = (mdg_program){.arena = b->arena};
    b->joined.buffers = mdg_arena_array(b->arena, (size_t)buffers, sizeof *b->joined.buffers);
    b->joined.calls = mdg_arena_array(b->arena, (size_t)calls, sizeof *b->joined.calls);
    b->joined.inputs = mdg_arena_array(b->arena, (size_t)inputs, sizeof *b->joined.inputs);
    b->joined.outputs = mdg_arena_array(b->arena, (size_t)outputs, sizeof *b->joined.outputs);
    for (int i = 0; i < b->n; i++) join(&b->joined, &b->items[i].program);
}

static size_t of_one_run(const batch *b, mdg_bytes bytes) {
    return bytes.size / (size_t)b->repeat;
}

/* The inputs of all cases, run after run */
static uint8_t *join_inputs(const batch *b, size_t *bytes) {
    *bytes = 0;
    for (int i = 0; i < b->n; i++) *bytes += of_one_run(b, b->items[i].in);
    uint8_t *all = mdg_arena_alloc(b->arena, *bytes * (size_t)b->repeat + 1), *at = all;
    for (int r = 0; r < b->repeat; r++) {
        for (int i = 0; i < b->n; i++) {
            const size_t n = of_one_run(b, b->items[i].in);
            if (n) memcpy(at, b->items[i].in.data + (size_t)r * n, n);
            at += n;
        }
    }
    return all;
}

static bool output_agrees(const item *it, const uint8_t *got, const uint8_t *want, mdg_arena *arena) {
    const mdg_program *p = mdg_exec_program(it->exec);
    for (int k = 0; k < p->n_outputs; k++) {
        const size_t n = mdg_exec_output_bytes(it->exec, k);
        const bool is_float = p->outputs[k].tensor->type == MDG_FLOAT32;
        const void *g = mdg_arena_copy(arena, got, n), *w = mdg_arena_copy(arena, want, n); /* aligned */
        if (memcmp(g, w, n) != 0 && !(is_float && golden_floats_agree(g, w, n / sizeof(float), it->compare)))
            return false;
        got += n, want += n;
    }
    return true;
}

static void score_batch(const batch *b, const uint8_t *got) {
    bool agrees[BATCH];
    for (int i = 0; i < b->n; i++) agrees[i] = true;
    for (int r = 0; r < b->repeat; r++) {
        for (int i = 0; i < b->n; i++) {
            const size_t n = of_one_run(b, b->items[i].out);
            const uint8_t *want = b->items[i].out.data + (size_t)r * n;
            agrees[i] = agrees[i] && output_agrees(&b->items[i], got, want, b->arena);
            got += n;
        }
    }
    for (int i = 0; i < b->n; i++) {
        if (agrees[i])
            b->items[i].score->passed++;
        else
            b->items[i].score->failed++;
        if (!agrees[i]) printf("WRONG: %s\n", b->items[i].name);
    }
}

static mdg_status run_batch(suite *s, batch *b, const char *folder, mdg_diag *diag) {
    const char *name = mdg_arena_printf(b->arena, "batch%d", s->n_batches++);
    const mdg_emit_opts opts = {.name = name, .folder = folder, .isa = s->target->isa};
    join_all(b);
    MDG_TRY(mdg_emit_c(&b->joined, &opts, diag));
    mdg_run_opts run = {.target = s->target, .folder = folder, .name = name, .repeat = b->repeat};
    const uint8_t *input = join_inputs(b, &run.input_bytes);
    for (int i = 0; i < b->n; i++) run.output_bytes += of_one_run(b, b->items[i].out);
    uint8_t *output = mdg_arena_alloc(b->arena, run.output_bytes * (size_t)b->repeat);
    MDG_TRY(mdg_target_run(&run, input, output, NULL, b->arena, diag));
    score_batch(b, output);
    return MDG_OK;
}

/* Runs what has been gathered, and begins anew. */
static void flush(suite *s, batch *b) {
    mdg_diag diag = {""};
    const char *folder = test_folder(b->arena);
    if (b->n > 0 && run_batch(s, b, folder, &diag) != MDG_OK) {
        printf("FAILED: batch from %s to %s: %s\n", b->items[0].name, b->items[b->n - 1].name, diag.text);
        for (int i = 0; i < b->n; i++) b->items[i].score->failed++;
    }
    test_folder_remove(folder, b->arena);
    mdg_arena_free(b->arena);
    *b = (batch){.arena = mdg_arena_new()};
}

static void add_case(suite *s, batch *b, char *line, const char *only) {
    const char *name = golden_field(&line), *op = golden_field(&line);
    if (only && strcmp(only, op) != 0) return;
    for (int i = 0; i < 3; i++) golden_field(&line);
    const int repeat = atoi(golden_field(&line));
    const char *compare = golden_field(&line);
    if (b->n == BATCH || (b->n > 0 && b->repeat != repeat) || b->joined.arena_bytes > BATCH_BYTES)
        flush(s, b);

    item it = {.name = mdg_arena_strdup(b->arena, name), .compare = mdg_arena_strdup(b->arena, compare)};
    const golden_case c = {
        mdg_arena_printf(b->arena, "%s/%s", s->folder, op), it.name, ".in", ".out", repeat, it.compare};
    mdg_exec *x;
    if (golden_load(&c, b->arena, &x, &it.in, &it.out, NULL) != MDG_OK) return; /* host.exec tells of these */
    it.exec = x;
    if (special_program(x, s->target->isa, b->arena, &it.program, NULL) != MDG_OK) return;
    it.score = score_of(s, op);
    b->repeat = repeat;
    b->joined.arena_bytes += it.program.arena_bytes; /* until the programs are joined */
    b->items[b->n++] = it;
}

/* Returns whether all cases passed, and enough of them. */
static bool print_table(const suite *s, int must_run) {
    int passed = 0, failed = 0;
    for (int i = 0; i < s->n_scores; i++) {
        const score *c = &s->scores[i];
        printf("%-40s %4d/%d\n", c->op, c->passed, c->passed + c->failed);
        passed += c->passed;
        failed += c->failed;
    }
    printf("passed %d, wrong %d, in %d programs\n", passed, failed, s->n_batches);
    return failed == 0 && passed >= must_run;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const char *only = argc > 1 && strcmp(argv[1], "all") != 0 ? argv[1] : NULL;
    suite s = {.arena = arena,
               .folder = golden_folder(arena, "conformance/ops"),
               .target = mdg_target_find(argc > 2 ? argv[2] : "cortex-m4")};
    if (!s.folder) return golden_skip(arena);
    if (!test_has("arm-none-eabi-gcc", arena) || !test_has("qemu-system-arm", arena)) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return golden_skip(arena);
    }
    char line[4096];
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", s.folder), "r");
    if (!index || !fgets(line, sizeof line, index)) return 1;
    batch b = {.arena = mdg_arena_new()};
    while (fgets(line, sizeof line, index)) add_case(&s, &b, line, only);
    flush(&s, &b);
    mdg_arena_free(b.arena);
    fclose(index);
    const bool good = print_table(&s, only ? 1 : MUST_RUN);
    mdg_arena_free(arena);
    return good ? 0 : 1;
}
