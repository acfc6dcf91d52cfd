/* SPDX-License-Identifier: MIT
 *
 * Golden networks as generated C: compiled without a warning by every compiler that is here, run on the
 * emulated Cortex-M4, and equal to TFLM's outputs, byte by byte where the index says "exact". `test_models
 * NAME [TARGET]` runs one network and prints what it costs.
 */
#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "host/exec/golden.h"
#include "host/measure/special.h"
#include "measure/measure.h"

enum { MUST_RUN = 12 }; /* networks; fewer means that the test has lost its subject */

/* A network with its golden bytes and generated code */
typedef struct subject {
    mdg_exec *exec;
    mdg_program program; /* with the target's kernels */
    mdg_bytes in, out;
    size_t in_bytes, out_bytes; /* of an inference */
    const char *folder, *compare;
    mdg_run_opts run;
} subject;

static mdg_status prepare(const char *models, const char *name, const mdg_target *target, mdg_arena *arena,
                          subject *s, mdg_diag *diag) {
    const golden_case c = {.folder = models, .name = name, .in = ".in", .out = ".out"};
    MDG_TRY(golden_load(&c, arena, &s->exec, &s->in, &s->out, diag));
    const mdg_program *p = mdg_exec_program(s->exec);
    s->in_bytes = golden_sum(s->exec, p->n_inputs, mdg_exec_input_bytes);
    s->out_bytes = golden_sum(s->exec, p->n_outputs, mdg_exec_output_bytes);
    s->folder = test_folder(arena);
    const mdg_emit_opts opts = {
        .name = name, .folder = s->folder, .target = target->name, .isa = target->isa, .model_name = name};
    MDG_TRY(special_program(s->exec, target->isa, arena, &s->program, diag));
    MDG_TRY(mdg_emit_c(&s->program, &opts, diag));
    s->run = (mdg_run_opts){.target = target,
                            .folder = s->folder,
                            .name = name,
                            .input_bytes = s->in_bytes,
                            .output_bytes = s->out_bytes,
                            .repeat = (int)(s->out.size / s->out_bytes)};
    return MDG_OK;
}

static bool outputs_agree(const subject *s, const void *got) {
    if (memcmp(got, s->out.data, s->out.size) == 0) return true;
    if (mdg_exec_program(s->exec)->outputs[0].tensor->type != MDG_FLOAT32) return false;
    return golden_floats_agree(got, (const float *)(const void *)s->out.data, s->out.size / sizeof(float),
                               s->compare);
}

static mdg_status check_target(const subject *s, mdg_arena *arena, mdg_diag *diag) {
    uint8_t *got = mdg_arena_alloc(arena, s->out.size);
    MDG_TRY(mdg_target_run(&s->run, s->in.data, got, NULL, arena, diag));
    if (outputs_agree(s, got)) return MDG_OK;
    return mdg_fail(diag, MDG_MISMATCH, "the outputs of %s are not TFLM's", s->run.target->name);
}

static void print_cost(const subject *s, const mdg_cost *c) {
    printf("%-30s %-13s %11llu instructions, arena %zu, state %zu, stack %zu, code %zu, weights %zu bytes\n",
           s->run.name, s->run.target->name, (unsigned long long)c->instructions, c->arena_bytes,
           c->state_bytes, c->stack_bytes, c->code_bytes, c->weights_bytes);
    for (int i = 0; i < c->n_ops; i++)
        printf("     %2d %-24s %11llu\n", c->ops[i].op, c->ops[i].name,
               (unsigned long long)c->ops[i].instructions);
}

/* Counts twice: the numbers must repeat, and the operators' must add up to nearly the whole. */
static mdg_status check_cost(const subject *s, mdg_arena *arena, mdg_diag *diag) {
    mdg_cost costs[2];
    mdg_run_opts once = s->run;
    once.repeat = 1;
    for (int i = 0; i < 2; i++) MDG_TRY(mdg_target_measure(&once, s->in.data, arena, &costs[i], diag));
    print_cost(s, &costs[0]);
    uint64_t sum = 0;
    for (int i = 0; i < costs[0].n_ops; i++) sum += costs[0].ops[i].instructions;
    const bool adds_up =
        sum <= costs[0].instructions && costs[0].instructions - sum < 100 && costs[0].n_ops > 0;
    if (!adds_up) return mdg_fail(diag, MDG_MISMATCH, "operators cost %llu", (unsigned long long)sum);
    if (costs[0].instructions != costs[1].instructions || costs[0].stack_bytes != costs[1].stack_bytes)
        return mdg_fail(diag, MDG_MISMATCH, "a second count differs: %llu",
                        (unsigned long long)costs[1].instructions);
    if (costs[0].arena_bytes != s->program.arena_bytes || costs[0].weights_bytes == 0)
        return mdg_fail(diag, MDG_MISMATCH, "sizes are not those of the program");
    return MDG_OK;
}

static mdg_status check_network(const char *models, const char *name, const mdg_target *target,
                                mdg_arena *arena, subject *s, mdg_diag *diag) {
    MDG_TRY(prepare(models, name, target, arena, s, diag));
    if (test_compile_everywhere(s->folder, name, arena) != 0)
        return mdg_fail(diag, MDG_TOOL, "a compiler refuses the generated code");
    MDG_TRY(check_target(s, arena, diag));
    return check_cost(s, arena, diag);
}

static mdg_status test_network(const char *models, const char *name, const char *compare,
                               const mdg_target *target) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    subject s = {.compare = compare};
    const mdg_status status = check_network(models, name, target, arena, &s, &diag);
    if (status != MDG_OK)
        printf("%s: %s on %s: %s\n", mdg_status_text(status), name, target->name, diag.text);
    if (s.folder) test_folder_remove(s.folder, arena);
    mdg_arena_free(arena);
    return status;
}

/* Walks index.tsv; `only` names one network. Returns whether all went well. */
static bool test_networks(const char *models, const char *only, const mdg_target *target, mdg_arena *arena) {
    int ran = 0, failed = 0;
    char line[4096];
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", models), "r");
    while (index && fgets(line, sizeof line, index)) {
        char *rest = line;
        const char *name = golden_field(&rest);
        for (int i = 1; i < 9; i++) golden_field(&rest);
        const char *compare = golden_field(&rest);
        if (strcmp(name, "name") == 0 || (only && strcmp(name, only) != 0)) continue;
        const mdg_status status = test_network(models, name, compare, target);
        ran += status == MDG_OK;
        failed += status != MDG_OK && status != MDG_UNSUPPORTED;
    }
    if (index) fclose(index);
    printf("%d networks agree, %d do not\n", ran, failed);
    return failed == 0 && ran >= (only ? 1 : MUST_RUN);
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const char *models = golden_folder(arena, "models");
    if (!models) return golden_skip(arena);
    if (!test_has("arm-none-eabi-gcc", arena) || !test_has("qemu-system-arm", arena)) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return golden_skip(arena);
    }
    const mdg_target *target = mdg_target_find(argc > 2 ? argv[2] : "cortex-m4");
    const bool good = test_networks(models, argc > 1 ? argv[1] : NULL, target, arena);
    mdg_arena_free(arena);
    return good ? 0 : 1;
}
