/* SPDX-License-Identifier: MIT
 *
 * model.h: a model file, opened: what the verbs that take a MODEL share.
 */
#ifndef MDG_CLI_MODEL_H
#define MDG_CLI_MODEL_H

#include <jansson.h>

#include "cli/goal.h"
#include "exec/exec.h"
#include "fuse/choose.h"
#include "util/file.h"

typedef struct mdg_model_file {
    const char *path;
    mdg_graph *graph;
    uint64_t hash; /* of the file's bytes: FNV-1a */
} mdg_model_file;

mdg_status mdg_model_load(mdg_cli *cli, const char *path, mdg_model_file *out);

/* Ends with a .tflite (or another model's) suffix; else it is taken as a project's folder. */
bool mdg_model_is_path(const char *arg);

/* Lowers and plans. */
mdg_status mdg_model_program(mdg_cli *cli, const mdg_graph *g, mdg_program *out);
/* The graph that is compiled for an instruction set: without the channels that do nothing (pass/pass.h) */
mdg_status mdg_model_smaller(mdg_cli *cli, const mdg_graph *g, const char *isa, mdg_graph **out);
/* The same of that graph, with the target's own kernels. Fails with MDG_BUDGET where arena, state or weights
 * are more than the goal allows. */
mdg_status mdg_model_target_program(mdg_cli *cli, const mdg_graph *g, const mdg_goal *goal, mdg_program *out);

/* A lowered program for the goal: fused, in bands where that is to save memory, with the target's own kernels
 */
mdg_status mdg_model_specialize(mdg_cli *cli, const mdg_goal *goal, mdg_program *p, mdg_band_report *bands);

/* All inputs, or all outputs, of one inference, in bytes. */
size_t mdg_program_input_bytes(const mdg_program *p);
size_t mdg_program_output_bytes(const mdg_program *p);

/* `repeat` inferences: input holds the bytes of all inputs in order, `repeat` times; output gets the same of
 * outputs. */
mdg_status mdg_model_run(mdg_cli *cli, mdg_exec *x, const uint8_t *input, int repeat, uint8_t *output);

/* Constant bytes that an operator reads (weights, biases), and its multiply-accumulates. */
size_t mdg_op_weights_bytes(const mdg_subgraph *s, const mdg_op *op);
int64_t mdg_graph_macs(const mdg_graph *g);

/* The known target of this name, or a usage error that lists them. */
mdg_status mdg_cli_target(mdg_cli *cli, const char *name, const mdg_target **out);

/* "cortex-m4, ..." */
const char *mdg_target_names(mdg_arena *arena);

/* Fails with MDG_TOOL when the target's compiler or emulator is not in PATH: long work asks first. */
mdg_status mdg_target_check_tools(mdg_cli *cli, const mdg_target *target);

/* Prints a JSON value on stdout, or writes it to a file; both free it. */
mdg_status mdg_json_print(json_t *value);
mdg_status mdg_json_save(json_t *value, const char *path, mdg_diag *diag);
mdg_status mdg_json_load(const char *path, mdg_arena *arena, json_t **out, mdg_diag *diag);

#endif
