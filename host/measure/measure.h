/* SPDX-License-Identifier: MIT
 *
 * measure.h: compiles generated code for a target, runs it in QEMU, and tells what it computed and what it
 * cost. Instruction counts are exact (-icount shift=0), cycles an estimate by the core's manual; stack is
 * painted; code and weights are read from the linked image.
 */
#ifndef MDG_MEASURE_H
#define MDG_MEASURE_H

#include "util/arena.h"
#include "util/diag.h"
#include "util/file.h"
#include "util/progress.h"

typedef struct mdg_target {
    const char *name;      /* "cortex-m4" */
    const char *isa;       /* folder of kernels: "ref", "armv7em", ... */
    const char *compiler;  /* "arm-none-eabi-gcc" */
    const char *cpu_flags; /* separated by blanks */
    const char *start;     /* start-up code: ports/qemu/<start>.c */
    const char *qemu;      /* "qemu-system-arm" */
    const char *machine;   /* "mps2-an386", and further options of QEMU's, separated by blanks */
    const char *core;      /* whose cycles are estimated (plugin/cycles.h); NULL: its maker states none */
    uint32_t flash, flash_bytes, ram, ram_bytes;
    const char *packages; /* Debian packages that hold compiler and emulator */
} mdg_target;

/* Ends with a NULL name. */
extern const mdg_target mdg_targets[];
const mdg_target *mdg_target_find(const char *name); /* NULL when unknown */

typedef struct mdg_op_cost {
    int op; /* index in the graph */
    const char *name;
    uint64_t instructions, cycles;
} mdg_op_cost;

typedef struct mdg_cost {
    uint64_t instructions;           /* per inference */
    uint64_t feature_instructions;   /* per feature frame or picture, 0 without a front end */
    uint64_t cycles, feature_cycles; /* estimated; 0 where the target has no core */
    size_t arena_bytes, state_bytes, stack_bytes, code_bytes, weights_bytes;
    int n_ops;
    mdg_op_cost *ops;
} mdg_cost;

/* How a run's input reaches the model: straight into its inputs, as int16 samples through _push_samples, or
 * as pixels through _set_pixels. */
typedef enum mdg_feed { MDG_FEED_INPUT, MDG_FEED_SAMPLES, MDG_FEED_PIXELS } mdg_feed;

/* What cycles depend on besides the code */
typedef struct mdg_timing {
    int wait_states;    /* of flash (plugin/icount.c tells the model) */
    bool slow_multiply; /* the core's small multiplier */
} mdg_timing;

/* What to run: generated code in folder/name.{c,h}. */
typedef struct mdg_run_opts {
    const mdg_target *target;
    const char *folder, *name;
    mdg_feed feed;
    size_t input_bytes, output_bytes; /* of one run */
    int repeat;
    mdg_timing timing; /* for mdg_target_measure */
} mdg_run_opts;

/* Runs `repeat` inputs (input: repeat * input_bytes) on the emulated target; output gets repeat *
 * output_bytes. Returns MDG_OK, MDG_TOOL (compiler or QEMU missing or failed, generated code that does not
 * compile, a fault of the emulated processor, no output for two minutes), MDG_IO, or MDG_INTERRUPTED.
 * Temporary files are removed. */
mdg_status mdg_target_run(const mdg_run_opts *opts, const void *input, void *output,
                          const mdg_progress *progress, mdg_arena *arena, mdg_diag *diag);

/* Runs the same and measures the last of the `repeat` inferences. Where an operator is several kernel calls,
 * its cost is their sum; what no operator is charged with (call and return of _invoke) makes the total a
 * little more than the sum. */
mdg_status mdg_target_measure(const mdg_run_opts *opts, const void *input, mdg_arena *arena, mdg_cost *out,
                              mdg_diag *diag);

#endif
