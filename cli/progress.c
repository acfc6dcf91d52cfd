/* SPDX-License-Identifier: MIT
 *
 * progress.c: how far long work is. The interrupt flag is the one global of the program: a signal handler
 * has no other way to tell.
 */
#include <signal.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

enum { BAR_WIDTH = 30, PLAIN_SECONDS = 5 };

static volatile sig_atomic_t interrupted;

typedef struct bar {
    bool terminal, drawn, silent;
    double last; /* time of the last line */
    char text[160];
} bar;

bool mdg_cli_interrupted(void) {
    return interrupted;
}

static void on_interrupt(int number) {
    (void)number;
    if (interrupted) _exit(130);
    interrupted = 1;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void draw_bar(bar *b, double share, const char *text) {
    char cells[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) cells[i] = share * BAR_WIDTH > i ? '=' : ' ';
    cells[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r\033[K  [%s] %3.0f %%  %s", cells, 100 * share, text);
    fflush(stderr);
    b->drawn = true;
}

/* A terminal gets ten pictures a second; a log gets a line when the text is new, at most one in
 * PLAIN_SECONDS. */
static bool report(void *context, double done, double total, const char *text) {
    bar *b = context;
    const double share = total > 0 ? done / total : 0, time = now();
    const bool complete = done >= total;
    if (b->silent) return !interrupted;
    if (text) snprintf(b->text, sizeof b->text, "%s", text);
    if (b->terminal && (complete || time - b->last >= 0.1)) {
        draw_bar(b, share, b->text);
        b->last = time;
    } else if (!b->terminal && text && time - b->last >= PLAIN_SECONDS) {
        fprintf(stderr, "  %3.0f %%  %s\n", 100 * share, text);
        b->last = time;
    }
    return !interrupted;
}

void mdg_cli_progress_start(mdg_cli *cli) {
    bar *b = mdg_arena_alloc(cli->arena, sizeof *b);
    b->terminal = isatty(STDERR_FILENO);
    b->last = now();
    cli->progress = (mdg_progress){.report = report, .context = b};
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void mdg_cli_progress_end(mdg_cli *cli) {
    bar *b = cli->progress.context;
    if (b->drawn) fputs("\r\033[K", stderr);
    b->drawn = false;
    b->text[0] = '\0';
}

mdg_status mdg_cli_together(mdg_cli *cli) {
    bar *b = cli->progress.context;
    MDG_TRY(mdg_parallel_open(&cli->parallel, &cli->diag));
    b->silent = cli->parallel.rank > 0;
    return MDG_OK;
}

void mdg_cli_stage(mdg_cli *cli, const char *format, ...) {
    const bar *b = cli->progress.context;
    if (cli->quiet) return;
    mdg_cli_progress_end(cli);
    if (b->silent) return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}
