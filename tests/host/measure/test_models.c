/* SPDX-License-Identifier: MIT
 *
 * Golden networks as generated C: compiled without a warning by every compiler that is here, run on the
 * emulated Cortex-M4, and equal to TFLM's outputs byte by byte. `test_models NAME [TARGET]` runs one network
 * and prints what it costs.
 */
#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "host/exec/golden.h"
#include "measure/measure.h"

typedef struct network {
    const char *name, *short_name;
} network;

static const network networks[] = {
    {"mlperf_kws_ref_model", "kws"},
    {"mlperf_pretrainedResnet_quant", "ic"},
    {"mlperf_ad01_int8", "ad"},
    {"mlperf_vww_96_int8", "vww"},
};

/* A network with its golden bytes and generated code */
typedef struct subject {
    mdg_exec *exec;
    mdg_bytes in, out;
    size_t in_bytes, out_bytes; /* of an inference */
    const char *folder;
    mdg_run_opts run;
} subject;

static mdg_status prepare(const char *models, const network *n, const mdg_target *target, mdg_arena *arena,
                          subject *s, mdg_diag *diag) {
    const golden_case c = {.folder = models, .name = n->name, .in = ".in", .out = ".out"};
    MDG_TRY(golden_load(&c, arena, &s->exec, &s->in, &s->out, diag));
    const mdg_program *p = mdg_exec_program(s->exec);
    s->in_bytes = golden_sum(s->exec, p->n_inputs, mdg_exec_input_bytes);
    s->out_bytes = golden_sum(s->exec, p->n_outputs, mdg_exec_output_bytes);
    s->folder = test_folder(arena);
    const mdg_emit_opts opts = {.name = n->short_name,
                                .folder = s->folder,
                                .target = target->name,
                                .isa = target->isa,
                                .model_name = n->name};
    MDG_TRY(mdg_emit_c(p, &opts, diag));
    s->run = (mdg_run_opts){.target = target,
                            .folder = s->folder,
                            .name = n->short_name,
                            .input_bytes = s->in_bytes,
                            .output_bytes = s->out_bytes,
                            .repeat = (int)(s->out.size / s->out_bytes)};
    return MDG_OK;
}

static mdg_status check_target(const subject *s, mdg_arena *arena, mdg_diag *diag) {
    uint8_t *got = mdg_arena_alloc(arena, s->out.size);
    MDG_TRY(mdg_target_run(&s->run, s->in.data, got, NULL, arena, diag));
    if (memcmp(got, s->out.data, s->out.size) == 0) return MDG_OK;
    return mdg_fail(diag, MDG_MISMATCH, "the outputs of %s are not TFLM's", s->run.target->name);
}

static void print_cost(const subject *s, const mdg_cost *c) {
    printf("%-4s %-13s %11llu instructions, arena %zu, state %zu, stack %zu, code %zu, weights %zu bytes\n",
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
    if (costs[0].arena_bytes != mdg_exec_program(s->exec)->arena_bytes || costs[0].weights_bytes == 0)
        return mdg_fail(diag, MDG_MISMATCH, "sizes are not those of the program");
    return MDG_OK;
}

static int test_network(const char *models, const network *n, const mdg_target *target) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    subject s = {.folder = NULL};
    mdg_status status = prepare(models, n, target, arena, &s, &diag);
    if (status == MDG_OK && test_compile_everywhere(s.folder, n->short_name, arena) != 0)
        status = mdg_fail(&diag, MDG_TOOL, "a compiler refuses the generated code");
    if (status == MDG_OK) status = check_target(&s, arena, &diag);
    if (status == MDG_OK) status = check_cost(&s, arena, &diag);
    if (status != MDG_OK) fprintf(stderr, "FAILED: %s on %s: %s\n", n->name, target->name, diag.text);
    if (s.folder) test_folder_remove(s.folder, arena);
    mdg_arena_free(arena);
    return status != MDG_OK;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    const char *models = golden_folder(arena, "models");
    if (!models) return 77;
    if (!test_has("arm-none-eabi-gcc", arena) || !test_has("qemu-system-arm", arena)) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return 77;
    }
    const mdg_target *target = mdg_target_find(argc > 2 ? argv[2] : "cortex-m4");
    int failed = 0;
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        if (argc < 2 || strcmp(argv[1], networks[i].short_name) == 0)
            failed += test_network(models, &networks[i], target);
    }
    mdg_arena_free(arena);
    return failed != 0;
}
