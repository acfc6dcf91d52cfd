/* SPDX-License-Identifier: MIT
 *
 * cmd_optimize.c: `midge optimize`: a trained network made to fit: fewer bits, fewer channels, trained again.
 */
#include <math.h>
#include <string.h>

#include "cli/estimate.h"
#include "cli/network.h"
#include "cli/pipeline.h"
#include "train/prune.h"

enum { ROUNDS = 2, GRANULE = 4 };

/* What a network is worth: right decisions on the validation clips, in integers; what it needs */
typedef struct figures {
    double accuracy;
    mdg_needs needs;
} figures;

typedef struct optimizing {
    mdg_cli *cli;
    mdg_pipeline pl;     /* out: where it tries */
    const char *out;     /* of the project */
    mdg_goal goal;       /* with the budget */
    double max_drop;     /* share of decisions */
    int epochs;          /* after each pruning */
    mdg_net *elder;      /* the network as it was trained, which teaches the narrower ones */
    mdg_net *net;        /* the network as it is now */
    const char *weights; /* that the network has now, and had not before; or NULL */
    figures before, now;
} optimizing;

/* ==== Figures ==== */

static mdg_status measure(optimizing *o, figures *out) {
    mdg_model_file model;
    MDG_TRY(mdg_pipeline_keep(&o->pl, o->net));
    MDG_TRY(mdg_pipeline_quantize(&o->pl));
    MDG_TRY(mdg_pipeline_model(&o->pl, "model.tflite", "quantize", &model));
    MDG_TRY(mdg_graph_needs(o->cli, model.graph, &o->goal, &out->needs));
    return mdg_pipeline_accuracy(&o->pl, MDG_SPLIT_VALIDATION, &out->accuracy);
}

static double share_of(const optimizing *o, const figures *f) {
    return mdg_needs_share(&f->needs, &o->goal.budget);
}

static bool is_good(const optimizing *o, const figures *f) {
    return share_of(o, f) <= 1 && o->before.accuracy - f->accuracy <= o->max_drop + 1e-9;
}

static void print_figures(const char *name, const figures *f) {
    printf("%-22s %8.1f %% %9.0f %9.0f %13.0f\n", name, 100 * f->accuracy, f->needs.flash, f->needs.ram,
           f->needs.instructions);
}

/* ==== Fewer bits ==== */

/* Such weights, if they do, or if they leave accuracy for pruning to lose */
static mdg_status try_weights(optimizing *o, const char *weights, const char *title) {
    const char *before = o->pl.project.quantize.weights;
    figures f;
    o->pl.project.quantize.weights = weights;
    MDG_TRY(measure(o, &f));
    print_figures(title, &f);
    if (is_good(o, &f) || o->before.accuracy - f.accuracy <= o->max_drop / 2) {
        o->now = f;
        o->weights = weights;
    } else {
        o->pl.project.quantize.weights = before;
    }
    return MDG_OK;
}

/* Where flash alone is too small. Clustered weights lose less, but are decoded only where flash comes first.
 */
static mdg_status try_few_bits(optimizing *o) {
    mdg_budget others = o->goal.budget;
    others.flash = 0;
    const char *weights = o->pl.project.quantize.weights;
    if ((weights && strcmp(weights, "int8") != 0) || mdg_needs_share(&o->now.needs, &others) > 1)
        return MDG_OK;
    if (o->goal.optimize == MDG_OPTIMIZE_size) MDG_TRY(try_weights(o, "cluster16", "weights of 16 values"));
    return o->weights ? MDG_OK : try_weights(o, "int4", "weights of 4 bits");
}

/* ==== Fewer channels ==== */

/* The largest share of a limit that a net of this shape needs */
static double share_of_spec(void *context, const mdg_net_spec *spec) {
    optimizing *o = context;
    mdg_cli cli = *o->cli;
    mdg_model_file model;
    mdg_needs needs;
    mdg_net *net;
    double share = -1;
    cli.arena = mdg_arena_new();
    cli.progress.report = NULL;
    cli.quiet = true;
    if (mdg_net_new(spec, 1, cli.arena, &net, NULL) == MDG_OK) {
        if (mdg_network_int8(&cli, &o->pl.project, net, &model) == MDG_OK &&
            mdg_graph_needs(&cli, model.graph, &o->goal, &needs) == MDG_OK)
            share = mdg_needs_share(&needs, &o->goal.budget);
        mdg_net_free(net);
    }
    mdg_arena_free(cli.arena);
    return mdg_cli_interrupted() ? -1 : share;
}

static mdg_status prune_once(optimizing *o, double target) {
    const mdg_prune_opts opts = {.target = target, .granule = GRANULE, .cost = share_of_spec, .context = o};
    mdg_net *narrower;
    mdg_cli_stage(o->cli, "taking out channels: from %.0f %% of the budget to %.0f %%",
                  100 * share_of(o, &o->now), 100 * target);
    const mdg_status status = mdg_net_prune(o->net, &opts, o->cli->arena, &narrower, &o->cli->diag);
    if (status == MDG_BUDGET)
        return mdg_fail(
            &o->cli->diag, status,
            "%s: with as few channels as there can be, the network still does not fit the budget; another "
            "architecture may need less (midge search)",
            o->pl.project.folder);
    if (mdg_cli_interrupted()) return mdg_fail(&o->cli->diag, MDG_INTERRUPTED, "interrupted");
    MDG_TRY(status);
    if (o->net != o->elder) mdg_net_free(o->net);
    o->net = narrower;
    MDG_TRY(mdg_pipeline_tune(&o->pl, o->net, o->elder));
    return measure(o, &o->now);
}

/* In equal steps, each followed by training; the last one again where a little is missing */
static mdg_status prune(optimizing *o) {
    const double start = share_of(o, &o->now);
    for (int round = 1; round <= ROUNDS + 1 && share_of(o, &o->now) > 1; round++) {
        const double target = round < ROUNDS    ? pow(start, 1 - (double)round / ROUNDS)
                              : round == ROUNDS ? 1
                                                : 0.97;
        MDG_TRY(prune_once(o, target));
        print_figures(mdg_arena_printf(o->cli->arena, "pruned, step %d", round), &o->now);
    }
    return MDG_OK;
}

/* ==== All of it ==== */

static mdg_status judge(optimizing *o) {
    const double drop = 100 * (o->before.accuracy - o->now.accuracy);
    if (share_of(o, &o->now) > 1)
        return mdg_fail(
            &o->cli->diag, MDG_BUDGET,
            "%s: still needs %.0f %% of the budget; %s is as it was; another architecture may need less "
            "(midge search)",
            o->pl.project.folder, 100 * share_of(o, &o->now), o->out);
    if (is_good(o, &o->now)) return MDG_OK;
    return mdg_fail(
        &o->cli->diag, MDG_BUDGET,
        "%s: to fit the budget costs %.1f points, %.1f are allowed; %s is as it was; --max-drop, more "
        "--epochs or a larger budget would help",
        o->pl.project.folder, drop, 100 * o->max_drop, o->out);
}

static mdg_status shrink(optimizing *o) {
    MDG_TRY(measure(o, &o->before));
    o->now = o->before;
    printf("%-22s %10s %9s %9s %13s\n", "", "accuracy", "flash", "RAM", "instructions");
    print_figures("as trained", &o->before);
    if (share_of(o, &o->now) > 1) MDG_TRY(try_few_bits(o));
    if (share_of(o, &o->now) > 1) MDG_TRY(prune(o));
    MDG_TRY(judge(o));
    o->pl.project.out = o->out;
    return measure(o, &o->now);
}

/* Fine-tuning: the project's training, shorter and gentler */
static void soften(mdg_train_opts *t, int epochs) {
    t->epochs = epochs ? epochs : (t->epochs + 3) / 4;
    t->warmup_epochs = 0;
    t->learning_rate *= 0.5f;
    t->step_epochs = t->step_epochs > t->epochs ? t->epochs : t->step_epochs;
}

static mdg_status optimize(optimizing *o) {
    mdg_pipeline *pl = &o->pl;
    MDG_TRY(mdg_pipeline_net(pl, &o->elder));
    o->net = o->elder;
    if (!pl->n_of[MDG_SPLIT_VALIDATION]) {
        mdg_net_free(o->elder);
        return mdg_fail(&o->cli->diag, MDG_INVALID,
                        "%s/midge.yaml: what is lost is seen on validation clips, and there are none; set "
                        "data.validation or data.validation_groups",
                        pl->project.folder);
    }
    soften(&pl->project.train, o->epochs);
    pl->project.budget = (mdg_budget){0};
    pl->project.out = mdg_arena_printf(o->cli->arena, "%s/optimize", o->out);
    mdg_status status = mdg_folder_make(pl->project.out, &o->cli->diag);
    if (status == MDG_OK) status = shrink(o);
    if (o->net != o->elder) mdg_net_free(o->net);
    mdg_net_free(o->elder);
    return status;
}

static mdg_status run(mdg_cli *cli) {
    optimizing o = {.cli = cli};
    mdg_budget given = {0};
    double max_drop = 1;
    const mdg_option options[] = {{"--ram", MDG_OPTION_SIZE, &given.ram},
                                  {"--flash", MDG_OPTION_SIZE, &given.flash},
                                  {"--instructions", MDG_OPTION_LARGE, &given.instructions},
                                  {"--max-drop", MDG_OPTION_REAL, &max_drop},
                                  {"--epochs", MDG_OPTION_COUNT, &o.epochs},
                                  {"--optimize", MDG_OPTION_TEXT, &o.goal.optimize_name},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(mdg_goal_of_project(cli, &o.goal, &o.goal.optimize));
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &o.pl));
    o.goal.target = o.pl.target;
    o.goal.target_name = o.pl.target->name;
    o.goal.budget = o.pl.project.budget;
    if (given.ram) o.goal.budget.ram = given.ram;
    if (given.flash) o.goal.budget.flash = given.flash;
    if (given.instructions) o.goal.budget.instructions = given.instructions;
    if (!o.goal.budget.ram && !o.goal.budget.flash && !o.goal.budget.instructions)
        return mdg_cli_usage(
            cli, "what shall it fit into? --ram, --flash, --instructions, or budget in midge.yaml");
    o.max_drop = max_drop / 100;
    o.out = o.pl.project.out;
    MDG_TRY(optimize(&o));
    print_figures("now", &o.now);
    printf("wrote %s/model_float.tflite and model.tflite; `midge eval %s` judges them, `midge compile %s` "
           "goes on\n",
           o.out, o.pl.project.folder, o.pl.project.folder);
    if (o.weights)
        printf("`midge quantize` needs quantize.weights: %s in midge.yaml to do the same again\n", o.weights);
    return MDG_OK;
}

const mdg_verb mdg_verb_optimize = {
    .name = "optimize",
    .summary = "make a trained network fit a budget",
    .help = "midge optimize DIR [--ram BYTES] [--flash BYTES] [--instructions N] [--max-drop POINTS] "
            "[--epochs N]\n"
            "                   [--optimize AIM]\n"
            "\n"
            "Takes the network of `midge train` (trains it first where that was not done) and makes it fit "
            "the limits\n"
            "given here, or those of budget in midge.yaml: with weights of 4 bits where flash alone is "
            "short (or of 16\n"
            "values, which lose less, with --optimize size), else by taking out channels. Those go first "
            "that matter\n"
            "least for what they cost on the target, in multiples of 4; in two steps, each followed by "
            "training for N\n"
            "epochs (a quarter of train.epochs) at half the rate.\n"
            "\n"
            "Accuracy is that of the integer model on the validation clips. Where more than POINTS (1) of it "
            "are lost,\n"
            "or the limits stay out of reach, the model stays as it was, and the last line says what was "
            "missing.\n"
            "Flash is of weights, RAM of arena and state, instructions are estimated: `midge bench` measures "
            "all three.\n"
            "\n"
            "  midge optimize doorbell --instructions 2M\n"
            "  midge optimize doorbell --flash 16k --ram 12k --max-drop 0.5 && midge eval doorbell\n",
    .run = run,
};
