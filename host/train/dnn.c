/* SPDX-License-Identifier: MIT */
#include "train/dnn.h"

#include <omp.h>
#include <string.h>

struct mdg_dnn_object {
    mdg_dnn_object *next;
    dnnl_memory_t memory;
    dnnl_memory_t scratch; /* memory that waits for the shared scratchpad */
    dnnl_primitive_t primitive;
    dnnl_primitive_desc_t description;
};

int mdg_dnn_one_thread(void) {
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}

void mdg_dnn_threads_restore(int threads) {
    omp_set_num_threads(threads);
}

void mdg_dnn_check(mdg_dnn *d, dnnl_status_t status, const char *what) {
    if (status == dnnl_success || d->status != MDG_OK) return;
    const char *cause = status == dnnl_unimplemented ? "is not implemented for this shape" : "failed";
    d->status = mdg_fail(
        d->diag, status == dnnl_out_of_memory ? MDG_NO_MEMORY : MDG_UNSUPPORTED, "oneDNN: %s %s (status %d)",
        what, status == dnnl_out_of_memory ? "ran out of memory; take a smaller batch" : cause, (int)status);
}

static mdg_dnn_object *keep(mdg_dnn *d, mdg_dnn_object object) {
    object.next = d->objects;
    d->objects = mdg_arena_copy(d->arena, &object, sizeof object);
    return d->objects;
}

void mdg_dnn_open(mdg_dnn *d, mdg_arena *arena, mdg_diag *diag) {
    *d = (mdg_dnn){.arena = arena, .diag = diag};
    mdg_dnn_check(d, dnnl_engine_create(&d->engine, dnnl_cpu, 0), "the CPU engine");
    if (d->status == MDG_OK)
        mdg_dnn_check(d, dnnl_stream_create(&d->stream, d->engine, dnnl_stream_default_flags), "a stream");
}

void mdg_dnn_finish(mdg_dnn *d) {
    if (d->status != MDG_OK) return;
    uint8_t *bytes = mdg_arena_alloc(d->arena, d->scratch_bytes + 4096);
    uint8_t *scratchpad = bytes + (4096 - (uintptr_t)bytes % 4096) % 4096;
    for (mdg_dnn_object *o = d->objects; o; o = o->next)
        if (o->scratch) mdg_dnn_check(d, dnnl_memory_set_data_handle(o->scratch, scratchpad), "a scratchpad");
}

void mdg_dnn_close(mdg_dnn *d) {
    for (mdg_dnn_object *o = d->objects; o; o = o->next) {
        if (o->memory) dnnl_memory_destroy(o->memory);
        if (o->scratch) dnnl_memory_destroy(o->scratch);
        if (o->primitive) dnnl_primitive_destroy(o->primitive);
        if (o->description) dnnl_primitive_desc_destroy(o->description);
    }
    if (d->stream) dnnl_stream_destroy(d->stream);
    if (d->engine) dnnl_engine_destroy(d->engine);
    d->objects = NULL;
}

dnnl_memory_desc_t mdg_dnn_desc(int rank, const dnnl_dim_t *dims, dnnl_format_tag_t tag) {
    dnnl_dims_t all = {0};
    dnnl_memory_desc_t desc;
    memcpy(all, dims, (size_t)rank * sizeof *dims);
    memset(&desc, 0, sizeof desc);
    dnnl_memory_desc_init_by_tag(&desc, rank, all, dnnl_f32, tag);
    return desc;
}

dnnl_memory_desc_t mdg_dnn_nhwc(int n, int h, int w, int c) {
    return mdg_dnn_desc(4, (const dnnl_dim_t[]){n, c, h, w}, dnnl_nhwc);
}

dnnl_memory_desc_t mdg_dnn_vector(int count) {
    return mdg_dnn_desc(1, (const dnnl_dim_t[]){count}, dnnl_a);
}

dnnl_memory_t mdg_dnn_memory(mdg_dnn *d, const dnnl_memory_desc_t *desc, float *data) {
    dnnl_memory_t memory = NULL;
    if (d->status != MDG_OK) return NULL;
    mdg_dnn_check(d, dnnl_memory_create(&memory, desc, d->engine, data ? data : DNNL_MEMORY_ALLOCATE),
                  "memory");
    if (d->status != MDG_OK) return NULL;
    return keep(d, (mdg_dnn_object){.memory = memory})->memory;
}

/* All primitives take their scratch memory from us: oneDNN's own is bound to the thread that built them. NULL
 * after an error. */
static dnnl_primitive_attr_t new_attributes(mdg_dnn *d) {
    dnnl_primitive_attr_t attr = NULL;
    if (d->status != MDG_OK) return NULL;
    mdg_dnn_check(d, dnnl_primitive_attr_create(&attr), "attributes");
    if (attr)
        mdg_dnn_check(d, dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user),
                      "attributes");
    return attr;
}

static dnnl_primitive_desc_t keep_description(mdg_dnn *d, dnnl_primitive_desc_t pd) {
    return d->status == MDG_OK ? keep(d, (mdg_dnn_object){.description = pd})->description : NULL;
}

dnnl_primitive_desc_t mdg_dnn_describe(mdg_dnn *d, const_dnnl_op_desc_t op, const_dnnl_primitive_desc_t hint,
                                       const char *what) {
    dnnl_primitive_desc_t pd = NULL;
    dnnl_primitive_attr_t attr = new_attributes(d);
    if (d->status == MDG_OK)
        mdg_dnn_check(d, dnnl_primitive_desc_create(&pd, op, attr, d->engine, hint), what);
    dnnl_primitive_attr_destroy(attr);
    return keep_description(d, pd);
}

const dnnl_memory_desc_t *mdg_dnn_query(const mdg_dnn *d, dnnl_primitive_desc_t pd, dnnl_query_t what) {
    static const dnnl_memory_desc_t none;
    const dnnl_memory_desc_t *desc = d->status == MDG_OK ? dnnl_primitive_desc_query_md(pd, what, 0) : NULL;
    return desc ? desc : &none;
}

static void add_scratchpad(mdg_dnn *d, dnnl_primitive_desc_t pd, mdg_task *task) {
    const dnnl_memory_desc_t *desc = mdg_dnn_query(d, pd, dnnl_query_scratchpad_md);
    const size_t bytes = dnnl_memory_desc_get_size(desc);
    dnnl_memory_t memory = NULL;
    if (bytes == 0 || d->status != MDG_OK) return;
    mdg_dnn_check(d, dnnl_memory_create(&memory, desc, d->engine, DNNL_MEMORY_NONE), "a scratchpad");
    if (d->status != MDG_OK) return;
    keep(d, (mdg_dnn_object){.scratch = memory});
    if (bytes > d->scratch_bytes) d->scratch_bytes = bytes;
    task->args[task->n_args++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, memory};
}

mdg_task mdg_dnn_task(mdg_dnn *d, dnnl_primitive_desc_t pd, int n_args, const dnnl_exec_arg_t *args) {
    mdg_task task = {.phase = MDG_PHASE_BOTH, .n_args = n_args};
    if (d->status != MDG_OK) return task;
    memcpy(task.args, args, (size_t)n_args * sizeof *args);
    mdg_dnn_check(d, dnnl_primitive_create(&task.primitive, pd), "a primitive");
    if (d->status != MDG_OK) return task;
    keep(d, (mdg_dnn_object){.primitive = task.primitive});
    add_scratchpad(d, pd, &task);
    return task;
}

static dnnl_primitive_desc_t describe_reorder(mdg_dnn *d, dnnl_memory_t from, dnnl_memory_t to) {
    const dnnl_memory_desc_t *source = NULL, *target = NULL;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_primitive_attr_t attr = new_attributes(d);
    if (d->status == MDG_OK) {
        mdg_dnn_check(d, dnnl_memory_get_memory_desc(from, &source), "reorder");
        mdg_dnn_check(d, dnnl_memory_get_memory_desc(to, &target), "reorder");
        mdg_dnn_check(d, dnnl_reorder_primitive_desc_create(&pd, source, d->engine, target, d->engine, attr),
                      "reorder");
    }
    dnnl_primitive_attr_destroy(attr);
    return keep_description(d, pd);
}

mdg_task mdg_dnn_reorder(mdg_dnn *d, dnnl_memory_t from, dnnl_memory_t to) {
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    return mdg_dnn_task(d, describe_reorder(d, from, to), 2, args);
}

void mdg_tasks_add(mdg_dnn *d, mdg_tasks *list, mdg_task task) {
    if (list->count == list->capacity) {
        mdg_task *items = mdg_arena_array(d->arena, (size_t)list->capacity * 2 + 16, sizeof *items);
        if (list->count) memcpy(items, list->items, (size_t)list->count * sizeof *items);
        list->items = items;
        list->capacity = list->capacity * 2 + 16;
    }
    list->items[list->count++] = task;
}

mdg_status mdg_tasks_run(mdg_dnn *d, const mdg_tasks *list, mdg_phase phase) {
    for (int i = 0; i < list->count; i++) {
        const mdg_task *task = &list->items[i];
        if (!(task->phase & phase)) continue;
        if (task->run)
            task->run(task);
        else
            mdg_dnn_check(d, dnnl_primitive_execute(task->primitive, d->stream, task->n_args, task->args),
                          "a primitive's run");
    }
    mdg_dnn_check(d, dnnl_stream_wait(d->stream), "a stream");
    return d->status;
}
