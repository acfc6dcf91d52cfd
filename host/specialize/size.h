/* SPDX-License-Identifier: MIT
 *
 * size.h: the kernels with which a program needs least flash.
 *
 * A kernel costs its code once, and each layer its weights as that kernel has them. So a layer may be better
 * off with a kernel that others use anyway, or with one whose weights are laid out without gaps. The search
 * starts with all kernels and goes without those, one or two at a time, whose absence saves most: what they
 * did falls to other kernels (mdg_spec_may_use), in the end to those of the reference. Kernels that unpack
 * weights of 4 bits for want of a faster one (weights4.h) come in the same way, since weights are saved.
 */
#ifndef MDG_SIZE_H
#define MDG_SIZE_H

#include "specialize/specialize.h"

/* Marks what is not to be used; without: [MDG_K_COUNT], all false. The program stays as it is. A kernel goes
 * where each percent of flash that this saves costs at most ten percent of instructions, by the estimate of
 * cost.h, and as long as there are at most twice as many instructions as with all kernels. */
void mdg_size_choose(const mdg_program *p, const char *isa, bool *without);

/* mdg_specialize with the kernels that are left */
mdg_status mdg_specialize_without(mdg_program *p, const char *isa, mdg_optimize optimize, const bool *without,
                                  mdg_diag *diag);

#endif
