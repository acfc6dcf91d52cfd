/* SPDX-License-Identifier: MIT
 *
 * cycles.h: what an instruction takes on a core, by the tables of its Technical Reference Manual:
 *
 *   cortex-m4      ARM DDI 0439D, tables 3-1 and 3-2, section 3.3.2; floating point: section 7.2
 *   cortex-m0plus  ARM DDI 0484C, table 3-1
 *
 * The manuals leave some things open. Here: a refill of the M4's pipeline takes one cycle, one more when the
 * address comes from a register or from memory, one more when the target is a 32-bit instruction that is not
 * word-aligned; a division takes 7 cycles (2 to 12 are stated); an instruction that IT skips takes as long as
 * one that is executed. docs/PERFORMANCE.md tells how good that is.
 */
#ifndef MDG_CYCLES_H
#define MDG_CYCLES_H

#include "thumb.h"

typedef struct mdg_core {
    const char *name;
    /* `previous` was executed right before, and did not branch; NULL: not known */
    uint32_t (*cycles)(const mdg_insn *insn, const mdg_insn *previous);
    /* What a taken branch costs in addition; `target` is the instruction at `address` */
    uint32_t (*refill)(const mdg_insn *branch, const mdg_insn *target, uint64_t address);
    /* What a load or store of `bytes` at this address costs in addition; NULL: nothing, or it faults */
    uint32_t (*misaligned)(uint64_t address, uint32_t bytes);
    uint32_t slow_multiply; /* cycles more of the small multiplier; 0: there is none */
} mdg_core;

const mdg_core *mdg_core_find(const char *name); /* NULL when unknown */

#endif
