/* SPDX-License-Identifier: MIT
 *
 * Bytes to protobuf-c's structs. protobuf-c checks lengths, but follows nested messages as deep as they go
 * and allocates what they ask for: a walk before it limits the depth, an allocator with a budget the memory.
 */
#include "onnx/importer.h"

#include <string.h>

enum {
    MAX_DEPTH = 16,
    BLOW_UP = 64, /* bytes of structs for a byte of file; an honest model needs about one */
    SMALL_BUDGET = 1 << 20
};

typedef struct bytes {
    const uint8_t *at, *end;
} bytes;

static bool read_varint(bytes *b, uint64_t *out) {
    *out = 0;
    for (int shift = 0; shift < 64 && b->at < b->end; shift += 7) {
        const uint8_t byte = *b->at++;
        *out |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

static bool skip(bytes *b, uint64_t n) {
    if (n > (uint64_t)(b->end - b->at)) return false;
    b->at += n;
    return true;
}

/* The message type of a field, or NULL for fields that are none. */
static const ProtobufCMessageDescriptor *message_of(const ProtobufCMessageDescriptor *type, uint64_t number) {
    if (number > UINT32_MAX) return NULL;
    const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field(type, (unsigned)number);
    return f && f->type == PROTOBUF_C_TYPE_MESSAGE ? f->descriptor : NULL;
}

static bool is_shallow(bytes b, const ProtobufCMessageDescriptor *type, int depth) {
    uint64_t key, n;
    while (b.at < b.end) {
        if (!read_varint(&b, &key)) return false;
        switch (key & 7) {
        case 0:
            if (!read_varint(&b, &n)) return false;
            break;
        case 1:
            if (!skip(&b, 8)) return false;
            break;
        case 2: {
            if (!read_varint(&b, &n)) return false;
            const bytes inside = {b.at, b.at + (n <= (uint64_t)(b.end - b.at) ? n : 0)};
            if (!skip(&b, n)) return false;
            const ProtobufCMessageDescriptor *inner = message_of(type, key >> 3);
            if (inner && (depth == 0 || !is_shallow(inside, inner, depth - 1))) return false;
            break;
        }
        case 5:
            if (!skip(&b, 4)) return false;
            break;
        default: return false;
        }
    }
    return true;
}

static void *take(void *context, size_t size) {
    mdg_onx *in = context;
    if (size > in->budget) return NULL;
    in->budget -= size;
    return mdg_arena_alloc(in->arena, size);
}

static void leave(void *context, void *memory) { /* the arena frees */
    (void)context;
    (void)memory;
}

mdg_status mdg_onx_unpack(mdg_onx *in, const mdg_bytes *file) {
    const bytes all = {file->data, file->data + file->size};
    ProtobufCAllocator allocator = {.alloc = take, .free = leave, .allocator_data = in};
    in->budget = SMALL_BUDGET + BLOW_UP * file->size;
    if (!is_shallow(all, &onnx__model_proto__descriptor, MAX_DEPTH))
        return mdg_onx_fail(in, MDG_INVALID,
                            "not an ONNX model: damaged, or messages nested more than %d deep", MAX_DEPTH);
    in->model = onnx__model_proto__unpack(&allocator, file->size, file->data);
    if (!in->model)
        return mdg_onx_fail(in, MDG_INVALID, "not an ONNX model: its protobuf message is damaged");
    return mdg_onx_need(in, in->model->graph != NULL, "not an ONNX model: it has no graph");
}
