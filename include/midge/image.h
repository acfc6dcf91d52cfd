/* SPDX-License-Identifier: MIT
 *
 * image.h: the bytes of a model image: a planned program with its weights, which a device runs in place from
 * flash (model.h). docs/FORMAT.md tells the same in prose, byte by byte.
 *
 * An image is little-endian and begins at an address that is a multiple of 16. All offsets count bytes from
 * its begin. The tables may stand anywhere behind the header.
 */
#ifndef MIDGE_IMAGE_H
#define MIDGE_IMAGE_H

#include <stdint.h>

#include "midge/params.h"

#define MDG_IMAGE_MAGIC   0x4947444Du /* "MDGI" */
#define MDG_IMAGE_VERSION 1u

/* An operand of a step that is NULL */
#define MDG_IMAGE_NONE 0xFFFFu

typedef struct mdg_image_header {
    uint32_t magic;
    uint32_t version;
    uint32_t bytes; /* of the whole image */
    uint32_t crc;   /* CRC-32 (that of zip and PNG) of the bytes from 16 to the end */
    uint32_t arena_bytes, state_bytes;
    uint32_t model_hash[2]; /* of the file that it was made from: FNV-1a, low word first */
    uint32_t n_buffers, buffers;
    uint32_t n_inputs, n_outputs, ios; /* inputs, then outputs */
    uint32_t n_initial, initial;
    uint32_t n_steps, steps;
    uint32_t n_operands, operands;
    uint32_t reserved; /* 0 */
} mdg_image_header;

/* Where a buffer lives: in the image itself, in the arena, in the state */
typedef enum mdg_image_kind {
    MDG_IMAGE_CONST,
    MDG_IMAGE_ARENA,
    MDG_IMAGE_STATE,
    MDG_IMAGE_KINDS
} mdg_image_kind;

typedef struct mdg_image_buffer {
    uint32_t place; /* kind in the low 4 bits; without them the offset, a multiple of 16 */
    uint32_t bytes; /* at most 2^30 */
} mdg_image_buffer;

typedef struct mdg_image_io {
    uint32_t buffer;
    uint32_t
        type;    /* as in .tflite files: 0 float32, 2 int32, 3 uint8, 4 int64, 6 bool, 7 int16, 9 int8, ... */
    float scale; /* real = scale * (q - zero_point); 0: not quantised */
    int32_t zero_point;
    int32_t rank;
    int32_t dim[MDG_MAX_RANK];
} mdg_image_io;

/* What a state is after a reset, where that is not zero */
typedef struct mdg_image_initial {
    uint32_t buffer; /* of the state */
    uint32_t data;   /* offset of as many bytes */
} mdg_image_initial;

typedef enum mdg_image_what {
    MDG_IMAGE_CALL,   /* kernel(params, in, out) */
    MDG_IMAGE_UNLESS, /* goes to step `target` if the byte in[0] is 0 */
    MDG_IMAGE_GOTO    /* goes to step `target` */
} mdg_image_what;

typedef struct mdg_image_step {
    uint8_t what, n_in, n_out, reserved;
    uint32_t operands; /* index of the first one: a list of uint16_t, buffers that are read, then written */
    uint32_t target;   /* CALL: offset of the kernel's name, ended by a zero; else the step to go to */
    uint32_t params;   /* offset, a multiple of 4 */
    uint32_t params_bytes;
} mdg_image_step;

#endif
