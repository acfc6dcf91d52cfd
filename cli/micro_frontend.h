/* SPDX-License-Identifier: MIT
 *
 * micro_frontend.h: `--features micro`: a model file that was trained behind TensorFlow Lite Micro's micro
 * front end (micro_speech, microWakeWord) compiled with it, samples in and scores out.
 */
#ifndef MDG_CLI_MICRO_FRONTEND_H
#define MDG_CLI_MICRO_FRONTEND_H

#include "cli/model.h"
#include "emit/emit.h"

typedef struct mdg_micro_opts {
    int hop_ms;         /* from one row to the next; 0 = 20, as micro_speech's */
    const char *labels; /* "silence,unknown,yes,no", or NULL: numbers */
} mdg_micro_opts;

/* What stands before and behind the model, in the arena of cli.
 * Returns MDG_OK; MDG_UNSUPPORTED for a model whose input the front end does not give, MDG_INVALID for labels
 * that are not one for each score, or for a hop that cannot be. */
mdg_status mdg_micro_frontend(mdg_cli *cli, const mdg_model_file *model, const mdg_micro_opts *opts,
                              mdg_emit_frontend **out);

#endif
