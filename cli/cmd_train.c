/* SPDX-License-Identifier: MIT
 *
 * cmd_train.c: `midge train`: from recordings to a float model.
 */
#include "cli/classic.h"

static mdg_status run(mdg_cli *cli) {
    bool resume = false, json = false;
    const mdg_option options[] = {
        {"--resume", MDG_OPTION_FLAG, &resume}, {"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(mdg_cli_together(cli));
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_train(&pl, resume));
    if (cli->parallel.rank > 0) return MDG_OK;
    if (json) {
        json_t *o;
        MDG_TRY(mdg_json_load(mdg_pipeline_file(&pl, "history.json"), cli->arena, &o, &cli->diag));
        return mdg_json_print(o);
    }
    mdg_dataset_print(&pl.set, stdout);
    if (mdg_pipeline_is_classic(&pl)) {
        printf("wrote %s\n", mdg_pipeline_file(&pl, "model.tflite"));
        return MDG_OK;
    }
    const mdg_epoch *best = &pl.history.epochs[pl.history.best_epoch];
    if (pl.n_of[MDG_SPLIT_VALIDATION])
        printf("best epoch %d of %d: %.1f %% of the validation clips right\n", pl.history.best_epoch + 1,
               pl.history.n_epochs, 100 * (double)best->validation_accuracy);
    else
        printf("the last of %d epochs: there are no validation clips to choose one by\n",
               pl.history.n_epochs);
    printf("wrote %s\n", mdg_pipeline_file(&pl, "model_float.tflite"));
    return MDG_OK;
}

const mdg_verb mdg_verb_train = {
    .name = "train",
    .summary = "train a project's network on its recordings",
    .help =
        "midge train DIR [--resume] [--json]\n"
        "\n"
        "Writes DIR/out/model_float.tflite and what belongs to it. After Ctrl-C, --resume goes on from "
        "the last\n"
        "epoch and ends with the same model as an uninterrupted run.\n"
        "\n"
        "DIR/out/training.csv and training.jsonl hold loss, accuracy, learning rate and gradient of every "
        "epoch,\n"
        "and grow as training goes. --json prints them all at the end.\n"
        "\n"
        "  midge train doorbell\n"
        "  midge train doorbell --resume\n"
        "  mpirun -n 2 midge train doorbell     the same model, by two processes, here or on more machines\n",
    .run = run,
};
