/* SPDX-License-Identifier: MIT
 *
 * Costs come from three places: instructions from the plugin's trace (plugin/icount.c), between marks that
 * the harness and the generated code leave as symbols; sizes from the sections of the linked image
 * (ports/qemu/link.ld); stack from the painted stack.
 */
#include "measure/measure.h"

#include <stdlib.h>
#include <string.h>

#include "measure/elf.h"
#include "measure/image.h"
#include "util/embedded.h"

typedef enum mark_kind { MARK_BEGIN, MARK_END, MARK_PUSH_BEGIN, MARK_PUSH_END, MARK_OP, MARK_NONE } mark_kind;

typedef struct mark {
    mark_kind kind;
    uint32_t address;
    int op;
    const char *op_name;
} mark;

typedef struct mark_list {
    int n;
    mark *marks;
} mark_list;

/* "mdg_mark_begin.12", "mdg_op_3_CONV_2D.15" */
static mark mark_of(const mdg_elf_symbol *s, mdg_arena *arena) {
    static const char *const names[] = {"mdg_mark_begin.", "mdg_mark_end.", "mdg_mark_push_begin.",
                                        "mdg_mark_push_end."};
    for (int i = 0; i < MARK_OP; i++) {
        if (strncmp(s->name, names[i], strlen(names[i])) == 0)
            return (mark){.kind = (mark_kind)i, .address = s->address};
    }
    int op = 0, name_at = 0;
    if (sscanf(s->name, "mdg_op_%d_%n", &op, &name_at) != 1 || name_at == 0) return (mark){.kind = MARK_NONE};
    const char *name = s->name + name_at;
    return (mark){.kind = MARK_OP,
                  .address = s->address,
                  .op = op,
                  .op_name = mdg_arena_printf(arena, "%.*s", (int)strcspn(name, "."), name)};
}

static mark_list find_marks(const mdg_elf *elf, mdg_arena *arena) {
    mark_list list = {.marks = mdg_arena_array(arena, elf->n_symbols + 1, sizeof(mark))};
    for (uint32_t i = 0; i < elf->n_symbols; i++) {
        const mdg_elf_symbol s = mdg_elf_symbol_at(elf, i);
        const mark m = mark_of(&s, arena);
        if (m.kind != MARK_NONE) list.marks[list.n++] = m;
    }
    return list;
}

static const char *timing_options(const mdg_run_opts *o, mdg_arena *arena) {
    const mdg_target *t = o->target;
    if (!t->core) return "";
    return mdg_arena_printf(arena, ",core=%s%s,flash=0x%x,flash_size=0x%x,wait=%d", t->core,
                            o->timing.slow_multiply ? ",slow_multiply=on" : "", t->flash, t->flash_bytes,
                            o->timing.wait_states);
}

static mdg_command plugin_options(const mdg_image *image, const mark_list *list) {
    mdg_arena *arena = image->arena;
    mdg_command c = {.arena = arena};
    const char *plugin =
        mdg_arena_printf(arena, "./icount.so,out=trace.txt%s", timing_options(image->opts, arena));
    mdg_command_add_words(&c, "-icount shift=0,align=off,sleep=off -plugin");
    for (int i = 0; i < list->n; i++)
        plugin = mdg_arena_printf(arena, "%s,mark=0x%x", plugin, list->marks[i].address & ~1u);
    mdg_command_add(&c, plugin);
    return c;
}

/* Executed since the start, or between two places */
typedef struct work {
    uint64_t instructions, cycles;
} work;

static work between(work from, work to) {
    return (work){to.instructions - from.instructions, to.cycles - from.cycles};
}

/* Adds to the op's entry, which is made when it is new. */
static void charge(mdg_cost *cost, const mark *m, work done) {
    mdg_op_cost *op = cost->ops;
    while (op < cost->ops + cost->n_ops && op->op != m->op) op++;
    if (op == cost->ops + cost->n_ops) {
        *op = (mdg_op_cost){.op = m->op, .name = m->op_name};
        cost->n_ops++;
    }
    op->instructions += done.instructions;
    op->cycles += done.cycles;
}

/* The dearest push counts: one that completed a frame. Of a picture all of them do. */
static void keep_push(mdg_cost *cost, work push, bool picture) {
    if (picture) push.instructions += cost->feature_instructions, push.cycles += cost->feature_cycles;
    if (push.instructions <= cost->feature_instructions) return;
    cost->feature_instructions = push.instructions;
    cost->feature_cycles = push.cycles;
}

/* Follows the trace; each `begin` that operators follow starts anew, so that the last inference stays. */
static void read_trace(char *trace, const mark_list *list, bool picture, mdg_cost *cost) {
    work begin = {0}, last = {0}, push = {0};
    bool ended = false, begun = false;
    for (char *line; (line = strsep(&trace, "\n")) != NULL && *line;) {
        char *rest;
        const long index = strtol(line, &rest, 10);
        work now = {.instructions = strtoull(rest, &rest, 10)};
        now.cycles = strtoull(rest, NULL, 10);
        if (index < 0 || index >= list->n) continue;
        const mark *m = &list->marks[index];
        switch (m->kind) {
        case MARK_BEGIN:
            begin = last = now;
            begun = true;
            break;
        case MARK_OP:
            if (begun) cost->n_ops = 0;
            begun = false;
            charge(cost, m, between(last, now));
            last = now;
            break;
        case MARK_END:
            cost->instructions = between(begin, now).instructions;
            cost->cycles = between(begin, now).cycles;
            ended = true;
            break;
        case MARK_PUSH_BEGIN:
            push = now;
            if (picture && ended) cost->feature_instructions = cost->feature_cycles = 0;
            ended = false;
            break;
        case MARK_PUSH_END: keep_push(cost, between(push, now), picture); break;
        case MARK_NONE: break;
        }
    }
}

static void read_sizes(const mdg_elf *elf, mdg_cost *cost) {
    cost->code_bytes = mdg_elf_section_bytes(elf, ".code") + mdg_elf_section_bytes(elf, ".data");
    cost->weights_bytes = mdg_elf_section_bytes(elf, ".weights");
    cost->arena_bytes = mdg_elf_symbol_bytes(elf, "mdg_arena");
    cost->state_bytes = mdg_elf_symbol_bytes(elf, "mdg_state");
}

static mdg_status measure_image(const mdg_image *image, const void *input, mdg_cost *cost, mdg_diag *diag) {
    mdg_arena *arena = image->arena;
    const mdg_embedded_file *plugin = mdg_embedded_find("icount.so");
    mdg_bytes file;
    mdg_elf elf;
    MDG_TRY(mdg_file_read(mdg_image_path(image, "image.elf"), arena, &file, diag));
    MDG_TRY(mdg_elf_open(file, &elf, diag));
    MDG_TRY(mdg_file_write(mdg_image_path(image, "icount.so"), plugin->data, plugin->size, diag));

    const mark_list list = find_marks(&elf, arena);
    const mdg_command options = plugin_options(image, &list);
    MDG_TRY(mdg_image_run(image, input, &options, NULL, diag));

    cost->ops = mdg_arena_array(arena, (size_t)list.n + 1, sizeof *cost->ops);
    MDG_TRY(mdg_file_read(mdg_image_path(image, "trace.txt"), arena, &file, diag));
    read_trace(mdg_arena_printf(arena, "%.*s", (int)file.size, (const char *)file.data), &list,
               image->opts->feed == MDG_FEED_PIXELS, cost);
    read_sizes(&elf, cost);
    MDG_TRY(mdg_file_read(mdg_image_path(image, "stack.bin"), arena, &file, diag));
    uint32_t stack = 0;
    memcpy(&stack, file.data, file.size < sizeof stack ? file.size : sizeof stack);
    cost->stack_bytes = stack;
    return MDG_OK;
}

mdg_status mdg_target_measure(const mdg_run_opts *opts, const void *input, mdg_arena *arena, mdg_cost *out,
                              mdg_diag *diag) {
    mdg_image image;
    *out = (mdg_cost){0};
    mdg_status status = mdg_image_build(opts, true, arena, &image, diag);
    if (status == MDG_OK) status = measure_image(&image, input, out, diag);
    mdg_image_remove(&image);
    return status;
}

static mdg_status run_image(const mdg_image *image, const void *input, void *output,
                            const mdg_progress *progress, mdg_diag *diag) {
    mdg_bytes file;
    MDG_TRY(mdg_image_run(image, input, NULL, progress, diag));
    MDG_TRY(mdg_file_read(mdg_image_path(image, "output.bin"), image->arena, &file, diag));
    memcpy(output, file.data, file.size);
    return MDG_OK;
}

mdg_status mdg_target_run(const mdg_run_opts *opts, const void *input, void *output,
                          const mdg_progress *progress, mdg_arena *arena, mdg_diag *diag) {
    mdg_image image;
    mdg_status status = mdg_image_build(opts, false, arena, &image, diag);
    if (status == MDG_OK) status = run_image(&image, input, output, progress, diag);
    mdg_image_remove(&image);
    return status;
}
