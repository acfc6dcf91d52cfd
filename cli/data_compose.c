/* SPDX-License-Identifier: MIT
 *
 * data_compose.c: `midge data compose`.
 */
#include <string.h>

#include "cli/data.h"
#include "cli/pipeline.h"
#include "data/compose.h"

typedef struct compose_args {
    const char *out, *truth, *split, *background;
    double hours, clips_per_hour, targets, snr_min, snr_max;
    int seed;
} compose_args;

static mdg_status parse(mdg_cli *cli, compose_args *a) {
    *a = (compose_args){.split = "test",
                        .hours = 2,
                        .clips_per_hour = 120,
                        .targets = 0.5,
                        .snr_min = 5,
                        .snr_max = 25,
                        .seed = 1};
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &a->out},
                                  {"--truth", MDG_OPTION_TEXT, &a->truth},
                                  {"--split", MDG_OPTION_TEXT, &a->split},
                                  {"--background", MDG_OPTION_TEXT, &a->background},
                                  {"--hours", MDG_OPTION_REAL, &a->hours},
                                  {"--clips-per-hour", MDG_OPTION_REAL, &a->clips_per_hour},
                                  {"--targets", MDG_OPTION_REAL, &a->targets},
                                  {"--snr-min", MDG_OPTION_REAL, &a->snr_min},
                                  {"--snr-max", MDG_OPTION_REAL, &a->snr_max},
                                  {"--seed", MDG_OPTION_COUNT, &a->seed},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!a->out) return mdg_cli_usage(cli, "-o LONG.wav is missing");
    if (a->targets > 1) return mdg_cli_usage(cli, "--targets %g is no share from 0 to 1", a->targets);
    if (a->snr_min > a->snr_max) return mdg_cli_usage(cli, "--snr-min exceeds --snr-max");
    if (a->truth) return MDG_OK;
    const size_t n = strlen(a->out), stem = n > 4 && strcmp(a->out + n - 4, ".wav") == 0 ? n - 4 : n;
    a->truth = mdg_arena_printf(cli->arena, "%.*s.csv", (int)stem, a->out);
    return MDG_OK;
}

static mdg_status split_of(mdg_cli *cli, const char *text, mdg_split *out) {
    for (int s = 0; s < MDG_SPLIT_COUNT; s++) {
        *out = (mdg_split)s;
        if (strcmp(text, mdg_split_text(*out)) == 0) return MDG_OK;
    }
    return mdg_cli_usage(cli, "--split '%s' is none of train, validation, test", text);
}

static mdg_status run(mdg_cli *cli) {
    compose_args a;
    mdg_pipeline pl;
    mdg_dataset set;
    mdg_composed c;
    mdg_compose_opts o;
    bool *targets;
    MDG_TRY(parse(cli, &a));
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    if (pl.project.data.kind != MDG_DATA_AUDIO)
        return mdg_fail(&cli->diag, MDG_UNSUPPORTED, "%s: only sound can be composed", cli->args[0]);
    mdg_data_opts data = pl.project.data;
    if (a.background) data.background = a.background;
    mdg_cli_stage(cli, "reading recordings from %s", data.path);
    MDG_TRY(mdg_dataset_scan(&data, cli->arena, &set, &cli->diag));
    MDG_TRY(mdg_dataset_split(&set, &data.split, &cli->diag));
    MDG_TRY(mdg_dataset_decode(&set, &cli->progress, &cli->diag));
    MDG_TRY(mdg_pipeline_targets(&pl, set.labels, set.n_labels, &targets));
    o = (mdg_compose_opts){.hours = a.hours,
                           .clips_per_hour = a.clips_per_hour,
                           .target_share = a.targets,
                           .is_target = targets,
                           .snr_min_db = (float)a.snr_min,
                           .snr_max_db = (float)a.snr_max,
                           .seed = (uint64_t)a.seed};
    MDG_TRY(split_of(cli, a.split, &o.split));
    mdg_cli_stage(cli, "composing %g hours", a.hours);
    MDG_TRY(mdg_compose(&set, &o, cli->arena, &c, &cli->diag));
    MDG_TRY(mdg_audio_write_wav(a.out, c.samples, c.n, data.sample_rate, &cli->diag));
    MDG_TRY(mdg_compose_write_truth(&c, set.labels, a.truth, &cli->diag));
    printf("wrote %s (%g hours) and %s (%d clips)\n", a.out, a.hours, a.truth, c.n_events);
    return MDG_OK;
}

const mdg_data_verb mdg_data_compose = {.name = "compose", .run = run};
