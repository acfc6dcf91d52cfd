/* SPDX-License-Identifier: MIT
 *
 * Writes seeds of fuzz_image: seed_image FOLDER [MODEL.tflite|MODEL.onnx ...]. Without models, those of the
 * tests, a call of each other kernel with random parameters and operands of the smallest sizes that its check
 * accepts, and the smallest random layer of each target's kernel. A model that midge does not lower, or whose
 * image is larger than a seed should be, is left out.
 */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "image/pack.h"
#include "onnx/onnx.h"
#include "plan/plan.h"
#include "specialize/specialize.h"
#include "tests/core/random_call.h"
#include "tests/host/specialize/layers.h"
#include "tests/host/tflite/samples.h"
#include "tflite/tflite.h"

enum { MAX_BYTES = 4096, ROUNDS = 200000, LAYERS = 1000 };

/* Of armv6m, armv7m and rv32, whose kernels are the same, one */
static const char *const isas[] = {"armv7em", "rv32", "mve"};

enum { ISAS = sizeof isas / sizeof *isas };

typedef struct output {
    const char *folder;
    mdg_arena *arena;
    mdg_diag *diag;
} output;

static mdg_status write_seed(const output *o, const mdg_bytes *image, const char *name) {
    if (image->size > MAX_BYTES) return MDG_OK;
    const char *path = mdg_arena_printf(o->arena, "%s/%s.image", o->folder, name);
    return mdg_file_write(path, image->data, image->size, o->diag);
}

/* -- Models -- */

static mdg_status compile_for(const output *o, const mdg_graph *g, const char *isa, mdg_bytes *image) {
    mdg_program p;
    MDG_TRY(mdg_lower(g, o->arena, &p, o->diag));
    MDG_TRY(mdg_specialize(&p, isa, MDG_OPTIMIZE_balanced, o->diag));
    MDG_TRY(mdg_plan(&p, &(mdg_plan_opts){.apart = true}, o->diag));
    return mdg_pack(&p, 0, o->arena, image, o->diag);
}

/* One for the reference kernels, and one for each target's that differs */
static mdg_status save(const output *o, const mdg_graph *g, const char *name) {
    mdg_bytes ref, image;
    if (compile_for(o, g, "ref", &ref) != MDG_OK) return MDG_OK;
    MDG_TRY(write_seed(o, &ref, name));
    for (size_t i = 0; i < ISAS; i++) {
        MDG_TRY(compile_for(o, g, isas[i], &image));
        if (image.size != ref.size || memcmp(image.data, ref.data, ref.size) != 0)
            MDG_TRY(write_seed(o, &image, mdg_arena_printf(o->arena, "%s.%s", name, isas[i])));
    }
    return MDG_OK;
}

static mdg_status save_samples(const output *o) {
    for (int i = 0; i < SAMPLE_COUNT; i++) MDG_TRY(save(o, samples[i].make(o->arena), samples[i].name));
    return MDG_OK;
}

static mdg_status read_model(const output *o, const char *path, mdg_graph **g) {
    mdg_bytes file;
    const char *suffix = strrchr(path, '.');
    MDG_TRY(mdg_file_read(path, o->arena, &file, o->diag));
    return suffix && strcmp(suffix, ".onnx") == 0 ? mdg_onnx_read(&file, path, o->arena, g, o->diag)
                                                  : mdg_tflite_read(&file, path, o->arena, g, o->diag);
}

static mdg_status save_model(const output *o, char *path) {
    mdg_graph *g;
    const mdg_status status = read_model(o, path, &g);
    if (status == MDG_OK) return save(o, g, basename(path));
    return status == MDG_IO ? status : MDG_OK;
}

/* -- Calls -- */

/* Without the operands that are not needed, and without the bytes that are not */
static void shrink(const mdg_kernel_info *k, random_call *c) {
    uint32_t *counts[] = {&c->sizes.n_in, &c->sizes.n_out};
    for (int i = 0; i < 2; i++) {
        while (*counts[i] > 0 && (--*counts[i], k->check(c->params, &c->sizes))) continue;
        if (!k->check(c->params, &c->sizes)) ++*counts[i];
    }
    for (uint32_t i = 0; i < c->sizes.n_in + c->sizes.n_out; i++) {
        uint32_t *bytes = i < c->sizes.n_in ? &c->sizes.in[i] : &c->sizes.out[i - c->sizes.n_in];
        while (*bytes > 4 && (*bytes -= 4, k->check(c->params, &c->sizes))) continue;
        if (!k->check(c->params, &c->sizes)) *bytes += 4;
    }
}

static void add_io(mdg_program *p, mdg_io *list, int *n, int buffer) {
    mdg_tensor *t = mdg_arena_alloc(p->arena, sizeof *t);
    *t = (mdg_tensor){.name = "t", .type = MDG_INT8};
    t->shape = mdg_shape_of(1, (int32_t)p->buffers[buffer].bytes);
    list[(*n)++] = (mdg_io){buffer, t};
}

static mdg_program program_of(mdg_kernel_id kernel, const random_call *c, mdg_arena *arena) {
    mdg_program p = {.arena = arena};
    p.inputs = mdg_arena_array(arena, CALL_OPERANDS, sizeof *p.inputs);
    p.outputs = mdg_arena_array(arena, CALL_OPERANDS, sizeof *p.outputs);
    mdg_call *call = mdg_program_add_call(&p, kernel, c->params);
    for (uint32_t i = 0; i < c->sizes.n_in; i++) {
        const mdg_buffer_kind kind = c->sizes.constant[i] ? MDG_BUF_CONST : MDG_BUF_ARENA;
        mdg_call_add_in(
            call, mdg_program_add_buffer(&p, kind, "t", "int8_t", c->sizes.in[i], c->sizes.constant[i]));
        if (kind == MDG_BUF_ARENA) add_io(&p, p.inputs, &p.n_inputs, call->in[i]);
    }
    for (uint32_t i = 0; i < c->sizes.n_out; i++) {
        mdg_call_add_out(call,
                         mdg_program_add_buffer(&p, MDG_BUF_ARENA, "t", "int8_t", c->sizes.out[i], NULL));
        add_io(&p, p.outputs, &p.n_outputs, call->out[i]);
    }
    mdg_program_lifetimes(&p);
    return p;
}

static mdg_status save_program(const output *o, mdg_program p, const char *name) {
    mdg_bytes image;
    MDG_TRY(mdg_plan(&p, &(mdg_plan_opts){.apart = true}, o->diag));
    MDG_TRY(mdg_pack(&p, 0, o->arena, &image, o->diag));
    return write_seed(o, &image, name);
}

static mdg_status save_call(const output *o, mdg_kernel_id kernel) {
    const mdg_kernel_info *k = &mdg_kernels[kernel];
    mdg_rng r = mdg_rng_of((uint64_t)kernel, 0);
    mdg_status status = MDG_OK;
    bool accepted = false;
    for (int round = 0; round < ROUNDS && !accepted; round++) {
        random_call *c = random_call_new(&r, k);
        accepted = k->check(c->params, &c->sizes);
        if (accepted) {
            shrink(k, c);
            status = save_program(o, program_of(kernel, c, o->arena), k->name);
        }
        random_call_free(c);
    }
    if (!accepted) printf("%s: no random call is accepted\n", k->name);
    return status;
}

/* Of the kernels that have no seed yet */
static mdg_status save_calls(const output *o, const mdg_bytes *saved) {
    for (int i = 0; i < MDG_K_COUNT; i++)
        if (saved[i].size == 0) MDG_TRY(save_call(o, (mdg_kernel_id)i));
    return MDG_OK;
}

/* -- Layers -- */

/* The image of a random layer, and the target's kernel that it came to; false where it stays as it is */
static bool pack_layer(const output *o, uint64_t seed, const char *isa, mdg_kernel_id *kernel,
                       mdg_bytes *image) {
    mdg_rng r = mdg_rng_of(seed, 0);
    mdg_program p = layers_new(&r, o->arena, 1).program;
    const mdg_kernel_id before = p.calls[0].kernel;
    if (mdg_specialize(&p, isa, seed % 2 ? MDG_OPTIMIZE_ram : MDG_OPTIMIZE_balanced, o->diag) != MDG_OK)
        return false;
    *kernel = p.calls[0].kernel;
    return *kernel != before && mdg_plan(&p, &(mdg_plan_opts){.apart = true}, o->diag) == MDG_OK &&
           mdg_pack(&p, 0, o->arena, image, o->diag) == MDG_OK;
}

/* smallest[kernel]: its seed, if any came to it */
static mdg_status save_layers(const output *o, mdg_bytes *smallest) {
    for (uint64_t seed = 0; seed < LAYERS * ISAS; seed++) {
        mdg_kernel_id kernel;
        mdg_bytes image;
        if (!pack_layer(o, seed, isas[seed % ISAS], &kernel, &image)) continue;
        if (smallest[kernel].size == 0 || image.size < smallest[kernel].size) smallest[kernel] = image;
    }
    for (int i = 0; i < MDG_K_COUNT; i++)
        if (smallest[i].size) MDG_TRY(write_seed(o, &smallest[i], mdg_kernels[i].name));
    return MDG_OK;
}

int main(int argc, char **argv) {
    mdg_bytes saved[MDG_K_COUNT] = {{NULL, 0}};
    mdg_diag diag = {"usage: seed_image FOLDER [MODEL.tflite|MODEL.onnx ...]"};
    const output o = {argv[1], mdg_arena_new(), &diag};
    mdg_status status = argc < 2 ? MDG_INVALID : MDG_OK;
    if (argc == 2) status = save_samples(&o);
    if (argc == 2 && status == MDG_OK) status = save_layers(&o, saved);
    if (argc == 2 && status == MDG_OK) status = save_calls(&o, saved);
    for (int i = 2; i < argc && status == MDG_OK; i++) status = save_model(&o, argv[i]);
    if (status != MDG_OK) fprintf(stderr, "%s\n", diag.text);
    mdg_arena_free(o.arena);
    return status == MDG_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
