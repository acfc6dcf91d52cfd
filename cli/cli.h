/* SPDX-License-Identifier: MIT
 *
 * cli.h: what all verbs share: the command's arena, its one line of failure, its options, its progress bar.
 * A verb is a function cmd_<verb>; it fills cli->diag on failure and main() prints that line and picks the
 * exit code.
 *
 *     static const char *input;
 *     const mdg_option options[] = {{"--input", MDG_OPTION_TEXT, &input}, {0}};
 *     MDG_TRY(mdg_cli_parse(cli, options, 1, 1));       // one positional argument: cli->args[0]
 */
#ifndef MDG_CLI_H
#define MDG_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "parallel/parallel.h"
#include "util/arena.h"
#include "util/diag.h"
#include "util/progress.h"

typedef struct mdg_cli mdg_cli;

typedef struct mdg_verb {
    const char *name;
    const char *summary; /* one line of `midge --help` */
    const char *help;    /* all of `midge VERB --help` */
    mdg_status (*run)(mdg_cli *cli);
} mdg_verb;

enum { MDG_CLI_MAX_ARGS = 8 };

struct mdg_cli {
    const mdg_verb *verb;
    int argc; /* what follows the verb */
    char **argv;
    const char *command_line; /* the whole of it, for the head of generated files */
    mdg_arena *arena;
    mdg_diag diag;
    mdg_progress progress;
    mdg_parallel parallel;              /* alone until mdg_cli_together */
    const char *args[MDG_CLI_MAX_ARGS]; /* positional arguments, after mdg_cli_parse */
    int n_args;
    bool usage; /* the failure is one of usage: exit code 2 */
    bool quiet; /* mdg_cli_stage says nothing: the work is part of something larger */
};

typedef enum mdg_option_kind {
    MDG_OPTION_FLAG,
    MDG_OPTION_TEXT,
    MDG_OPTION_COUNT,
    MDG_OPTION_SIZE,
    MDG_OPTION_LARGE,
    MDG_OPTION_REAL
} mdg_option_kind;

typedef struct mdg_option {
    const char *name; /* "--input", or "-o" */
    mdg_option_kind kind;
    void *value; /* bool *, const char **, int * (a whole number from 1 up), size_t * (bytes, "32k"; of
                   LARGE a number, "2M" of 1,000), or double * (0 or more) */
} mdg_option;

/* Parses cli->argv: options (a table that ends with a NULL name) anywhere, the rest positional.
 * Returns MDG_OK, or MDG_INVALID with cli->usage set. */
mdg_status mdg_cli_parse(mdg_cli *cli, const mdg_option *options, int min_args, int max_args);

/* What a verb with parts does, as `midge data ls`: the first argument names one of a list that ends with
 * NULL. */
typedef struct mdg_subverb {
    const char *name;
    mdg_status (*run)(mdg_cli *cli);
} mdg_subverb;

mdg_status mdg_cli_subverb(mdg_cli *cli, const mdg_subverb *const *parts);

/* A failure of usage: the message, and where to read more. Returns MDG_INVALID. */
mdg_status mdg_cli_usage(mdg_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The progress bar: one moving line on a terminal, otherwise a plain line now and then; both on stderr.
 * Installs the handler of Ctrl-C: the first one makes report() return false, the second one ends the process.
 */
void mdg_cli_progress_start(mdg_cli *cli);
void mdg_cli_progress_end(mdg_cli *cli); /* leaves the terminal's line clean */

/* For verbs that can work in several processes (mpirun): finds the others. All but the first one are silent
 * from here on, except for the line of their failure. Returns MDG_OK or MDG_IO. */
mdg_status mdg_cli_together(mdg_cli *cli);

/* Whether Ctrl-C was pressed, for a verb that has no progress to report. */
bool mdg_cli_interrupted(void);

/* A headline before a stage ("training"), on stderr. */
void mdg_cli_stage(mdg_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* In the order of `midge --help`. */
#define MDG_VERB_LIST(V)                                                                                     \
    V(new)                                                                                                   \
    V(model)                                                                                                 \
    V(train)                                                                                                 \
    V(quantize)                                                                                              \
    V(eval)                                                                                                  \
    V(compile)                                                                                               \
    V(verify)                                                                                                \
    V(bench)                                                                                                 \
    V(power)                                                                                                 \
    V(package)                                                                                               \
    V(update)                                                                                                \
    V(ble)                                                                                                   \
    V(record)                                                                                                \
    V(data)                                                                                                  \
    V(features)                                                                                              \
    V(build)                                                                                                 \
    V(search)                                                                                                \
    V(optimize)                                                                                              \
    V(run)                                                                                                   \
    V(inspect)                                                                                               \
    V(compare)                                                                                               \
    V(operators)                                                                                             \
    V(dump)

#define MDG_VERB_DECLARE(name) extern const mdg_verb mdg_verb_##name;
MDG_VERB_LIST(MDG_VERB_DECLARE)

#endif
