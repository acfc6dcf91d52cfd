/* SPDX-License-Identifier: MIT
 *
 * Constants, parameters and names come first, then the tables that point to them.
 */
#include "image/pack.h"

#include <string.h>

#include "core/crc32.h"
#include "midge/image.h"

enum { ALIGN = 16, CRC_BEGIN = 16 };

typedef struct packer {
    const mdg_program *program;
    mdg_arena *arena;
    mdg_diag *diag;
    mdg_bytes image;
    size_t capacity;
    int *number;                 /* [n_buffers] in the image; -1 = not used by any step */
    int *buffer_of;              /* [header.n_buffers] the way back */
    uint32_t *step_number;       /* [n_calls + 1] in the image, or that of the next step that is there */
    uint32_t names[MDG_K_COUNT]; /* offsets; 0 = not there yet */
    mdg_image_header header;
} packer;

/* -- Bytes -- */

/* `bytes` more bytes, zeroed, at a multiple of align; returns their offset. */
static uint32_t extend(packer *pk, size_t bytes, size_t align) {
    const size_t offset = (pk->image.size + align - 1) / align * align, end = offset + bytes;
    if (end > pk->capacity) {
        pk->capacity = end * 2;
        uint8_t *bigger = mdg_arena_alloc(pk->arena, pk->capacity);
        if (pk->image.size) memcpy(bigger, pk->image.data, pk->image.size);
        pk->image.data = bigger;
    }
    pk->image.size = end;
    return (uint32_t)offset;
}

static uint32_t append(packer *pk, const void *data, size_t bytes, size_t align) {
    const uint32_t offset = extend(pk, bytes, align);
    if (bytes) memcpy(pk->image.data + offset, data, bytes);
    return offset;
}

/* -- Buffers -- */

static bool is_equal_constant(const mdg_buffer *a, const mdg_buffer *b) {
    return a->kind == MDG_BUF_CONST && b->kind == MDG_BUF_CONST && a->bytes == b->bytes &&
           (a->data == b->data || memcmp(a->data, b->data, a->bytes) == 0);
}

/* Gives a buffer its number; equal constants share one. */
static void use(packer *pk, int buffer) {
    if (buffer < 0 || pk->number[buffer] >= 0) return;
    const mdg_buffer *b = &pk->program->buffers[buffer];
    for (uint32_t i = 0; i < pk->header.n_buffers && pk->number[buffer] < 0; i++)
        if (is_equal_constant(&pk->program->buffers[pk->buffer_of[i]], b)) pk->number[buffer] = (int)i;
    if (pk->number[buffer] >= 0) return;
    pk->number[buffer] = (int)pk->header.n_buffers;
    pk->buffer_of[pk->header.n_buffers++] = buffer;
}

static void number_buffers(packer *pk) {
    const mdg_program *p = pk->program;
    pk->number = mdg_arena_array(pk->arena, (size_t)p->n_buffers, sizeof *pk->number);
    pk->buffer_of = mdg_arena_array(pk->arena, (size_t)p->n_buffers, sizeof *pk->buffer_of);
    for (int i = 0; i < p->n_buffers; i++) pk->number[i] = -1;
    for (int k = 0; k < p->n_inputs; k++) use(pk, p->inputs[k].buffer);
    for (int k = 0; k < p->n_outputs; k++) use(pk, p->outputs[k].buffer);
    for (int i = 0; i < p->n_calls; i++) {
        for (int k = 0; k < p->calls[i].n_in; k++) use(pk, p->calls[i].in[k]);
        for (int k = 0; k < p->calls[i].n_out; k++) use(pk, p->calls[i].out[k]);
    }
}

static const mdg_buffer *numbered(const packer *pk, uint32_t number) {
    return &pk->program->buffers[pk->buffer_of[number]];
}

static mdg_image_buffer packed_buffer(packer *pk, const mdg_buffer *b) {
    static const mdg_image_kind kinds[] = {[MDG_BUF_CONST] = MDG_IMAGE_CONST,
                                           [MDG_BUF_ARENA] = MDG_IMAGE_ARENA,
                                           [MDG_BUF_STATE] = MDG_IMAGE_STATE};
    const uint32_t offset =
        b->kind == MDG_BUF_CONST ? append(pk, b->data, b->bytes, ALIGN) : (uint32_t)b->offset;
    return (mdg_image_buffer){.place = offset | (uint32_t)kinds[b->kind], .bytes = (uint32_t)b->bytes};
}

static void pack_buffers(packer *pk) {
    const uint32_t n = pk->header.n_buffers;
    mdg_image_buffer *table = mdg_arena_array(pk->arena, n, sizeof *table);
    for (uint32_t i = 0; i < n; i++) table[i] = packed_buffer(pk, numbered(pk, i));
    pk->header.buffers = append(pk, table, n * sizeof *table, sizeof(uint32_t));
}

static void pack_initial(packer *pk) {
    mdg_image_initial *table = mdg_arena_array(pk->arena, pk->header.n_buffers, sizeof *table);
    uint32_t n = 0;
    for (uint32_t i = 0; i < pk->header.n_buffers; i++) {
        const mdg_buffer *b = numbered(pk, i);
        if (b->kind != MDG_BUF_STATE || !b->data) continue;
        table[n++] = (mdg_image_initial){.buffer = i, .data = append(pk, b->data, b->bytes, 1)};
    }
    pk->header.n_initial = n;
    pk->header.initial = append(pk, table, n * sizeof *table, sizeof(uint32_t));
}

static mdg_image_io packed_io(const packer *pk, const mdg_io *io) {
    const mdg_tensor *t = io->tensor;
    mdg_image_io out = {.buffer = (uint32_t)pk->number[io->buffer], .type = (uint32_t)t->type};
    out.rank = t->shape.rank;
    for (int d = 0; d < t->shape.rank; d++) out.dim[d] = t->shape.dim[d];
    if (t->quant.count == 1) {
        out.scale = t->quant.scale[0];
        out.zero_point = t->quant.zero_point[0];
    }
    return out;
}

static void pack_ios(packer *pk) {
    const mdg_program *p = pk->program;
    const int n = p->n_inputs + p->n_outputs;
    mdg_image_io *table = mdg_arena_array(pk->arena, (size_t)n, sizeof *table);
    for (int i = 0; i < n; i++)
        table[i] = packed_io(pk, i < p->n_inputs ? &p->inputs[i] : &p->outputs[i - p->n_inputs]);
    pk->header.n_inputs = (uint32_t)p->n_inputs;
    pk->header.n_outputs = (uint32_t)p->n_outputs;
    pk->header.ios = append(pk, table, (size_t)n * sizeof *table, sizeof(uint32_t));
}

/* -- Steps -- */

bool mdg_pack_has_step(mdg_step step) {
    return step != MDG_STEP_END_IF && step != MDG_STEP_LOOP;
}

static void number_steps(packer *pk) {
    const mdg_program *p = pk->program;
    pk->step_number = mdg_arena_array(pk->arena, (size_t)p->n_calls + 1, sizeof *pk->step_number);
    for (int i = 0; i < p->n_calls; i++)
        pk->step_number[i + 1] = pk->step_number[i] + mdg_pack_has_step(p->calls[i].step);
    pk->header.n_steps = pk->step_number[p->n_calls];
}

/* Kernels of midge are named once; offset 0 is the header, so no name. */
static uint32_t name_of(packer *pk, const mdg_call *c) {
    const char *name = mdg_call_kernel(c)->name;
    if (c->custom) return append(pk, name, strlen(name) + 1, 1);
    uint32_t *known = &pk->names[c->kernel];
    if (!*known) *known = append(pk, name, strlen(name) + 1, 1);
    return *known;
}

static mdg_image_step packed_step(packer *pk, const mdg_call *c) {
    mdg_image_step s = {.what = MDG_IMAGE_GOTO, .n_in = (uint8_t)c->n_in, .n_out = (uint8_t)c->n_out};
    switch (c->step) {
    case MDG_STEP_KERNEL:
        s.what = MDG_IMAGE_CALL;
        s.params_bytes = (uint32_t)mdg_call_kernel(c)->params_bytes;
        s.params = append(pk, c->params, s.params_bytes, sizeof(uint32_t));
        s.target = name_of(pk, c);
        break;
    case MDG_STEP_IF:
        s.what = MDG_IMAGE_UNLESS;
        s.target = pk->step_number[c->jump];
        break;
    case MDG_STEP_BREAK_UNLESS:
        s.what = MDG_IMAGE_UNLESS;
        s.target = pk->step_number[c->jump + 1];
        break;
    default: s.target = pk->step_number[c->jump]; break;
    }
    return s;
}

/* What is empty is NULL for a kernel. */
static uint32_t add_operands(const packer *pk, const int *buffers, int n, uint16_t *operands, uint32_t at) {
    for (int k = 0; k < n; k++) {
        const bool none = buffers[k] < 0 || pk->program->buffers[buffers[k]].bytes == 0;
        operands[at++] = none ? MDG_IMAGE_NONE : (uint16_t)pk->number[buffers[k]];
    }
    return at;
}

static void pack_steps(packer *pk) {
    const mdg_program *p = pk->program;
    const size_t n = pk->header.n_steps;
    mdg_image_step *steps = mdg_arena_array(pk->arena, n, sizeof *steps);
    uint16_t *operands = mdg_arena_array(pk->arena, n, 2 * MDG_MAX_OPERANDS * sizeof *operands);
    uint32_t n_operands = 0;
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (!mdg_pack_has_step(c->step)) continue;
        mdg_image_step *s = &steps[pk->step_number[i]];
        *s = packed_step(pk, c);
        s->operands = n_operands;
        n_operands = add_operands(pk, c->in, c->n_in, operands, n_operands);
        n_operands = add_operands(pk, c->out, c->n_out, operands, n_operands);
    }
    pk->header.steps = append(pk, steps, n * sizeof *steps, sizeof(uint32_t));
    pk->header.n_operands = n_operands;
    pk->header.operands = append(pk, operands, n_operands * sizeof *operands, sizeof(uint32_t));
}

/* -- The whole -- */

static mdg_status check_limits(const packer *pk) {
    const mdg_program *p = pk->program;
    const size_t limit = (size_t)1 << 30;
    size_t constants = 0;
    for (uint32_t i = 0; i < pk->header.n_buffers; i++) {
        const mdg_buffer *b = numbered(pk, i);
        if (b->kind == MDG_BUF_CONST || b->data) constants += b->bytes + ALIGN;
        if (b->kind != MDG_BUF_CONST && b->offset % ALIGN)
            return mdg_fail(pk->diag, MDG_UNSUPPORTED, "a model image needs buffers at multiples of %d bytes",
                            ALIGN);
    }
    if (pk->header.n_buffers < MDG_IMAGE_NONE && p->arena_bytes <= limit && p->state_bytes <= limit &&
        constants <= limit / 2)
        return MDG_OK;
    return mdg_fail(pk->diag, MDG_UNSUPPORTED,
                    "%u buffers with %zu bytes of constants are more than a model image holds (%u, 512 MiB)",
                    (unsigned)pk->header.n_buffers, constants, MDG_IMAGE_NONE - 1);
}

static void pack_header(packer *pk, uint64_t model_hash) {
    mdg_image_header *h = &pk->header;
    h->magic = MDG_IMAGE_MAGIC;
    h->version = MDG_IMAGE_VERSION;
    h->bytes = (uint32_t)pk->image.size;
    h->arena_bytes = (uint32_t)pk->program->arena_bytes;
    h->state_bytes = (uint32_t)pk->program->state_bytes;
    h->model_hash[0] = (uint32_t)model_hash;
    h->model_hash[1] = (uint32_t)(model_hash >> 32);
    memcpy(pk->image.data, h, sizeof *h);
    h->crc = mdg_crc32(pk->image.data + CRC_BEGIN, pk->image.size - CRC_BEGIN);
    memcpy(pk->image.data, h, sizeof *h);
}

mdg_status mdg_pack(const mdg_program *p, uint64_t model_hash, mdg_arena *arena, mdg_bytes *out,
                    mdg_diag *diag) {
    packer pk = {.program = p, .arena = arena, .diag = diag};
    number_buffers(&pk);
    MDG_TRY(check_limits(&pk));
    number_steps(&pk);
    extend(&pk, sizeof pk.header, ALIGN);
    pack_buffers(&pk);
    pack_initial(&pk);
    pack_ios(&pk);
    pack_steps(&pk);
    pack_header(&pk, model_hash);
    *out = pk.image;
    return MDG_OK;
}
