/* SPDX-License-Identifier: MIT
 *
 * model.h: runs model images (image.h), so that a device's model can change without its firmware.
 *
 *     #include "midge/model.h"
 *
 *     static const mdg_model_kernel kernels[] = {MDG_USE(conv2d_s8), MDG_USE(softmax_s8), {NULL, NULL,
 * NULL}}; static uint8_t arena[16000] __attribute__((aligned(16))); const mdg_model_memory memory = {arena,
 * sizeof arena, NULL, 0}; mdg_model model;
 *
 *     if (mdg_model_open(&model, image, image_bytes, kernels, &memory) != MDG_OK) keep_the_old_one();
 *     memcpy(mdg_model_input(&model, 0), data, mdg_model_input_bytes(&model, 0));
 *     mdg_model_invoke(&model);
 *     use(mdg_model_output(&model, 0));
 *
 * The kernels that an image needs are those that the table names; `midge compile --format image` writes the
 * table. A custom operator is one more entry. Opening checks everything, also against hostile bytes: after
 * it returned MDG_OK, no input leads out of the image, the arena or the state.
 *
 * Memory: the caller's. The image is used in place and must stay. Models that do not run at the same time may
 * share an arena: it holds a model's inputs, outputs and scratch from the writing of its inputs to the
 * reading of its outputs. The state is a model's own. Threads: a model belongs to one thread.
 */
#ifndef MIDGE_MODEL_H
#define MIDGE_MODEL_H

#include <stddef.h>

#include "midge/check.h"
#include "midge/image.h"
#include "midge/status.h"

MDG_C_BEGIN

typedef struct mdg_model_kernel {
    const char *name;
    mdg_kernel_fn *run;
    mdg_check_fn *check;
} mdg_model_kernel;

#define MDG_USE(name)                                                                                        \
    { #name, mdg_##name, mdg_##name##_check }
/* A kernel of the application (custom.h) */
#define MDG_USE_CUSTOM(name)                                                                                 \
    { #name, name, name##_check }

typedef struct mdg_model_memory {
    void *arena; /* both aligned to 16 */
    size_t arena_bytes;
    void *state;
    size_t state_bytes;
} mdg_model_memory;

typedef struct mdg_model {
    const uint8_t *image;
    const mdg_model_kernel *kernels;
    uint8_t *arena, *state;
    uint32_t failed_step; /* after mdg_model_open refused a step */
} mdg_model;

/* How much memory an image needs. Returns MDG_OK, MDG_INVALID (no complete image), or MDG_UNSUPPORTED (of
 * another version). */
mdg_status mdg_model_needs(const void *image, size_t bytes, size_t *arena_bytes, size_t *state_bytes);

/* Checks the image and resets the model. kernels ends with a NULL name; it, image and memory must stay.
 * Returns MDG_OK; MDG_INVALID for anything wrong with the image, MDG_UNSUPPORTED for another version,
 * MDG_NO_MEMORY for too little or misaligned memory, MDG_NOT_FOUND for a kernel that the table lacks
 * (mdg_model_kernel_name(m, m->failed_step) is its name). */
mdg_status mdg_model_open(mdg_model *m, const void *image, size_t bytes, const mdg_model_kernel *kernels,
                          const mdg_model_memory *memory);

/* Input or output k; NULL where there is none. */
void *mdg_model_input(const mdg_model *m, uint32_t k);
const void *mdg_model_output(const mdg_model *m, uint32_t k);
size_t mdg_model_input_bytes(const mdg_model *m, uint32_t k);
size_t mdg_model_output_bytes(const mdg_model *m, uint32_t k);
/* Type, shape and quantisation */
const mdg_image_io *mdg_model_input_info(const mdg_model *m, uint32_t k);
const mdg_image_io *mdg_model_output_info(const mdg_model *m, uint32_t k);

void mdg_model_invoke(const mdg_model *m);

/* One step of an inference, from step 0 on, for those who have other things to do in between. Returns the
 * step that comes next, or mdg_model_steps(m) at the end. */
uint32_t mdg_model_step(const mdg_model *m, uint32_t step);
uint32_t mdg_model_steps(const mdg_model *m);
/* The kernel that a step calls, or NULL */
const char *mdg_model_kernel_name(const mdg_model *m, uint32_t step);

/* State to its initial value */
void mdg_model_reset(const mdg_model *m);

MDG_C_END

#endif
