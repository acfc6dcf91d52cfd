/* SPDX-License-Identifier: MIT
 *
 * cmd_new.c: `midge new`: a project folder to start from.
 */
#include <string.h>

#include "cli/cli.h"
#include "project/project.h"
#include "util/file.h"

static const char keyword_yaml[] =
    "# A midge project: keyword spotting. `midge build` trains it, compiles it, and proves it on an emulated "
    "board.\n"
    "# What is not written here has its default; `midge new --keys` lists every key.\n"
    "\n"
    "data:\n"
    "  path: recordings          # recordings/<label>/*.wav (or flac, ogg, mp3, ...)\n"
    "  # labels: [yes, no]       # only these words; what else is found becomes `unknown`\n"
    "  # unknown: unknown\n"
    "  # silence: silence        # a class of its own, cut from the noise recordings below\n"
    "  # background: background  # folder of long noise recordings, mixed in while training\n"
    "  # pattern: \"{group}_*\"    # the speaker stands in front of the first _ of a file's name ...\n"
    "  # split_by: group         # ... and nobody is heard both in training and in the test\n"
    "  sample_rate: 16000\n"
    "  clip_ms: 1000\n"
    "\n"
    "features:\n"
    "  kind: mfcc                # or log_mel\n"
    "  window_ms: 32\n"
    "  hop_ms: 20\n"
    "  mels: 40\n"
    "  coefficients: 10\n"
    "\n"
    "model:\n"
    "  architecture: ds_cnn      # resnet8, conv1d, ...: docs/TRAINING.md; or a list of layers\n"
    "  threshold: 0.6            # score from which a word counts as recognised\n"
    "\n"
    "train:\n"
    "  epochs: 40\n"
    "\n"
    "target: cortex-m4\n"
    "\n"
    "budget:                     # what does not fit ends the build and names the layer to blame\n"
    "  ram: 64 KB\n"
    "  flash: 256 KB\n";

static const char keyword_readme[] =
    "# A keyword spotter made with midge\n"
    "\n"
    "1. Put recordings of about a second each under `recordings/`, one folder a word:\n"
    "\n"
    "       recordings/yes/ann_1.wav\n"
    "       recordings/no/ben_7.flac\n"
    "\n"
    "   Some dozens of each word, by as many people as you can find, make a start; any file that FFmpeg "
    "reads will do.\n"
    "   A folder of other words (`recordings/unknown/`) teaches the model what is not meant.\n"
    "2. Look through `midge.yaml`.\n"
    "3. `midge build .` trains, quantises, compiles, and runs every test clip on an emulated Cortex-M4.\n"
    "4. `out/report.html` tells how good it is; `out/*.c` and `out/*.h` are what your firmware needs.\n";

typedef struct project_template {
    const char *name, *yaml, *readme;
} project_template;

static const project_template templates[] = {{"keyword", keyword_yaml, keyword_readme}};

static mdg_status find_template(mdg_cli *cli, const char *name, const project_template **out) {
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        if (strcmp(templates[i].name, name) == 0) {
            *out = &templates[i];
            return MDG_OK;
        }
    return mdg_cli_usage(cli, "there is no template '%s'; known is keyword", name);
}

static mdg_status write_text(mdg_cli *cli, const char *folder, const char *name, const char *text) {
    return mdg_file_write(mdg_arena_printf(cli->arena, "%s/%s", folder, name), text, strlen(text),
                          &cli->diag);
}

static mdg_status run(mdg_cli *cli) {
    const char *template_name = "keyword";
    bool keys = false;
    const mdg_option options[] = {
        {"--template", MDG_OPTION_TEXT, &template_name}, {"--keys", MDG_OPTION_FLAG, &keys}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 0, 1));
    if (keys) {
        mdg_project_print_keys(stdout);
        return MDG_OK;
    }
    if (cli->n_args == 0) return mdg_cli_usage(cli, "the folder is missing");
    const project_template *t;
    MDG_TRY(find_template(cli, template_name, &t));
    const char *folder = cli->args[0];
    if (mdg_file_exists(mdg_arena_printf(cli->arena, "%s/midge.yaml", folder)))
        return mdg_fail(&cli->diag, MDG_INVALID, "%s/midge.yaml exists already and is left as it is", folder);
    MDG_TRY(mdg_folder_make(mdg_arena_printf(cli->arena, "%s/recordings", folder), &cli->diag));
    MDG_TRY(write_text(cli, folder, "README.md", t->readme));
    MDG_TRY(write_text(cli, folder, "midge.yaml", t->yaml));
    printf("%s is ready: put recordings under %s/recordings/<label>/, then run\n  midge build %s\n", folder,
           folder, folder);
    return MDG_OK;
}

const mdg_verb mdg_verb_new = {
    .name = "new",
    .summary = "make a project folder",
    .help =
        "midge new DIR [--template keyword]    make DIR with a commented midge.yaml and a README\n"
        "midge new --keys                      list every key of midge.yaml with default, range and meaning\n"
        "\n"
        "  midge new doorbell\n"
        "  cp -r ~/sounds/ring ~/sounds/other doorbell/recordings/\n"
        "  midge build doorbell\n",
    .run = run,
};
