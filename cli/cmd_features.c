/* SPDX-License-Identifier: MIT
 *
 * cmd_features.c: `midge features`: what a model sees of one recording.
 */
#include <string.h>

#include "cli/feature_rows.h"
#include "cli/model.h"

/* Options that stand for keys of midge.yaml where there is no project */
static const struct {
    const char *option, *section, *key;
} keys[] = {{"--data", "data", "kind"},
            {"--rate", "data", "sample_rate"},
            {"--image", "data", "image"},
            {"--kind", "features", "kind"},
            {"--window-ms", "features", "window_ms"},
            {"--hop-ms", "features", "hop_ms"},
            {"--mels", "features", "mels"},
            {"--coefficients", "features", "coefficients"},
            {"--low-hz", "features", "low_hz"},
            {"--high-hz", "features", "high_hz"},
            {"--statistics", "features", "statistics"},
            {"--envelope", "features", "envelope"},
            {"--decimate", "features", "decimate"},
            {"--filter", "features", "filter"},
            {"--filter-order", "features", "filter_order"},
            {"--filter-low-hz", "features", "filter_low_hz"},
            {"--filter-high-hz", "features", "filter_high_hz"},
            {"--crop", "features", "crop"},
            {"--resize", "features", "resize"},
            {"--scaling", "features", "scaling"},
            {"--grey", "features", "grey"}};
enum { N_KEYS = sizeof keys / sizeof *keys };

typedef struct features_args {
    const char *csv, *png;
    bool json;
    const char *values[N_KEYS];
} features_args;

static mdg_status parse(mdg_cli *cli, features_args *a) {
    mdg_option options[N_KEYS + 4] = {{"--csv", MDG_OPTION_TEXT, &a->csv},
                                      {"--png", MDG_OPTION_TEXT, &a->png},
                                      {"--json", MDG_OPTION_FLAG, &a->json}};
    for (int i = 0; i < N_KEYS; i++)
        options[3 + i] = (mdg_option){keys[i].option, MDG_OPTION_TEXT, &a->values[i]};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 2));
    for (int i = 0; i < N_KEYS; i++)
        if (a->values[i] && cli->n_args == 2)
            return mdg_cli_usage(cli, "%s is for recordings without a project; that of %s has midge.yaml",
                                 keys[i].option, cli->args[0]);
    return MDG_OK;
}

static const char *kind_of(const char *file) {
    static const char *const kinds[] = {"audio", "series", "images"};
    for (int k = 0; k < 3; k++)
        if (mdg_data_is_clip((mdg_data_kind)k, file)) return kinds[k];
    return "audio";
}

/* 'it''s': YAML's quotes */
static const char *quote(mdg_arena *arena, const char *text) {
    char *out = mdg_arena_alloc(arena, 2 * strlen(text) + 3), *p = out;
    *p++ = '\'';
    for (; *text; text++) {
        if (*text == '\'') *p++ = '\'';
        *p++ = *text == '\n' ? ' ' : *text;
    }
    *p = '\'';
    return out;
}

/* The options as a midge.yaml, so that defaults, limits and messages are those of a project */
static mdg_status project_of_options(mdg_cli *cli, features_args *a, const char *file, mdg_project *out) {
    const char *text = "", *section = "";
    if (!a->values[0]) a->values[0] = kind_of(file);
    for (int i = 0; i < N_KEYS; i++) {
        if (!a->values[i]) continue;
        if (strcmp(keys[i].section, section) != 0)
            text = mdg_arena_printf(cli->arena, "%s%s:\n", text, keys[i].section);
        section = keys[i].section;
        text =
            mdg_arena_printf(cli->arena, "%s  %s: %s\n", text, keys[i].key, quote(cli->arena, a->values[i]));
    }
    MDG_TRY(mdg_project_parse(text, strlen(text), "options", cli->arena, out, &cli->diag));
    const mdg_feature_opts *f = &out->features; /* a clip, which nobody cuts here, must hold a frame */
    const int64_t frame_ms = 1 + f->window_us / 1000 + (int64_t)f->decimate * 1000 / f->sample_rate;
    if (f->clip_ms < frame_ms) out->features.clip_ms = (int)frame_ms;
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    features_args a = {.csv = NULL};
    mdg_project p;
    mdg_feature_rows rows;
    MDG_TRY(parse(cli, &a));
    const char *file = cli->args[cli->n_args - 1];
    if (cli->n_args == 2) {
        MDG_TRY(mdg_project_load(cli->args[0], cli->arena, &p, &cli->diag));
        MDG_TRY(mdg_feature_settle(cli, &p));
    } else {
        MDG_TRY(project_of_options(cli, &a, file, &p));
    }
    MDG_TRY(mdg_feature_rows_read(cli, &p, file, &rows));
    if (a.csv) MDG_TRY(mdg_feature_rows_csv(&rows, a.csv, &cli->diag));
    if (a.png) MDG_TRY(mdg_feature_rows_png(cli->arena, &rows, a.png, &cli->diag));
    if (a.json) return mdg_json_print(mdg_feature_rows_json(&rows));
    mdg_feature_rows_print(&rows, stdout);
    return MDG_OK;
}

const mdg_verb mdg_verb_features = {
    .name = "features",
    .summary = "show what a model sees of one recording, as numbers and as a picture",
    .help =
        "midge features DIR FILE [--csv OUT.csv] [--png OUT.png] [--json]\n"
        "midge features FILE [OPTION...] [--csv OUT.csv] [--png OUT.png] [--json]\n"
        "\n"
        "Computes the features of FILE (sound; CSV or WAV of a sensor; a picture) as the project DIR does, "
        "or by the\n"
        "options: the same integers as on the device, from the recording's first sample to its last. Prints "
        "least, "
        "mean\nand largest value of each column; --csv writes a row a frame in the block's units, --png a "
        "picture "
        "with axes.\n"
        "\n"
        "Options, without a project; each is the key of midge.yaml (`midge new --keys`) with its default and "
        "limits:\n"
        "  --kind log_mel|mfcc|micro|spectrogram|spectral|raw    --data audio|series|images (by the file's "
        "name)\n"
        "  --rate HZ  --window-ms N  --hop-ms N  --mels N  --coefficients N  --low-hz F  --high-hz F\n"
        "  --statistics yes|no  --envelope N  --decimate N  --image HxW\n"
        "  --filter low_pass|high_pass|band_pass  --filter-order N  --filter-low-hz F  --filter-high-hz F\n"
        "  --crop HxW  --resize HxW  --scaling area|bilinear  --grey yes|no    (pictures, as on the device)\n"
        "\n"
        "  midge features doorbell doorbell/recordings/bell/1.wav --png bell.png\n"
        "  midge features yes.wav --kind mfcc --mels 40 --coefficients 13 --csv yes.csv\n"
        "  midge features motor.csv --kind spectral --rate 1600 --window-ms 160 --hop-ms 80 --mels 16 "
        "--json\n"
        "  midge features camera.png --crop 240 --resize 96 --grey yes --png seen.png\n",
    .run = run,
};
