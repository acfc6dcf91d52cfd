/* SPDX-License-Identifier: MIT
 *
 * stream.h: --stream of the verbs that compile a model file, and what `verify --stream` compares.
 *
 *     MDG_TRY(mdg_model_load(cli, path, &model));
 *     MDG_TRY(mdg_model_stream(cli, &goal, &model));
 */
#ifndef MDG_CLI_STREAM_H
#define MDG_CLI_STREAM_H

#include "cli/model.h"

/* Where the goal says so, the model becomes the one that takes a hop (pass/stream.h), after its channels that
 * do nothing are gone; else it stays. */
mdg_status mdg_model_stream(mdg_cli *cli, const mdg_goal *goal, mdg_model_file *model);

/* The outputs of a model that streams, on n hops of input, where they have meaning: against those of the
 * whole model on each window. Returns MDG_OK, or MDG_MISMATCH. */
mdg_status mdg_stream_compare(mdg_cli *cli, const mdg_model_file *whole, const mdg_streaming *s,
                              const uint8_t *input, const uint8_t *outputs, int n);

#endif
