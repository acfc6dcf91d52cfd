/* SPDX-License-Identifier: MIT
 *
 * cost_report.h: what an inference costs, as parts of the HTML report, and as a report of its own.
 */
#ifndef MDG_CLI_COST_REPORT_H
#define MDG_CLI_COST_REPORT_H

#include "cli/cost.h"
#include "report/report.h"

mdg_report_cost mdg_cost_report(mdg_arena *arena, const mdg_cost_view *v);          /* without a budget */
const mdg_report_op *mdg_cost_report_ops(mdg_arena *arena, const mdg_cost_view *v); /* as many as v has */

/* Writes a report of the costs to `path`. `anchors` (or NULL) is a folder with tflm_cmsis_nn.json: an object
 * for each model, with m4_instructions, m55_instructions, m0plus_instructions, m4_arena_bytes, m4_code_bytes
 * and model_bytes, by which the model's file is known. Returns MDG_OK, MDG_NOT_FOUND or MDG_INVALID
 * (anchors), or MDG_IO. */
mdg_status mdg_cost_html(mdg_cli *cli, const mdg_cost_view *v, const char *model, const char *anchors,
                         const char *path);

#endif
