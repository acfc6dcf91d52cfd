/* SPDX-License-Identifier: MIT
 *
 * data_show.c: `midge data show`.
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/collection.h"
#include "cli/data.h"
#include "collection/draw.h"

enum { COLUMNS = 76, WIDEST = 400 };

static int columns_of_terminal(void) {
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return COLUMNS;
    return size.ws_col - 1 < WIDEST ? size.ws_col - 1 : WIDEST;
}

static mdg_status run(mdg_cli *cli) {
    const char *png = NULL, *kind_text = NULL;
    double rate = 0;
    int columns = 0, kind;
    mdg_drawing d;
    const mdg_option options[] = {{"--png", MDG_OPTION_TEXT, &png},
                                  {"--kind", MDG_OPTION_TEXT, &kind_text},
                                  {"--rows-hz", MDG_OPTION_REAL, &rate},
                                  {"--columns", MDG_OPTION_COUNT, &columns},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(mdg_collection_kind(cli, kind_text, &kind));
    if (columns > WIDEST) return mdg_cli_usage(cli, "--columns %d is more than %d", columns, WIDEST);
    MDG_TRY(mdg_draw_read(cli->args[0], kind, rate, cli->arena, &d, &cli->diag));
    if (png) {
        MDG_TRY(mdg_draw_png(&d, png, cli->arena, &cli->diag));
        printf("wrote %s\n", png);
        return MDG_OK;
    }
    mdg_draw_text(&d, columns ? columns : columns_of_terminal(), cli->arena, stdout);
    return MDG_OK;
}

const mdg_data_verb mdg_data_show = {.name = "show", .run = run};
