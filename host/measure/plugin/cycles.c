/* SPDX-License-Identifier: MIT */
#include "cycles.h"

#include <stddef.h>
#include <string.h>

enum { M4_DIVIDE = 7, M4_FLOAT_DIVIDE = 14, M4_FLOAT_ACCUMULATE = 3, M4_RELOAD = 3 };

/* The result of data processing reaches the address of the next load or store a cycle late. */
static uint32_t m4_stall(const mdg_insn *insn, const mdg_insn *previous) {
    return previous && previous->kind != MDG_INSN_LOAD && (previous->writes & insn->address) ? 1 : 0;
}

static bool m4_is_pipelined(const mdg_insn *insn, const mdg_insn *previous) {
    return previous && previous->kind == MDG_INSN_LOAD && !(previous->writes & insn->address);
}

/* Loads, and stores with a register as offset, take one cycle behind a load that they do not wait for. */
static uint32_t m4_access(const mdg_insn *insn, const mdg_insn *previous) {
    const bool is_quick = insn->kind == MDG_INSN_STORE && !insn->by_register;
    const uint32_t one = is_quick || m4_is_pipelined(insn, previous) ? 1 : 2;
    return one + insn->words - 1 + m4_stall(insn, previous);
}

static uint32_t m4_cycles(const mdg_insn *insn, const mdg_insn *previous) {
    switch (insn->kind) {
    case MDG_INSN_LOAD:
    case MDG_INSN_STORE: return m4_access(insn, previous);
    case MDG_INSN_MULTIPLE: return 1u + insn->words + m4_stall(insn, previous);
    case MDG_INSN_DIVIDE: return M4_DIVIDE;
    case MDG_INSN_IF_THEN: return previous && previous->bytes == 2 ? 0 : 1; /* folded */
    case MDG_INSN_BRANCH_TABLE: return 3;
    case MDG_INSN_FLOAT_ACCUMULATE: return M4_FLOAT_ACCUMULATE;
    case MDG_INSN_FLOAT_DIVIDE: return M4_FLOAT_DIVIDE;
    case MDG_INSN_FLOAT_MOVE2: return 2;
    default: return 1;
    }
}

static uint32_t m4_refill(const mdg_insn *branch, const mdg_insn *target, uint64_t address) {
    const uint32_t alignment = target->bytes == 4 && address % 4 ? 1 : 0;
    switch (branch->kind) {
    case MDG_INSN_BRANCH:
    case MDG_INSN_CALL: return 1 + alignment;
    case MDG_INSN_BRANCH_REGISTER: return 2 + alignment;
    case MDG_INSN_BRANCH_TABLE: return M4_RELOAD;
    case MDG_INSN_LOAD: return branch->to_pc ? M4_RELOAD : 0;
    case MDG_INSN_MULTIPLE: return branch->to_pc ? 2 + alignment : 0;
    default: return 0;
    }
}

/* As bytes and halfwords, one access each. */
static uint32_t m4_misaligned(uint64_t address, uint32_t bytes) {
    if (bytes > 4 || address % bytes == 0) return 0;
    return bytes == 4 && address % 2 ? 2 : 1;
}

static uint32_t m0plus_cycles(const mdg_insn *insn, const mdg_insn *previous) {
    (void)previous;
    switch (insn->kind) {
    case MDG_INSN_LOAD:
    case MDG_INSN_STORE: return 2;
    case MDG_INSN_MULTIPLE: return 1u + insn->words;
    case MDG_INSN_STATUS:
    case MDG_INSN_BARRIER: return 3;
    default: return 1;
    }
}

static uint32_t m0plus_refill(const mdg_insn *branch, const mdg_insn *target, uint64_t address) {
    (void)target;
    (void)address;
    switch (branch->kind) {
    case MDG_INSN_BRANCH:
    case MDG_INSN_BRANCH_REGISTER: return 1;
    case MDG_INSN_CALL: return 2;
    case MDG_INSN_MULTIPLE: return branch->to_pc ? 2 : 0;
    default: return 0;
    }
}

static const mdg_core cores[] = {
    {"cortex-m4", m4_cycles, m4_refill, m4_misaligned, 0},
    {"cortex-m0plus", m0plus_cycles, m0plus_refill, NULL, 31},
};

const mdg_core *mdg_core_find(const char *name) {
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        if (strcmp(cores[i].name, name) == 0) return &cores[i];
    }
    return NULL;
}
