/* SPDX-License-Identifier: MIT
 *
 * cmd_build.c: `midge build`: the pipeline, on one screen.
 */
#include <inttypes.h>

#include "cli/power.h"

static void print_accuracy(const char *what, const mdg_eval *e) {
    if (e->n)
        printf("  %-34s %6.1f %%  (%d of %d clips)\n", what, 100 * (double)e->accuracy, e->n_correct, e->n);
}

static void print_located(const char *what, const mdg_located *l) {
    if (l->n_objects)
        printf("  %-34s %6.1f %%  (%d of %d objects, %d wrong ones)\n", what, 100 * (double)l->f1, l->n_right,
               l->n_objects, l->n_found - l->n_right);
}

static void print_quality(const mdg_pipeline *pl) {
    const char *target = pl->project.target;
    print_accuracy("accuracy, float", &pl->eval_float);
    print_accuracy("accuracy, int8", &pl->eval_int8);
    print_accuracy(mdg_arena_printf(pl->arena, "accuracy, emulated %s", target), &pl->eval_target);
    print_located("F1 of kind and place, float", &pl->found_float);
    print_located("F1 of kind and place, int8", &pl->found_int8);
    print_located(mdg_arena_printf(pl->arena, "F1, emulated %s", target), &pl->found_target);
    printf("  %-34s %6d of %d clips, byte for byte\n", "same scores as on this machine",
           pl->n_of[MDG_SPLIT_TEST], pl->n_of[MDG_SPLIT_TEST]);
}

static void print_summary(const mdg_pipeline *pl) {
    const mdg_cost *c = &pl->cost;
    printf("\n%s\n", pl->project.name);
    print_quality(pl);
    printf("  %-34s %9" PRIu64 "\n", "instructions per inference", c->instructions);
    printf("  %-34s %9" PRIu64 "\n", "instructions per feature frame", c->feature_instructions);
    printf("  %-34s %9zu bytes (arena %zu, state %zu, stack %zu)\n", "RAM",
           c->arena_bytes + c->state_bytes + c->stack_bytes, c->arena_bytes, c->state_bytes, c->stack_bytes);
    printf("  %-34s %9zu bytes (weights %zu, code %zu)\n", "flash", c->weights_bytes + c->code_bytes,
           c->weights_bytes, c->code_bytes);
    if (pl->set.n_skipped)
        printf("  %-34s %9d (listed in the report)\n", "recordings skipped", pl->set.n_skipped);
    printf("  %-34s %s/%s.c, %s.h\n", "for your firmware", pl->project.out, pl->project.name,
           pl->project.name);
    printf("  %-34s %s\n", "report", mdg_pipeline_file(pl, "report.html"));
}

static mdg_status run(mdg_cli *cli) {
    bool resume = false;
    const mdg_option options[] = {{"--resume", MDG_OPTION_FLAG, &resume}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_target_check_tools(cli, pl.target));
    MDG_TRY(mdg_pipeline_train(&pl, resume));
    MDG_TRY(mdg_pipeline_quantize(&pl));
    MDG_TRY(mdg_pipeline_eval(&pl));
    MDG_TRY(mdg_pipeline_compile(&pl));
    MDG_TRY(mdg_pipeline_verify(&pl));
    MDG_TRY(mdg_pipeline_bench(&pl));
    MDG_TRY(mdg_pipeline_report(&pl));
    MDG_TRY(mdg_power_check(&pl));
    print_summary(&pl);
    return MDG_OK;
}

const mdg_verb mdg_verb_build = {
    .name = "build",
    .summary = "all of it in order: train, quantize, eval, compile, verify, bench, report",
    .help = "midge build DIR [--resume]\n"
            "\n"
            "From DIR/recordings to DIR/out/<name>.c and DIR/out/report.html. What exceeds the budget in "
            "midge.yaml ends\n"
            "the build and names the layer to blame. --resume goes on with an interrupted training.\n"
            "\n"
            "  midge new doorbell\n"
            "  midge build doorbell\n",
    .run = run,
};
