/* SPDX-License-Identifier: MIT
 *
 * thumb.h: as much of a Thumb instruction as its timing depends on.
 *
 *     mdg_insn insn = mdg_thumb_decode(bytes);
 *
 * Armv6-M and Armv7-M with DSP and FPU extension, by their Architecture Reference Manuals (chapters A5, A6).
 */
#ifndef MDG_THUMB_H
#define MDG_THUMB_H

#include <stdbool.h>
#include <stdint.h>

typedef enum mdg_insn_kind {
    MDG_INSN_PLAIN, /* data processing, hints */
    MDG_INSN_LOAD,
    MDG_INSN_STORE,
    MDG_INSN_MULTIPLE, /* loads or stores of several registers, two as well */
    MDG_INSN_MULTIPLY,
    MDG_INSN_DIVIDE,
    MDG_INSN_IF_THEN,
    MDG_INSN_STATUS,  /* MRS, MSR */
    MDG_INSN_BARRIER, /* DMB, DSB, ISB */
    MDG_INSN_BRANCH,  /* to a place that the instruction states */
    MDG_INSN_CALL,    /* BL */
    MDG_INSN_BRANCH_REGISTER,
    MDG_INSN_BRANCH_TABLE,
    MDG_INSN_FLOAT_ACCUMULATE,
    MDG_INSN_FLOAT_DIVIDE, /* and square root */
    MDG_INSN_FLOAT_MOVE2,  /* two registers to or from the FPU */
} mdg_insn_kind;

typedef struct mdg_insn {
    mdg_insn_kind kind;
    uint8_t bytes;    /* 2 or 4 */
    uint8_t words;    /* that a load or store transfers */
    bool to_pc;       /* a load that goes on at what it loaded */
    bool by_register; /* the offset of a load or store is in a register */
    uint16_t writes;  /* a bit for each general register that it computes or loads */
    uint16_t address; /* those that its address is computed from */
} mdg_insn;

mdg_insn mdg_thumb_decode(const void *bytes);

#endif
