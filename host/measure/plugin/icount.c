/* SPDX-License-Identifier: MIT
 *
 * icount: a plugin for QEMU that counts executed instructions, exactly, and estimates the cycles they take.
 *
 *     qemu-system-arm ... -plugin ./icount.so,out=FILE,mark=0x1234,mark=0x1300
 *
 * Whenever the instruction at a marked address is about to execute, a line "<mark> <count> <cycles>" goes to
 * FILE: the number of the mark in the order of the arguments, how many instructions were executed before it,
 * and in how many cycles. So the difference of two lines is what was executed between two places.
 *
 *     core=cortex-m4              whose cycles (cycles.h); without it they are 0
 *     slow_multiply=on            the core's small multiplier
 *     flash=BASE,flash_size=SIZE  memory that is read in lines of 16 bytes, of which the last one read for
 *     wait=N                      instructions and the last one for data stay at hand; any other costs N
 *                                 cycles. There is no cache, and nothing is read ahead.
 *
 * A block of guest code is cut into runs that begin at its start and at each mark. A run's length and cycles
 * are added when its first instruction executes: whoever enters a run goes through all of it, unless it
 * faults. What depends on the way is added on the way: refills of the pipeline when a block does not begin
 * where the last one ended, addresses that are not aligned, wait states.
 *
 * QEMU's plugin header is not packaged; the part of API version 1 that is used here is declared below.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cycles.h"

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_RW = 3 };
typedef uint32_t qemu_plugin_meminfo_t;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*cb)(unsigned, void *),
                                            enum qemu_plugin_cb_flags flags, void *userdata);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, enum qemu_plugin_op op,
                                                void *at, uint64_t add);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
                                      void (*cb)(unsigned, qemu_plugin_meminfo_t, uint64_t, void *),
                                      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
                                      void *userdata);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, void *),
                                    void *userdata);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) extern int qemu_plugin_version;
int qemu_plugin_version = 1;

enum { MAX_MARKS = 4096, LINE_SHIFT = 4 };

/* Consecutive instructions of a block; the block's first run knows where the block begins and ends. */
typedef struct run {
    int mark; /* -1: none */
    uint32_t length, cycles;
    bool begins_block;
    uint64_t begin, end; /* addresses of the block */
    mdg_insn first, last;
} run;

static uint64_t count, cycles;
static uint64_t marks[MAX_MARKS];
static int n_marks;
static const mdg_core *core;
static bool slow_multiply;
static uint64_t flash, flash_size, wait_states;
static const run *left;               /* the block that was executed last */
static uint64_t code_line, data_line; /* of flash, that were read last */
static FILE *out;

static int find_mark(uint64_t address) {
    for (int i = 0; i < n_marks; i++) {
        if (marks[i] == address) return i;
    }
    return -1;
}

static uint64_t line_of(uint64_t address) {
    return address >> LINE_SHIFT;
}

/* Reads the line at an address, which stays at hand. */
static void read_line(uint64_t address, uint64_t *at_hand) {
    if (address - flash >= flash_size || line_of(address) == *at_hand) return;
    *at_hand = line_of(address);
    cycles += wait_states;
}

static void enter_block(const run *r) {
    if (left && left->end != r->begin) cycles += core->refill(&left->last, &r->first, r->begin);
    read_line(r->begin, &code_line);
    read_line(r->begin + r->first.bytes - 1, &code_line);
    if (r->begin - flash < flash_size) code_line = line_of(r->end - 1);
    left = r;
}

static void on_run(unsigned cpu, void *entered) {
    const run *r = entered;
    (void)cpu;
    if (core && r->begins_block) enter_block(r);
    if (r->mark >= 0) fprintf(out, "%d %" PRIu64 " %" PRIu64 "\n", r->mark, count, cycles);
    count += r->length;
    cycles += r->cycles;
}

static void on_access(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    (void)cpu;
    (void)userdata;
    if (core->misaligned) cycles += core->misaligned(address, 1u << qemu_plugin_mem_size_shift(info));
    if (!qemu_plugin_mem_is_store(info)) read_line(address, &data_line);
}

/* Whether it depends on the address what an instruction takes */
static bool is_watched(const mdg_insn *insn) {
    if (!core->misaligned && !wait_states) return false;
    return insn->kind == MDG_INSN_LOAD || insn->kind == MDG_INSN_STORE || insn->kind == MDG_INSN_MULTIPLE;
}

/* Cycles of the instruction at an address, when the one before it has been executed */
static uint32_t cycles_of(const mdg_insn *insn, const mdg_insn *previous, uint64_t address) {
    uint32_t n = core->cycles(insn, previous);
    if (slow_multiply && insn->kind == MDG_INSN_MULTIPLY) n += core->slow_multiply;
    const bool in_flash = address - flash < flash_size;
    if (in_flash && previous && line_of(address + insn->bytes - 1) != line_of(address - 1))
        n += (uint32_t)wait_states;
    return n;
}

static mdg_insn decode(const struct qemu_plugin_tb *tb, size_t i) {
    return mdg_thumb_decode(qemu_plugin_insn_data(qemu_plugin_tb_get_insn(tb, i)));
}

/* Adds the timing of the run's instructions [first, end). */
static void time_run(const struct qemu_plugin_tb *tb, size_t first, size_t end, run *r) {
    mdg_insn previous = first ? decode(tb, first - 1) : (mdg_insn){0};
    for (size_t i = first; i < end; i++) {
        struct qemu_plugin_insn *at = qemu_plugin_tb_get_insn(tb, i);
        const mdg_insn insn = decode(tb, i);
        r->cycles += cycles_of(&insn, i ? &previous : NULL, qemu_plugin_insn_vaddr(at));
        if (is_watched(&insn))
            qemu_plugin_register_vcpu_mem_cb(at, on_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
        previous = insn;
    }
}

static void place_block(const struct qemu_plugin_tb *tb, run *r) {
    const size_t n = qemu_plugin_tb_n_insns(tb);
    r->begins_block = true;
    r->first = decode(tb, 0);
    r->last = decode(tb, n - 1);
    r->begin = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
    r->end = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, n - 1)) + r->last.bytes;
}

/* The run [first, end) of a block. One that has a mark or is timed is counted by its callback, so that
 * nothing hangs on the order in which QEMU calls callbacks and adds. */
static void count_run(struct qemu_plugin_tb *tb, size_t first, size_t end, int mark) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, first);
    if (mark < 0 && !core) {
        qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &count, end - first);
        return;
    }
    run *r = calloc(1, sizeof *r); /* as long as the block may run: to the end */
    if (!r) abort();
    r->mark = mark;
    r->length = (uint32_t)(end - first);
    if (core) {
        time_run(tb, first, end, r);
        if (first == 0) place_block(tb, r);
    }
    qemu_plugin_register_vcpu_insn_exec_cb(insn, on_run, QEMU_PLUGIN_CB_NO_REGS, r);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    const size_t n = qemu_plugin_tb_n_insns(tb);
    size_t first = 0;
    int first_mark = -1;
    (void)id;
    for (size_t i = 0; i < n; i++) {
        const int mark = find_mark(qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, i)));
        if (mark < 0) continue;
        if (i > first) count_run(tb, first, i, first_mark);
        first = i;
        first_mark = mark;
    }
    if (n > first) count_run(tb, first, n, first_mark);
}

static void on_end(qemu_plugin_id_t id, void *userdata) {
    (void)id;
    (void)userdata;
    fclose(out);
}

/* The rest of an argument that begins with `key`, NULL otherwise */
static const char *value_of(const char *argument, const char *key) {
    const size_t n = strlen(key);
    return strncmp(argument, key, n) == 0 ? argument + n : NULL;
}

static bool take(const char *argument) {
    const char *value;
    if ((value = value_of(argument, "out="))) return (out = fopen(value, "w")) != NULL;
    if ((value = value_of(argument, "core="))) return (core = mdg_core_find(value)) != NULL;
    if ((value = value_of(argument, "mark="))) {
        if (n_marks == MAX_MARKS) return false;
        marks[n_marks++] = strtoull(value, NULL, 0);
    } else if ((value = value_of(argument, "flash="))) {
        flash = strtoull(value, NULL, 0);
    } else if ((value = value_of(argument, "flash_size="))) {
        flash_size = strtoull(value, NULL, 0);
    } else if ((value = value_of(argument, "wait="))) {
        wait_states = strtoull(value, NULL, 0);
    } else {
        slow_multiply = value_of(argument, "slow_multiply=on") != NULL;
    }
    return true;
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const void *info,
                                                               int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!take(argv[i])) return -1;
    }
    if (!out) return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    qemu_plugin_register_atexit_cb(id, on_end, NULL);
    return 0;
}
