/* SPDX-License-Identifier: MIT
 *
 * target.h: generated code on the emulated target: what compile, verify and bench share between projects and
 * bare model files.
 */
#ifndef MDG_CLI_TARGET_H
#define MDG_CLI_TARGET_H

#include "cli/cost.h"
#include "emit/emit.h"

/* Writes <opts->folder>/<opts->name>.c and .h for the program; fills in ISA, model hash and command line. */
mdg_status mdg_cli_emit(mdg_cli *cli, const mdg_model_file *m, const mdg_program *p, mdg_emit_opts *opts);

/* A name that C takes: letters, digits and _, no digit in front */
bool mdg_is_identifier(const char *name);

/* Inputs of `repeat` inferences that are the same everywhere: random bytes, or for float tensors random
 * numbers between -1 and 1. */
uint8_t *mdg_random_inputs(mdg_arena *arena, const mdg_program *p, int repeat);

/* Compiles a model for the goal, runs it once on the emulated target and fills in out, whose target and
 * timing are set. Fails with MDG_BUDGET where it needs more than the goal allows, and out is filled all the
 * same if it ran. */
mdg_status mdg_model_measure(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal, mdg_cost_view *out);

#endif
