/* SPDX-License-Identifier: MIT
 *
 * icount: a plugin for QEMU that counts executed instructions, exactly.
 *
 *     qemu-system-arm ... -plugin ./icount.so,out=FILE,mark=0x1234,mark=0x1300
 *
 * Whenever the instruction at a marked address is about to execute, a line "<mark> <count>" goes to FILE: the
 * number of the mark in the order of the arguments, and how many instructions were executed before it. So the
 * difference of two lines is what was executed between two places.
 *
 * A block of guest code is cut into runs that begin at its start and at each mark. Counting adds a run's
 * length when its first instruction executes: whoever enters a run goes through all of it, unless it faults.
 *
 * QEMU's plugin header is not packaged; the part of API version 1 that is used here is declared below.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*cb)(unsigned, void *),
                                            enum qemu_plugin_cb_flags flags, void *userdata);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, enum qemu_plugin_op op,
                                                void *at, uint64_t add);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, void *),
                                    void *userdata);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) extern int qemu_plugin_version;
int qemu_plugin_version = 1;

enum { MAX_MARKS = 4096 };

static uint64_t count;
static uint64_t marks[MAX_MARKS];
static int n_marks;
static FILE *out;

static int find_mark(uint64_t address) {
    for (int i = 0; i < n_marks; i++) {
        if (marks[i] == address) return i;
    }
    return -1;
}

/* A mark and the length of its run travel in the callback's pointer. */
static void *pack(int mark, size_t length) {
    return (void *)((uintptr_t)mark << 32 | (uintptr_t)length);
}

static void on_mark(unsigned cpu, void *packed) {
    (void)cpu;
    fprintf(out, "%d %" PRIu64 "\n", (int)((uintptr_t)packed >> 32), count);
    count += (uint32_t)(uintptr_t)packed;
}

/* The run [first, end) of a block; a marked one is counted by its callback, so that nothing hangs on the
 * order in which QEMU calls callbacks and adds. */
static void count_run(struct qemu_plugin_tb *tb, size_t first, size_t end, int mark) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, first);
    if (mark < 0)
        qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &count, end - first);
    else
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS,
                                               pack(mark, end - first));
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

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const void *info,
                                                               int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "out=", 4) == 0) out = fopen(argv[i] + 4, "w");
        if (strncmp(argv[i], "mark=", 5) != 0) continue;
        if (n_marks == MAX_MARKS) return -1;
        marks[n_marks++] = strtoull(argv[i] + 5, NULL, 0);
    }
    if (!out) return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    qemu_plugin_register_atexit_cb(id, on_end, NULL);
    return 0;
}
