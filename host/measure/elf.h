/* SPDX-License-Identifier: MIT
 *
 * elf.h: sizes of sections and addresses of symbols of a 32-bit little-endian ELF image.
 */
#ifndef MDG_ELF_H
#define MDG_ELF_H

#include <stddef.h>
#include <stdint.h>

#include "util/diag.h"
#include "util/file.h"

typedef struct mdg_elf {
    const uint8_t *data;
    size_t size;
    const uint8_t *sections; /* the section table */
    uint32_t n_sections;
    const char *section_names, *symbol_names;
    const uint8_t *symbols;
    uint32_t n_symbols;
} mdg_elf;

typedef struct mdg_elf_symbol {
    const char *name;
    uint32_t address, size;
} mdg_elf_symbol;

/* The image must outlive the reader. Returns MDG_OK, or MDG_INVALID when it is no such image. */
mdg_status mdg_elf_open(mdg_bytes image, mdg_elf *out, mdg_diag *diag);
size_t mdg_elf_section_bytes(const mdg_elf *e, const char *name); /* 0 when there is none */
mdg_elf_symbol mdg_elf_symbol_at(const mdg_elf *e, uint32_t index);
size_t mdg_elf_symbol_bytes(const mdg_elf *e, const char *name); /* 0 when there is none */

#endif
