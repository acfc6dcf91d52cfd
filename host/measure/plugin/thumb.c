/* SPDX-License-Identifier: MIT
 *
 * Patterns are tried in order; the first that fits is the instruction. 32-bit instructions have their first
 * halfword in the upper half.
 */
#include "thumb.h"

#include <string.h>

/* Where a pattern has the number of a register: the lowest bit of the field */
enum { NONE = -1, STACK = -2, /* no field: the stack pointer */ SPLIT = -3 /* bits 7 and 2..0 */ };

/* What a pattern's registers are in a list */
typedef enum words_of { ONE, TWO, LIST, FLOATS, FLOAT } words_of;

typedef struct pattern {
    uint32_t mask, value;
    mdg_insn_kind kind;
    int8_t writes, writes2, base, offset;
    words_of words;
} pattern;

#define PLAIN(mask, value, writes)                                                                           \
    { mask, value, MDG_INSN_PLAIN, writes, NONE, NONE, NONE, ONE }
#define KIND(mask, value, kind)                                                                              \
    { mask, value, MDG_INSN_##kind, NONE, NONE, NONE, NONE, ONE }
#define MATH(mask, value, kind, lo, hi)                                                                      \
    { mask, value, MDG_INSN_##kind, lo, hi, NONE, NONE, ONE }
#define LOAD(mask, value, to, base, offset)                                                                  \
    { mask, value, MDG_INSN_LOAD, to, NONE, base, offset, ONE }
#define STORE(mask, value, base, offset)                                                                     \
    { mask, value, MDG_INSN_STORE, NONE, NONE, base, offset, ONE }
#define SEVERAL(mask, value, base, words)                                                                    \
    { mask, value, MDG_INSN_MULTIPLE, NONE, NONE, base, NONE, words }

static const pattern narrow[] = {
    PLAIN(0xF800, 0x2800, NONE),             /* CMP #imm */
    PLAIN(0xE000, 0x2000, 8),                /* MOV, ADD, SUB #imm8 */
    PLAIN(0xE000, 0x0000, 0),                /* shifts, ADD, SUB */
    PLAIN(0xFFC0, 0x4200, NONE),             /* TST */
    PLAIN(0xFF80, 0x4280, NONE),             /* CMP, CMN */
    MATH(0xFFC0, 0x4340, MULTIPLY, 0, NONE), /* MUL */
    PLAIN(0xFC00, 0x4000, 0),                /* other data processing */
    PLAIN(0xFF00, 0x4500, NONE),             /* CMP of high registers */
    KIND(0xFF00, 0x4700, BRANCH_REGISTER),   /* BX, BLX */
    KIND(0xFD87, 0x4487, BRANCH_REGISTER),   /* ADD, MOV to PC */
    PLAIN(0xFD00, 0x4400, SPLIT),            /* ADD, MOV of high registers */
    LOAD(0xF800, 0x4800, 8, NONE, NONE),     /* LDR of a literal */
    LOAD(0xF800, 0x5800, 0, 3, 6),           /* LDR, LDRH, LDRB, LDRSH */
    LOAD(0xFE00, 0x5600, 0, 3, 6),           /* LDRSB */
    STORE(0xF000, 0x5000, 3, 6),             /* STR, STRH, STRB */
    LOAD(0xE800, 0x6800, 0, 3, NONE),        /* LDR, LDRB #imm */
    STORE(0xE000, 0x6000, 3, NONE),          /* STR, STRB #imm */
    LOAD(0xF800, 0x8800, 0, 3, NONE),        /* LDRH #imm */
    STORE(0xF800, 0x8000, 3, NONE),          /* STRH #imm */
    LOAD(0xF800, 0x9800, 8, STACK, NONE),    /* LDR from the stack */
    STORE(0xF800, 0x9000, STACK, NONE),      /* STR to the stack */
    PLAIN(0xF000, 0xA000, 8),                /* ADR, ADD from SP */
    PLAIN(0xFF00, 0xB000, STACK),            /* ADD, SUB SP */
    KIND(0xF500, 0xB100, BRANCH),            /* CBZ, CBNZ */
    SEVERAL(0xFE00, 0xB400, STACK, LIST),    /* PUSH */
    SEVERAL(0xFE00, 0xBC00, STACK, LIST),    /* POP */
    PLAIN(0xFF0F, 0xBF00, NONE),             /* hints */
    KIND(0xFF00, 0xBF00, IF_THEN),           /* IT */
    PLAIN(0xFF00, 0xB200, 0),                /* SXTB, UXTH... */
    PLAIN(0xFF00, 0xBA00, 0),                /* REV, REVSH... */
    SEVERAL(0xF000, 0xC000, 8, LIST),        /* STM, LDM */
    PLAIN(0xFE00, 0xDE00, NONE),             /* UDF, SVC */
    KIND(0xF000, 0xD000, BRANCH),            /* B<cond> */
    KIND(0xF800, 0xE000, BRANCH),            /* B */
    PLAIN(0, 0, NONE),
};

static const pattern wide[] = {
    SEVERAL(0xFE400000, 0xE8000000, 16, LIST),  /* STM, LDM */
    KIND(0xFFF0FFE0, 0xE8D0F000, BRANCH_TABLE), /* TBB, TBH */
    LOAD(0xFF700000, 0xE8500000, 12, 16, NONE), /* LDREX... */
    STORE(0xFF700000, 0xE8400000, 16, NONE),    /* STREX... */
    SEVERAL(0xFE400000, 0xE8400000, 16, TWO),   /* LDRD, STRD */
    PLAIN(0xFE000000, 0xEA000000, 8),           /* data processing of a shifted register */
    KIND(0xFFE00000, 0xEC400000, FLOAT_MOVE2),  /* VMOV of two registers */
    {0xFF300000, 0xED100000, MDG_INSN_LOAD, NONE, NONE, 16, NONE, FLOAT},  /* VLDR */
    {0xFF300000, 0xED000000, MDG_INSN_STORE, NONE, NONE, 16, NONE, FLOAT}, /* VSTR */
    SEVERAL(0xFE000000, 0xEC000000, 16, FLOATS),                           /* VLDM, VSTM, VPUSH, VPOP */
    KIND(0xFFB00E50, 0xEE800A00, FLOAT_DIVIDE),                            /* VDIV */
    KIND(0xFFBF0ED0, 0xEEB10AC0, FLOAT_DIVIDE),                            /* VSQRT */
    KIND(0xFFA00E10, 0xEE000A00, FLOAT_ACCUMULATE),                        /* VMLA, VMLS, VNMLA, VNMLS */
    KIND(0xFFB00E10, 0xEE900A00, FLOAT_ACCUMULATE),                        /* VFNMA, VFNMS */
    KIND(0xFFB00E10, 0xEEA00A00, FLOAT_ACCUMULATE),                        /* VFMA, VFMS */
    KIND(0xFFE0D000, 0xF3808000, STATUS),                                  /* MSR */
    MATH(0xFFE0D000, 0xF3E08000, STATUS, 8, NONE),                         /* MRS */
    KIND(0xFFF0D000, 0xF3B08000, BARRIER),                                 /* DMB, DSB, ISB */
    PLAIN(0xFFF0D000, 0xF3A08000, NONE),                                   /* hints */
    KIND(0xF800D000, 0xF0008000, BRANCH),                                  /* B<cond> */
    KIND(0xF800D000, 0xF0009000, BRANCH),                                  /* B */
    KIND(0xF800D000, 0xF000D000, CALL),                                    /* BL */
    PLAIN(0xF8008000, 0xF0000000, 8),                                      /* data processing of a constant */
    LOAD(0xFE70F000, 0xF850F000, 12, 16, NONE),                            /* LDR to PC */
    PLAIN(0xFE10F000, 0xF810F000, NONE),                                   /* PLD */
    LOAD(0xFE1F0000, 0xF81F0000, 12, NONE, NONE),                          /* LDR of a literal */
    LOAD(0xFE900FC0, 0xF8100000, 12, 16, 0),                               /* LDR by register */
    LOAD(0xFE100000, 0xF8100000, 12, 16, NONE),                            /* LDR #imm */
    STORE(0xFF900FC0, 0xF8000000, 16, 0),                                  /* STR by register */
    STORE(0xFF100000, 0xF8000000, 16, NONE),                               /* STR #imm */
    PLAIN(0xFF000000, 0xFA000000, 8),                /* shifts, extension, parallel addition */
    MATH(0xFF800000, 0xFB000000, MULTIPLY, 8, NONE), /* MUL, MLA, SMLAD... */
    MATH(0xFFD000F0, 0xFB9000F0, DIVIDE, 8, NONE),   /* SDIV, UDIV */
    MATH(0xFF800000, 0xFB800000, MULTIPLY, 8, 12),   /* SMULL, SMLALD... */
    PLAIN(0, 0, NONE),
};

static uint32_t count_bits(uint32_t bits) {
    uint32_t n = 0;
    for (; bits; bits &= bits - 1) n++;
    return n;
}

/* Fields are of three bits in narrow instructions, of four in wide ones. */
static uint16_t register_at(uint32_t code, int field, bool is_wide) {
    if (field == NONE) return 0;
    if (field == STACK) return 1u << 13;
    if (field == SPLIT) return (uint16_t)(1u << ((code >> 4 & 8) | (code & 7)));
    return (uint16_t)(1u << (code >> field & (is_wide ? 15 : 7)));
}

static uint32_t words_in(uint32_t code, words_of words, bool is_wide) {
    switch (words) {
    case ONE: return 1;
    case TWO: return 2;
    case LIST: return count_bits(code & (is_wide ? 0xFFFF : (code & 0xF000) == 0xC000 ? 0xFF : 0x1FF));
    case FLOATS: return code & 0xFF;
    case FLOAT: return code >> 8 & 1 ? 2 : 1;
    }
    return 0;
}

static bool goes_on_there(uint32_t code, const pattern *p, bool is_wide) {
    if (p->kind == MDG_INSN_LOAD) return is_wide && p->words == ONE && (code >> 12 & 15) == 15;
    if (p->kind != MDG_INSN_MULTIPLE || p->words != LIST) return false;
    return is_wide ? (code & 0x00108000) == 0x00108000 : (code & 0xFF00) == 0xBD00;
}

mdg_insn mdg_thumb_decode(const void *bytes) {
    uint16_t half[2] = {0};
    memcpy(half, bytes, 2);
    const bool is_wide = half[0] >= 0xE800;
    if (is_wide) memcpy(half + 1, (const uint8_t *)bytes + 2, 2);
    const uint32_t code = is_wide ? (uint32_t)half[0] << 16 | half[1] : half[0];
    const pattern *p = is_wide ? wide : narrow;
    while ((code & p->mask) != p->value) p++;
    return (mdg_insn){
        .kind = p->kind,
        .bytes = is_wide ? 4 : 2,
        .words = (uint8_t)words_in(code, p->words, is_wide),
        .to_pc = goes_on_there(code, p, is_wide),
        .by_register = p->offset != NONE,
        .writes = (uint16_t)(register_at(code, p->writes, is_wide) | register_at(code, p->writes2, is_wide)),
        .address = (uint16_t)(register_at(code, p->base, is_wide) | register_at(code, p->offset, is_wide)),
    };
}
