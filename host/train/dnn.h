/* SPDX-License-Identifier: MIT
 *
 * dnn.h: oneDNN's C API with less ceremony. Primitives are built once into a list of tasks; a step then runs
 * the list.
 *
 *     mdg_dnn d;
 *     mdg_dnn_open(&d, arena, diag);
 *     dnnl_primitive_desc_t pd = mdg_dnn_describe(&d, &op_desc, NULL);
 *     mdg_tasks_add(&d, &list, mdg_dnn_task(&d, pd, 2, args));
 *     mdg_dnn_finish(&d);                    // ... build more, then once:
 *     mdg_tasks_run(&d, &list, MDG_PHASE_TRAIN);
 *     mdg_dnn_close(&d);
 *
 * Errors stick: after the first one d.status is set, the diag is written and building does nothing more.
 * Threads: one mdg_dnn belongs to one thread at a time. Primitives are built for one OpenMP thread
 * (mdg_dnn_one_thread), and must run in threads that are set so, too: oneDNN's spinning barriers make two
 * threads slower than one as soon as the machine has anything else to do. Memory: activations are NHWC
 * throughout; measured, that is as fast as oneDNN's blocked layouts, and needs no conversion at the borders.
 * Weights take the layout that a primitive asks for.
 */
#ifndef MDG_TRAIN_DNN_H
#define MDG_TRAIN_DNN_H

#include <dnnl.h>

#include "util/arena.h"
#include "util/diag.h"
#include "util/rng.h"

enum { MDG_TASK_ARGS = 10 };

typedef enum mdg_phase { MDG_PHASE_TRAIN = 1, MDG_PHASE_INFER = 2, MDG_PHASE_BOTH = 3 } mdg_phase;

/* One task of a step: a primitive with its arguments, or a function of ours. */
typedef struct mdg_task mdg_task;
struct mdg_task {
    mdg_phase phase; /* in which it runs */
    dnnl_primitive_t primitive;
    int n_args;
    dnnl_exec_arg_t args[MDG_TASK_ARGS];
    void (*run)(const mdg_task *task); /* in place of a primitive; the fields below are for it */
    float *out;
    const float *a, *b;
    size_t count;
    const void *context; /* what else it needs */
    float rate;
    mdg_rng *rng;
};

typedef struct mdg_tasks {
    int count, capacity;
    mdg_task *items;
} mdg_tasks;

typedef struct mdg_dnn_object mdg_dnn_object;

typedef struct mdg_dnn {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    mdg_arena *arena;
    mdg_dnn_object *objects; /* all that must be destroyed */
    size_t scratch_bytes;    /* of the primitive that needs most; all share one scratchpad */
    mdg_status status;
    mdg_diag *diag;
} mdg_dnn;

/* Sets the calling thread to one OpenMP thread; returns the number it had, for mdg_dnn_threads_restore. */
int mdg_dnn_one_thread(void);
void mdg_dnn_threads_restore(int threads);

void mdg_dnn_open(mdg_dnn *d, mdg_arena *arena, mdg_diag *diag);
void mdg_dnn_finish(mdg_dnn *d); /* gives all tasks their scratchpad */
void mdg_dnn_close(mdg_dnn *d);

/* Notes the failure of a oneDNN function; what: "convolution backward". */
void mdg_dnn_check(mdg_dnn *d, dnnl_status_t status, const char *what);

dnnl_memory_desc_t mdg_dnn_desc(int rank, const dnnl_dim_t *dims, dnnl_format_tag_t tag);
dnnl_memory_desc_t mdg_dnn_nhwc(int n, int h, int w, int c);
dnnl_memory_desc_t mdg_dnn_vector(int count);

/* Memory over data, or of its own when data is NULL. NULL after an error. */
dnnl_memory_t mdg_dnn_memory(mdg_dnn *d, const dnnl_memory_desc_t *desc, float *data);

dnnl_primitive_desc_t mdg_dnn_describe(mdg_dnn *d, const_dnnl_op_desc_t op, const_dnnl_primitive_desc_t hint,
                                       const char *what);
const dnnl_memory_desc_t *mdg_dnn_query(const mdg_dnn *d, dnnl_primitive_desc_t pd, dnnl_query_t what);

mdg_task mdg_dnn_task(mdg_dnn *d, dnnl_primitive_desc_t pd, int n_args, const dnnl_exec_arg_t *args);
mdg_task mdg_dnn_reorder(mdg_dnn *d, dnnl_memory_t from, dnnl_memory_t to);

void mdg_tasks_add(mdg_dnn *d, mdg_tasks *list, mdg_task task);

/* Runs the tasks of a phase in order. Returns MDG_OK or MDG_UNSUPPORTED. */
mdg_status mdg_tasks_run(mdg_dnn *d, const mdg_tasks *list, mdg_phase phase);

#endif
