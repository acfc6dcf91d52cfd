/* SPDX-License-Identifier: MIT
 *
 * budget.h: does it fit, and if not, which layers are to blame.
 */
#ifndef MDG_CLI_BUDGET_H
#define MDG_CLI_BUDGET_H

#include "lower/program.h"
#include "measure/measure.h"
#include "project/project.h"

/* How the limits are called where they were given, and what would help there */
typedef struct mdg_budget_words {
    const char *ram, *flash, *instructions, *ram_help, *flash_help;
} mdg_budget_words;

/* What a planned program needs before it is measured: arena and state; weights and tables */
size_t mdg_program_ram(const mdg_program *p);
size_t mdg_program_weights(const mdg_program *p);

extern const mdg_budget_words mdg_budget_options, mdg_budget_project;

/* Fails with MDG_BUDGET when the planned program, or (where measured) its cost, exceeds the budget; the
 * message names the layers to blame and what would help. cost and diag may be NULL. */
mdg_status mdg_budget_check(const mdg_budget *budget, const mdg_budget_words *words, const mdg_program *p,
                            const mdg_cost *cost, mdg_diag *diag);

#endif
