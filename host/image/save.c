/* SPDX-License-Identifier: MIT
 *
 * A model image as a file, and what a firmware has to know to run it.
 */
#include <ctype.h>
#include <string.h>

#include "image/pack.h"

static const char *capitals(mdg_arena *arena, const char *name) {
    char *upper = mdg_arena_strdup(arena, name);
    for (char *c = upper; *c; c++) *c = (char)toupper((unsigned char)*c);
    return upper;
}

static bool is_named_before(const mdg_program *p, int call) {
    for (int i = 0; i < call; i++)
        if (p->calls[i].step == MDG_STEP_KERNEL &&
            strcmp(mdg_call_kernel(&p->calls[i])->name, mdg_call_kernel(&p->calls[call])->name) == 0)
            return true;
    return false;
}

static void print_kernels(const mdg_program *p, FILE *out) {
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (c->step == MDG_STEP_KERNEL && !is_named_before(p, i))
            fprintf(out, " \\\n    %s(%s),", c->custom ? "MDG_USE_CUSTOM" : "MDG_USE",
                    mdg_call_kernel(c)->name);
    }
}

/* As the header of generated C tells */
static void print_streaming(const mdg_streaming *s, const char *upper, FILE *out) {
    if (!s->hop) return;
    fprintf(
        out,
        "/* Frames of an inference, and of the window that an output tells of; how many inferences after a "
        "reset\n * have outputs without meaning */\n");
    fprintf(out, "#define %s_HOP_FRAMES %d\n#define %s_WINDOW_FRAMES %d\n#define %s_WARM_UP_CALLS %d\n\n",
            upper, (int)s->hop, upper, (int)s->window, upper, (int)s->warm_up);
}

static void print_header(const mdg_program *p, const char *name, FILE *out) {
    const char *upper = capitals(p->arena, name);
    fprintf(out,
            "/* %s_image.h: what a firmware provides for %s.image; written by midge " MIDGE_VERSION ".\n *\n"
            " *     static const mdg_model_kernel kernels[] = {%s_KERNELS {NULL, NULL, NULL}};\n"
            " */\n#ifndef %s_IMAGE_H\n#define %s_IMAGE_H\n\n#include \"midge/model.h\"\n\n",
            name, name, upper, upper, upper);
    fprintf(out,
            "/* RAM, aligned to 16 bytes; other models that run at other times may share the arena */\n");
    fprintf(out, "#define %s_ARENA_BYTES %zu\n#define %s_STATE_BYTES %zu\n\n", upper, p->arena_bytes, upper,
            p->state_bytes);
    if (p->graph) print_streaming(&p->graph->streaming, upper, out);
    fprintf(out, "#define %s_KERNELS", upper);
    print_kernels(p, out);
    fprintf(out, "\n\n#endif\n");
}

mdg_status mdg_pack_save(const mdg_program *p, uint64_t model_hash, const char *folder, const char *name,
                         mdg_diag *diag) {
    mdg_bytes image;
    mdg_writer header;
    MDG_TRY(mdg_pack(p, model_hash, p->arena, &image, diag));
    MDG_TRY(mdg_folder_make(folder, diag));
    MDG_TRY(mdg_file_write(mdg_arena_printf(p->arena, "%s/%s.image", folder, name), image.data, image.size,
                           diag));
    MDG_TRY(mdg_writer_open(&header, mdg_arena_printf(p->arena, "%s/%s_image.h", folder, name), diag));
    print_header(p, name, header.stream);
    return mdg_writer_close(&header, diag);
}
