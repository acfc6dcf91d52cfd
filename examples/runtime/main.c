/* SPDX-License-Identifier: MIT
 *
 * A firmware whose model can be replaced: it carries a model image, and takes a newer one if one lies in its
 * update slot and holds. For the emulated Cortex-M4 board the slot is the file update.image; inputs come from
 * input.bin, outputs go to output.bin.
 */
#include "model_image.h" /* made with the image: MODEL_KERNELS */
#include "semihost.h"

enum { ARENA_BYTES = 64 << 10, STATE_BYTES = 1 << 10, SLOT_BYTES = 128 << 10 };

extern const uint8_t builtin_image[], builtin_image_end[]; /* builtin.S */

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(16)));
static uint8_t state[STATE_BYTES] __attribute__((aligned(16)));
static uint8_t slot[SLOT_BYTES] __attribute__((aligned(16)));

/* What this firmware can run: models made of the kernels of its own model, which is laid out for this
 * processor, and of these. */
static const mdg_model_kernel kernels[] = {
    MODEL_KERNELS MDG_USE(conv2d_s8), MDG_USE(depthwise_conv2d_s8),      MDG_USE(fully_connected_s8),
    MDG_USE(conv2d_rows_smlad_s8),    MDG_USE(fully_connected_smlad_s8), {NULL, NULL, NULL},
};

static const mdg_model_memory memory = {arena, sizeof arena, state, sizeof state};

static const char *reason(mdg_status status) {
    switch (status) {
    case MDG_UNSUPPORTED: return "made for another version\n";
    case MDG_NO_MEMORY: return "needs more memory than there is\n";
    case MDG_NOT_FOUND: return "needs a kernel that this firmware lacks\n";
    default: return "damaged\n";
    }
}

static bool open_update(mdg_model *model) {
    const int32_t file = mdg_semihost_open("update.image", 0);
    if (file < 0) return false;
    const size_t bytes = mdg_semihost_read(file, slot, sizeof slot);
    const mdg_status status = mdg_model_open(model, slot, bytes, kernels, &memory);
    mdg_semihost_print(status == MDG_OK ? "update: taken\n" : "update: refused, ");
    if (status != MDG_OK) mdg_semihost_print(reason(status));
    return status == MDG_OK;
}

static bool read_inputs(const mdg_model *model, int32_t file) {
    for (uint32_t k = 0; mdg_model_input(model, k); k++) {
        const size_t bytes = mdg_model_input_bytes(model, k);
        if (mdg_semihost_read(file, mdg_model_input(model, k), bytes) != bytes) return false;
    }
    return true;
}

static void write_outputs(const mdg_model *model, int32_t file) {
    for (uint32_t k = 0; mdg_model_output(model, k); k++)
        (void)mdg_semihost_write(file, mdg_model_output(model, k), mdg_model_output_bytes(model, k));
}

int main(void) {
    mdg_model model;
    const size_t builtin_bytes = (size_t)(builtin_image_end - builtin_image);
    if (!open_update(&model) &&
        mdg_model_open(&model, builtin_image, builtin_bytes, kernels, &memory) != MDG_OK)
        return 1;
    const int32_t in = mdg_semihost_open("input.bin", 0), out = mdg_semihost_open("output.bin", 1);
    if (in < 0 || out < 0) return 2;
    while (read_inputs(&model, in)) {
        mdg_model_invoke(&model);
        write_outputs(&model, out);
    }
    return 0;
}
