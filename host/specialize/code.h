/* SPDX-License-Identifier: MIT
 *
 * code.h: how many bytes of code a program's kernels take, from a table of what the compiler makes of them
 * (code.def). A kernel counts once, however many calls it has.
 */
#ifndef MDG_CODE_H
#define MDG_CODE_H

#include "lower/program.h"

int64_t mdg_code_bytes(const mdg_program *p, const char *isa);

/* Whether the table has the kernel */
bool mdg_code_is_known(const char *isa, const char *kernel);

/* Calls of the kernel in the program */
int mdg_code_calls(const mdg_program *p, const char *kernel);

#endif
