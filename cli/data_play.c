/* SPDX-License-Identifier: MIT
 *
 * data_play.c: `midge data play`.
 */
#include "cli/data.h"
#include "data/data.h"
#include "record/play.h"
#include "util/file.h"

static mdg_status run(mdg_cli *cli) {
    const char *device = "alsa:default";
    double seconds;
    const mdg_option options[] = {{"--device", MDG_OPTION_TEXT, &device}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    const char *file = cli->args[0];
    if (!mdg_data_is_clip(MDG_DATA_AUDIO, file) && mdg_file_exists(file))
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: is no sound; `midge data show` draws it", file);
    MDG_TRY(mdg_play(file, device, &cli->progress, &seconds, &cli->diag));
    mdg_cli_progress_end(cli);
    printf("%s: %.2f s played\n", file, seconds);
    return MDG_OK;
}

const mdg_data_verb mdg_data_play = {.name = "play", .run = run};
