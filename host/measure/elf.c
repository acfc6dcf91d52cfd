/* SPDX-License-Identifier: MIT
 *
 * The layout is that of the System V ABI, chapter 4: header 52 bytes, section header 40, symbol 16.
 */
#include "measure/elf.h"

#include <string.h>

enum { SECTION_BYTES = 40, SYMBOL_BYTES = 16, TYPE_SYMTAB = 2 };

static uint32_t word(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t half(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

/* A section header's words */
enum { SH_NAME = 0, SH_TYPE = 4, SH_OFFSET = 16, SH_SIZE = 20, SH_LINK = 24 };

static const uint8_t *section(const mdg_elf *e, uint32_t index) {
    return e->sections + index * SECTION_BYTES;
}

static bool inside(const mdg_elf *e, uint32_t offset, uint32_t size) {
    return offset <= e->size && size <= e->size - offset;
}

/* A string table that ends in a zero byte, or NULL. */
static const char *strings(const mdg_elf *e, uint32_t index) {
    if (index >= e->n_sections) return NULL;
    const uint32_t offset = word(section(e, index) + SH_OFFSET), size = word(section(e, index) + SH_SIZE);
    if (size == 0 || !inside(e, offset, size) || e->data[offset + size - 1] != 0) return NULL;
    return (const char *)e->data + offset;
}

static void find_symbols(mdg_elf *e) {
    for (uint32_t i = 0; i < e->n_sections; i++) {
        const uint8_t *s = section(e, i);
        if (word(s + SH_TYPE) != TYPE_SYMTAB || !inside(e, word(s + SH_OFFSET), word(s + SH_SIZE))) continue;
        e->symbol_names = strings(e, word(s + SH_LINK));
        e->symbols = e->data + word(s + SH_OFFSET);
        e->n_symbols = e->symbol_names ? word(s + SH_SIZE) / SYMBOL_BYTES : 0;
    }
}

mdg_status mdg_elf_open(mdg_bytes image, mdg_elf *out, mdg_diag *diag) {
    static const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 1, 1};
    *out = (mdg_elf){.data = image.data, .size = image.size};
    if (image.size < 52 || memcmp(image.data, magic, sizeof magic) != 0)
        return mdg_fail(diag, MDG_INVALID, "the linked image is no 32-bit ELF file");
    const uint32_t offset = word(image.data + 32), count = half(image.data + 48);
    if (half(image.data + 46) != SECTION_BYTES || !inside(out, offset, count * SECTION_BYTES))
        return mdg_fail(diag, MDG_INVALID, "the linked image has no table of sections");
    out->sections = image.data + offset;
    out->n_sections = count;
    out->section_names = strings(out, half(image.data + 50));
    find_symbols(out);
    if (!out->section_names || !out->symbols)
        return mdg_fail(diag, MDG_INVALID, "the linked image has no names");
    return MDG_OK;
}

size_t mdg_elf_section_bytes(const mdg_elf *e, const char *name) {
    for (uint32_t i = 0; i < e->n_sections; i++) {
        if (strcmp(e->section_names + word(section(e, i) + SH_NAME), name) == 0)
            return word(section(e, i) + SH_SIZE);
    }
    return 0;
}

mdg_elf_symbol mdg_elf_symbol_at(const mdg_elf *e, uint32_t index) {
    const uint8_t *s = e->symbols + index * SYMBOL_BYTES;
    return (mdg_elf_symbol){.name = e->symbol_names + word(s), .address = word(s + 4), .size = word(s + 8)};
}

size_t mdg_elf_symbol_bytes(const mdg_elf *e, const char *name) {
    for (uint32_t i = 0; i < e->n_symbols; i++) {
        const mdg_elf_symbol s = mdg_elf_symbol_at(e, i);
        if (strcmp(s.name, name) == 0) return s.size;
    }
    return 0;
}
