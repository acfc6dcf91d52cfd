/* SPDX-License-Identifier: MIT
 *
 * judging.h: the judgement of the test clips, and its parts as the report shows them; the latter lie in the
 * pipeline's arena.
 */
#ifndef MDG_CLI_JUDGING_H
#define MDG_CLI_JUDGING_H

#include "cli/pipeline.h"
#include "report/report.h"

/* Of scores [n_test][n_labels]; sets pl->test_names. */
void mdg_pipeline_judge(mdg_pipeline *pl, const float *scores, mdg_judgement *out);

/* Of the int8 model, after evaluation. */
const mdg_report_miss *mdg_pipeline_misses(const mdg_pipeline *pl);
const mdg_report_group *mdg_pipeline_groups(const mdg_pipeline *pl);
mdg_report_calibration mdg_pipeline_calibration(const mdg_pipeline *pl);

#endif
