/* SPDX-License-Identifier: MIT
 *
 * feature_cost.h: what each block of features costs on the emulated target: `midge bench --features`.
 */
#ifndef MDG_CLI_FEATURE_COST_H
#define MDG_CLI_FEATURE_COST_H

#include "cli/cli.h"
#include "measure/measure.h"

/* Measures every block with common options and prints a table, or JSON. */
mdg_status mdg_feature_bench(mdg_cli *cli, const mdg_target *target, bool json);

#endif
