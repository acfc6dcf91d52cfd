/* SPDX-License-Identifier: MIT
 *
 * TFLM_DECODE: compressed weights. They are constants, so they are decoded here, once; what runs on the
 * device finds plain weights.
 *
 * Inputs come in pairs, codes and a description, one pair for each output. The description begins with 16
 * bytes: {kind, version, -, -, version of the kind, ...}; what follows them depends on the kind: lookup table
 * {..., width of an index (3 bits), values from one channel's table to the next}, then the tables Huffman
 * {..., bit 0: 32-bit entries, bits 4-7: bits of the first table's index - 1}, then the tables pruned the
 * values that are not zero points Codes are a stream of bits, the highest of each byte first.
 */
#include "lower/move.h"

#include <string.h>

enum { KIND_LOOKUP = 0, KIND_HUFFMAN = 1, KIND_PRUNED = 2, HEAD_BYTES = 16 };

typedef struct decoder {
    const mdg_lowering *lo;
    const mdg_tensor *output;
    const uint8_t *codes, *head, *table; /* table: behind the head */
    int64_t code_bits, table_bytes, at;  /* at: bits read */
    int32_t count, element, channels;    /* elements of the output, bytes of one */
    bool channels_last;                  /* the channel changes with every element */
    uint8_t *out;
} decoder;

static mdg_status too_short(const decoder *d) {
    return mdg_lo_fail(d->lo, MDG_INVALID, "the codes of \"%s\" end too early", d->output->name);
}

static mdg_status outside_of_table(const decoder *d) {
    return mdg_lo_fail(d->lo, MDG_INVALID, "a code of \"%s\" points beyond its table", d->output->name);
}

/* The next bits, which count as 0 beyond the end */
static uint32_t read_bits(decoder *d, int n) {
    uint32_t bits = 0;
    for (; n > 0; n--, d->at++) {
        const uint32_t byte = d->at < d->code_bits ? d->codes[d->at / 8] : 0;
        bits = bits << 1 | (byte >> (7 - d->at % 8) & 1u);
    }
    return bits;
}

static int32_t channel_of(const decoder *d, int32_t i) {
    return d->channels_last ? i % d->channels : i / (d->count / d->channels);
}

static mdg_status decode_lookup(decoder *d) {
    const int width = d->head[5] & 7;
    const int32_t stride = d->head[6];
    MDG_TRY(mdg_lo_need(d->lo, width > 0, "an index has no bits"));
    if ((int64_t)d->count * width > d->code_bits) return too_short(d);
    for (int32_t i = 0; i < d->count; i++) {
        const int64_t at = ((int64_t)channel_of(d, i) * stride + read_bits(d, width)) * d->element;
        if (at + d->element > d->table_bytes) return outside_of_table(d);
        memcpy(d->out + (int64_t)i * d->element, d->table + at, (size_t)d->element);
    }
    return MDG_OK;
}

static mdg_status decode_pruned(decoder *d) {
    const mdg_quant *q = &d->output->quant;
    int64_t used = 0;
    for (int i = 0; i < q->count && d->output->type != MDG_INT8; i++)
        MDG_TRY(mdg_lo_need(d->lo, q->zero_point[i] == 0, "the zero point of a pruned tensor is not 0"));
    if (d->count > d->code_bits) return too_short(d);
    for (int32_t i = 0; i < d->count; i++) {
        uint8_t *y = d->out + (int64_t)i * d->element;
        if (read_bits(d, 1)) {
            if (used + d->element > d->table_bytes) return outside_of_table(d);
            memcpy(y, d->table + used, (size_t)d->element);
            used += d->element;
        } else {
            memset(y, q->count ? (int)q->zero_point[channel_of(d, i)] : 0, (size_t)d->element);
        }
    }
    return MDG_OK;
}

/* An entry of a Huffman table: the top bit says that a symbol is found, the next four tell of bits, the rest
 * is the symbol or the distance to the next table. */
typedef struct huffman_entry {
    bool is_symbol;
    int bits;
    uint32_t value;
} huffman_entry;

static bool huffman_load(const decoder *d, int64_t index, huffman_entry *e) {
    const bool wide = d->head[5] & 1;
    const int size = wide ? 4 : 2, value_bits = wide ? 27 : 11;
    uint32_t word = 0;
    if ((index + 1) * size > d->table_bytes) return false;
    for (int k = size - 1; k >= 0; k--) word = word << 8 | d->table[index * size + k];
    e->is_symbol = word >> (value_bits + 4) & 1;
    e->bits = (int)(word >> value_bits & 15);
    e->value = word & ((1u << value_bits) - 1);
    return true;
}

static mdg_status huffman_symbol(decoder *d, uint32_t *symbol) {
    int bits = (d->head[5] >> 4) + 1;
    int64_t index = read_bits(d, bits);
    huffman_entry e;
    if (!huffman_load(d, index, &e)) return outside_of_table(d);
    while (!e.is_symbol) {
        if (d->at > d->code_bits) return too_short(d);
        bits = e.bits + 1;
        index += (int64_t)e.value + read_bits(d, bits);
        if (!huffman_load(d, index, &e)) return outside_of_table(d);
    }
    if (bits > e.bits)
        d->at -= bits - e.bits; /* a symbol that needs fewer bits than its table is indexed with */
    *symbol = e.value;
    return d->at > d->code_bits ? too_short(d) : MDG_OK;
}

static mdg_status decode_huffman(decoder *d) {
    const mdg_type type = d->output->type;
    MDG_TRY(mdg_lo_need(d->lo, type == MDG_INT8 || (type == MDG_INT16 && d->head[5] & 1),
                        "Huffman codes stand for int8, or with 32-bit tables int16"));
    for (int32_t i = 0; i < d->count; i++) {
        uint32_t symbol = 0;
        MDG_TRY(huffman_symbol(d, &symbol));
        const int16_t wide = (int16_t)(symbol & 0xFFFF);
        const int8_t narrow = (int8_t)(symbol & 0xFF);
        memcpy(d->out + (int64_t)i * d->element, type == MDG_INT8 ? (const void *)&narrow : &wide,
               (size_t)d->element);
    }
    return MDG_OK;
}

/* Which elements share a table or a zero point follows from the output's quantisation. */
static mdg_status find_channels(decoder *d) {
    const mdg_quant *q = &d->output->quant;
    d->channels = q->count ? q->count : 1;
    d->channels_last = d->channels > 1 && q->axis == d->output->shape.rank - 1;
    MDG_TRY(mdg_lo_need(d->lo, d->channels_last || d->channels == 1 || q->axis == 0,
                        "channels must be the first or the last dimension"));
    return mdg_lo_need(d->lo, d->count % d->channels == 0, "the channels do not divide the tensor");
}

static mdg_status decode(decoder *d) {
    if (d->table_bytes < 0) return mdg_lo_fail(d->lo, MDG_INVALID, "a description is too short");
    if (d->head[1] != 1 || d->head[4] != 1)
        return mdg_lo_fail(d->lo, MDG_UNSUPPORTED, "version %d.%d of the codes is not supported", d->head[1],
                           d->head[4]);
    switch (d->head[0]) {
    case KIND_LOOKUP: return decode_lookup(d);
    case KIND_HUFFMAN: return decode_huffman(d);
    case KIND_PRUNED: return decode_pruned(d);
    default: return mdg_lo_fail(d->lo, MDG_UNSUPPORTED, "kind %d of codes is not supported", d->head[0]);
    }
}

static mdg_status lower_output(mdg_lowering *lo, int k) {
    const mdg_tensor *codes = mdg_lo_input(lo, 2 * k), *about = mdg_lo_input(lo, 2 * k + 1);
    MDG_TRY(mdg_lo_need(lo, codes && about, "an input is missing"));
    if (!codes->data || !about->data) return mdg_lo_fail(lo, MDG_UNSUPPORTED, "its inputs must be constants");
    decoder d = {.lo = lo,
                 .output = mdg_lo_output(lo, k),
                 .codes = codes->data,
                 .head = about->data,
                 .code_bits = 8 * (int64_t)codes->bytes,
                 .table_bytes = (int64_t)about->bytes - HEAD_BYTES};
    d.table = d.head + HEAD_BYTES;
    d.count = mdg_lo_elements(d.output);
    MDG_TRY(mdg_lo_need_element_bytes(lo, d.output, &d.element));
    MDG_TRY(find_channels(&d));
    d.out = mdg_lo_params(lo, (size_t)d.count * (size_t)d.element);
    MDG_TRY(decode(&d));
    lo->tensor_buffer[lo->op->outputs[k]] = mdg_lo_const(lo, d.output->name, mdg_c_type(d.output->type),
                                                         d.out, (size_t)d.count * (size_t)d.element);
    return MDG_OK;
}

static mdg_status lower(mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need(lo, lo->op->n_inputs == 2 * lo->op->n_outputs, "each output needs two inputs"));
    for (int k = 0; k < lo->op->n_outputs; k++) MDG_TRY(lower_output(lo, k));
    return MDG_OK;
}

static const mdg_variant variants[] = {{"*->*", MDG_K_copy}};
MDG_RULE(decode, 2, -1, -1, variants, lower);
