/* SPDX-License-Identifier: MIT
 *
 * special.h: a loaded model as the program that a target gets.
 */
#ifndef MDG_TEST_SPECIAL_H
#define MDG_TEST_SPECIAL_H

#include "exec/exec.h"
#include "plan/plan.h"
#include "specialize/specialize.h"

static inline mdg_status special_program(const mdg_exec *x, const char *isa, mdg_arena *arena,
                                         mdg_program *out, mdg_diag *diag) {
    MDG_TRY(mdg_lower(mdg_exec_program(x)->graph, arena, out, diag));
    MDG_TRY(mdg_specialize(out, isa, MDG_OPTIMIZE_balanced, diag));
    return mdg_plan(out, NULL, diag);
}

#endif
