/* SPDX-License-Identifier: MIT
 *
 * Model images: all checks once, when an image is opened; after that, steps run blindly.
 *
 * A kernel is found anew at each call, by its name: some hundred instructions, beside the many thousands of
 * the kernel itself, and no memory.
 */
#include "midge/model.h"

#include <string.h>

#include "crc32.h"

enum { ALIGN = 16, KIND_MASK = ALIGN - 1, CRC_BEGIN = 16, MAX_NAME = 64 };
#define MAX_BYTES 0x40000000u /* 2^30: sums and products of two sizes stay within 32 and 63 bits */

static const mdg_image_header *header_of(const mdg_model *m) {
    return (const mdg_image_header *)(const void *)m->image;
}

static const mdg_image_buffer *buffer_at(const mdg_model *m, uint32_t i) {
    return (const mdg_image_buffer *)(const void *)(m->image + header_of(m)->buffers) + i;
}

static const mdg_image_io *io_at(const mdg_model *m, uint32_t i) {
    return (const mdg_image_io *)(const void *)(m->image + header_of(m)->ios) + i;
}

static const mdg_image_step *step_at(const mdg_model *m, uint32_t i) {
    return (const mdg_image_step *)(const void *)(m->image + header_of(m)->steps) + i;
}

static const uint16_t *operands_of(const mdg_model *m, const mdg_image_step *s) {
    return (const uint16_t *)(const void *)(m->image + header_of(m)->operands) + s->operands;
}

static uint32_t kind_of(const mdg_image_buffer *b) {
    return b->place & KIND_MASK;
}

static uint32_t offset_of(const mdg_image_buffer *b) {
    return b->place & ~(uint32_t)KIND_MASK;
}

static void *address_of(const mdg_model *m, uint32_t buffer) {
    if (buffer == MDG_IMAGE_NONE) return NULL;
    const mdg_image_buffer *b = buffer_at(m, buffer);
    if (kind_of(b) == MDG_IMAGE_ARENA) return m->arena + offset_of(b);
    if (kind_of(b) == MDG_IMAGE_STATE) return m->state + offset_of(b);
    return (void *)(uintptr_t)(m->image + offset_of(b));
}

static const char *name_of(const mdg_model *m, const mdg_image_step *s) {
    return (const char *)m->image + s->target;
}

static const mdg_model_kernel *find_kernel(const mdg_model *m, const char *name) {
    const mdg_model_kernel *k = m->kernels;
    while (k->name && strcmp(k->name, name) != 0) k++;
    return k->name ? k : NULL;
}

/* -- Checks -- */

static bool is_aligned(const void *p) {
    return (uintptr_t)p % ALIGN == 0;
}

/* `count` items of `size` bytes at an offset lie within `end` bytes. */
static bool fits(uint32_t offset, uint32_t count, uint32_t size, uint32_t end) {
    return offset <= end && count <= (end - offset) / size;
}

/* A table of the image, in whole words */
static bool table_fits(const mdg_image_header *h, uint32_t offset, uint32_t count, uint32_t size) {
    return offset % sizeof(uint32_t) == 0 && fits(offset, count, size, h->bytes);
}

static mdg_status check_header(const void *image, size_t bytes) {
    const mdg_image_header *h = (const mdg_image_header *)image;
    if (!is_aligned(image) || bytes < sizeof *h || h->magic != MDG_IMAGE_MAGIC) return MDG_INVALID;
    if (h->version != MDG_IMAGE_VERSION) return MDG_UNSUPPORTED;
    if (h->bytes < sizeof *h || h->bytes > bytes || h->bytes > MAX_BYTES) return MDG_INVALID;
    if (h->crc != mdg_crc32((const uint8_t *)image + CRC_BEGIN, h->bytes - CRC_BEGIN)) return MDG_INVALID;
    const bool sound = h->arena_bytes <= MAX_BYTES && h->state_bytes <= MAX_BYTES &&
                       h->n_buffers < MDG_IMAGE_NONE && h->n_inputs <= MAX_BYTES &&
                       h->n_outputs <= MAX_BYTES && h->reserved == 0;
    return sound ? MDG_OK : MDG_INVALID;
}

static bool check_tables(const mdg_image_header *h) {
    return table_fits(h, h->buffers, h->n_buffers, sizeof(mdg_image_buffer)) &&
           table_fits(h, h->ios, h->n_inputs + h->n_outputs, sizeof(mdg_image_io)) &&
           table_fits(h, h->initial, h->n_initial, sizeof(mdg_image_initial)) &&
           table_fits(h, h->steps, h->n_steps, sizeof(mdg_image_step)) &&
           table_fits(h, h->operands, h->n_operands, sizeof(uint16_t));
}

static bool check_buffers(const mdg_model *m) {
    const mdg_image_header *h = header_of(m);
    const uint32_t end[MDG_IMAGE_KINDS] = {h->bytes, h->arena_bytes, h->state_bytes};
    for (uint32_t i = 0; i < h->n_buffers; i++) {
        const mdg_image_buffer *b = buffer_at(m, i);
        if (kind_of(b) >= MDG_IMAGE_KINDS || !fits(offset_of(b), b->bytes, 1, end[kind_of(b)])) return false;
    }
    return true;
}

static bool check_ios(const mdg_model *m) {
    const mdg_image_header *h = header_of(m);
    for (uint32_t i = 0; i < h->n_inputs + h->n_outputs; i++) {
        const mdg_image_io *io = io_at(m, i);
        if (io->buffer >= h->n_buffers || kind_of(buffer_at(m, io->buffer)) != MDG_IMAGE_ARENA ||
            io->rank < 0 || io->rank > MDG_MAX_RANK)
            return false;
    }
    return true;
}

static const mdg_image_initial *initial_at(const mdg_model *m, uint32_t i) {
    return (const mdg_image_initial *)(const void *)(m->image + header_of(m)->initial) + i;
}

static bool check_initial(const mdg_model *m) {
    const mdg_image_header *h = header_of(m);
    for (uint32_t i = 0; i < h->n_initial; i++) {
        const mdg_image_initial *v = initial_at(m, i);
        if (v->buffer >= h->n_buffers || kind_of(buffer_at(m, v->buffer)) != MDG_IMAGE_STATE ||
            !fits(v->data, buffer_at(m, v->buffer)->bytes, 1, h->bytes))
            return false;
    }
    return true;
}

/* Operands are NULL or buffers that are not empty (a check takes 0 bytes for NULL), and none that is written
 * is constant. */
static bool check_operands(const mdg_model *m, const mdg_image_step *s) {
    const mdg_image_header *h = header_of(m);
    const uint32_t n = (uint32_t)s->n_in + s->n_out;
    if (s->n_in > MDG_MAX_OPERANDS || s->n_out > MDG_MAX_OPERANDS || !fits(s->operands, n, 1, h->n_operands))
        return false;
    const uint16_t *operand = operands_of(m, s);
    for (uint32_t k = 0; k < n; k++) {
        if (operand[k] == MDG_IMAGE_NONE) continue;
        if (operand[k] >= h->n_buffers || buffer_at(m, operand[k])->bytes == 0) return false;
        if (k >= s->n_in && kind_of(buffer_at(m, operand[k])) == MDG_IMAGE_CONST) return false;
    }
    return true;
}

static bool overlap(const mdg_image_buffer *a, const mdg_image_buffer *b) {
    return kind_of(a) == kind_of(b) && offset_of(a) < offset_of(b) + b->bytes &&
           offset_of(b) < offset_of(a) + a->bytes;
}

/* What a call writes overlaps nothing else of it; *shares tells whether an output begins where an
 * input does. */
static bool check_overlaps(const mdg_model *m, const mdg_image_step *s, bool *shares) {
    const uint16_t *operand = operands_of(m, s);
    const uint32_t n = (uint32_t)s->n_in + s->n_out;
    for (uint32_t i = s->n_in; i < n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (operand[i] == MDG_IMAGE_NONE || operand[k] == MDG_IMAGE_NONE) continue;
            const mdg_image_buffer *a = buffer_at(m, operand[i]), *b = buffer_at(m, operand[k]);
            if (!overlap(a, b)) continue;
            if (k >= s->n_in || a->place != b->place) return false;
            *shares = true;
        }
    }
    return true;
}

static void measure(const mdg_model *m, const mdg_image_step *s, mdg_sizes *sizes) {
    const uint16_t *operand = operands_of(m, s);
    memset(sizes, 0, sizeof *sizes);
    sizes->params_bytes = s->params_bytes;
    sizes->n_in = s->n_in;
    sizes->n_out = s->n_out;
    for (uint32_t k = 0; k < (uint32_t)s->n_in + s->n_out; k++) {
        if (operand[k] == MDG_IMAGE_NONE) continue;
        const mdg_image_buffer *b = buffer_at(m, operand[k]);
        if (k >= s->n_in)
            sizes->out[k - s->n_in] = b->bytes;
        else
            sizes->in[k] = b->bytes;
        if (kind_of(b) == MDG_IMAGE_CONST) sizes->constant[k] = address_of(m, operand[k]);
    }
}

static bool is_text(const mdg_image_header *h, uint32_t offset) {
    const char *text = (const char *)h + offset;
    for (uint32_t i = 0; i < MAX_NAME && fits(offset, i + 1, 1, h->bytes); i++)
        if (text[i] == '\0') return true;
    return false;
}

static mdg_status check_call(const mdg_model *m, const mdg_image_step *s) {
    const mdg_image_header *h = header_of(m);
    mdg_sizes sizes;
    bool shares = false;
    if (!is_text(h, s->target) || !table_fits(h, s->params, s->params_bytes, 1) ||
        !check_overlaps(m, s, &shares))
        return MDG_INVALID;
    const mdg_model_kernel *k = find_kernel(m, name_of(m, s));
    if (!k) return MDG_NOT_FOUND;
    measure(m, s, &sizes);
    if (!k->check(m->image + s->params, &sizes)) return MDG_INVALID;
    return shares && !sizes.may_share ? MDG_INVALID : MDG_OK;
}

static mdg_status check_step(const mdg_model *m, const mdg_image_step *s) {
    if (!check_operands(m, s)) return MDG_INVALID;
    if (s->what == MDG_IMAGE_CALL) return check_call(m, s);
    if (s->what > MDG_IMAGE_GOTO || s->target > header_of(m)->n_steps) return MDG_INVALID;
    if (s->what == MDG_IMAGE_GOTO) return MDG_OK;
    return s->n_in == 1 && operands_of(m, s)[0] != MDG_IMAGE_NONE ? MDG_OK : MDG_INVALID;
}

static mdg_status check_steps(mdg_model *m) {
    for (uint32_t i = 0; i < header_of(m)->n_steps; i++) {
        m->failed_step = i;
        const mdg_status status = check_step(m, step_at(m, i));
        if (status != MDG_OK) return status;
    }
    return MDG_OK;
}

static bool has_memory(const mdg_image_header *h, const mdg_model_memory *memory) {
    return is_aligned(memory->arena) && memory->arena_bytes >= h->arena_bytes && is_aligned(memory->state) &&
           memory->state_bytes >= h->state_bytes;
}

/* -- What model.h promises -- */

mdg_status mdg_model_needs(const void *image, size_t bytes, size_t *arena_bytes, size_t *state_bytes) {
    const mdg_image_header *h = (const mdg_image_header *)image;
    const mdg_status status = check_header(image, bytes);
    if (status != MDG_OK) return status;
    *arena_bytes = h->arena_bytes;
    *state_bytes = h->state_bytes;
    return MDG_OK;
}

mdg_status mdg_model_open(mdg_model *m, const void *image, size_t bytes, const mdg_model_kernel *kernels,
                          const mdg_model_memory *memory) {
    mdg_status status = check_header(image, bytes);
    if (status != MDG_OK) return status;
    m->image = (const uint8_t *)image;
    m->kernels = kernels;
    m->arena = (uint8_t *)memory->arena;
    m->state = (uint8_t *)memory->state;
    m->failed_step = 0;
    if (!check_tables(header_of(m)) || !check_buffers(m) || !check_ios(m) || !check_initial(m))
        return MDG_INVALID;
    status = check_steps(m);
    if (status != MDG_OK) return status;
    if (!has_memory(header_of(m), memory)) return MDG_NO_MEMORY;
    mdg_model_reset(m);
    return MDG_OK;
}

const mdg_image_io *mdg_model_input_info(const mdg_model *m, uint32_t k) {
    return k < header_of(m)->n_inputs ? io_at(m, k) : NULL;
}

const mdg_image_io *mdg_model_output_info(const mdg_model *m, uint32_t k) {
    return k < header_of(m)->n_outputs ? io_at(m, header_of(m)->n_inputs + k) : NULL;
}

void *mdg_model_input(const mdg_model *m, uint32_t k) {
    const mdg_image_io *io = mdg_model_input_info(m, k);
    return io ? address_of(m, io->buffer) : NULL;
}

const void *mdg_model_output(const mdg_model *m, uint32_t k) {
    const mdg_image_io *io = mdg_model_output_info(m, k);
    return io ? address_of(m, io->buffer) : NULL;
}

size_t mdg_model_input_bytes(const mdg_model *m, uint32_t k) {
    const mdg_image_io *io = mdg_model_input_info(m, k);
    return io ? buffer_at(m, io->buffer)->bytes : 0;
}

size_t mdg_model_output_bytes(const mdg_model *m, uint32_t k) {
    const mdg_image_io *io = mdg_model_output_info(m, k);
    return io ? buffer_at(m, io->buffer)->bytes : 0;
}

static void run_kernel(const mdg_model *m, const mdg_image_step *s) {
    const uint16_t *operand = operands_of(m, s);
    const void *in[MDG_MAX_OPERANDS] = {NULL};
    void *out[MDG_MAX_OPERANDS] = {NULL};
    for (uint32_t k = 0; k < s->n_in; k++) in[k] = address_of(m, operand[k]);
    for (uint32_t k = 0; k < s->n_out; k++) out[k] = address_of(m, operand[s->n_in + k]);
    find_kernel(m, name_of(m, s))->run(m->image + s->params, in, out);
}

uint32_t mdg_model_step(const mdg_model *m, uint32_t step) {
    const mdg_image_step *s = step_at(m, step);
    if (s->what == MDG_IMAGE_GOTO) return s->target;
    if (s->what == MDG_IMAGE_UNLESS) {
        const uint8_t *condition = (const uint8_t *)address_of(m, operands_of(m, s)[0]);
        return *condition ? step + 1 : s->target;
    }
    run_kernel(m, s);
    return step + 1;
}

uint32_t mdg_model_steps(const mdg_model *m) {
    return header_of(m)->n_steps;
}

const char *mdg_model_kernel_name(const mdg_model *m, uint32_t step) {
    if (step >= mdg_model_steps(m) || step_at(m, step)->what != MDG_IMAGE_CALL) return NULL;
    return name_of(m, step_at(m, step));
}

void mdg_model_invoke(const mdg_model *m) {
    const uint32_t n = mdg_model_steps(m);
    for (uint32_t step = 0; step < n;) step = mdg_model_step(m, step);
}

void mdg_model_reset(const mdg_model *m) {
    const mdg_image_header *h = header_of(m);
    if (h->state_bytes) memset(m->state, 0, h->state_bytes);
    for (uint32_t i = 0; i < h->n_initial; i++) {
        const mdg_image_initial *v = initial_at(m, i);
        memcpy(address_of(m, v->buffer), m->image + v->data, buffer_at(m, v->buffer)->bytes);
    }
}
