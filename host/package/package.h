/* SPDX-License-Identifier: MIT
 *
 * package.h: generated code as a package by the rules of an ecosystem, with an example.
 *
 *     const mdg_package p = {.name = "doorbell", .version = "1.0.0", .source = c_text, .header = h_text,
 * ...}; mdg_package_write(&p, mdg_package_find("arduino"), "doorbell-arduino", arena, diag);
 *     mdg_package_zip("doorbell-arduino", "doorbell", "doorbell.zip", arena, diag);
 *
 * The files of each kind are listed in kinds.def; their templates lie in ports/packages/ and are built into
 * the program. In templates and paths @name@, @NAME@, @version@, @vendor@, @author@, @url@, @sentence@ and
 * @date@ stand for what the struct holds.
 */
#ifndef MDG_PACKAGE_H
#define MDG_PACKAGE_H

#include "util/arena.h"
#include "util/diag.h"

/* What the example reads: samples of sound or series, lines of a picture, or the model's input as it is. */
typedef enum mdg_package_input {
    MDG_PACKAGE_SAMPLES,
    MDG_PACKAGE_PIXELS,
    MDG_PACKAGE_BYTES
} mdg_package_input;

typedef struct mdg_package {
    const char *name; /* C identifier, of the generated code */
    const char *version, *vendor, *author, *url, *sentence, *date;
    mdg_package_input input;
    const char *source, *header; /* the generated code */
} mdg_package;

typedef struct mdg_package_kind {
    const char *name, *purpose;
} mdg_package_kind;

extern const mdg_package_kind mdg_package_kinds[]; /* ends with a NULL name */

/* NULL when unknown */
const mdg_package_kind *mdg_package_find(const char *name);
const char *mdg_package_names(mdg_arena *arena); /* "cmake, arduino, ..." */

/* Checks what ecosystems restrict: version "1.2.3", a vendor of letters and digits, no line breaks or markup
 * in texts. Returns MDG_OK, or MDG_INVALID naming the option. */
mdg_status mdg_package_check(const mdg_package *p, mdg_diag *diag);

/* Writes all files below folder, which is made. Returns MDG_OK or MDG_IO. */
mdg_status mdg_package_write(const mdg_package *p, const mdg_package_kind *kind, const char *folder,
                             mdg_arena *arena, mdg_diag *diag);

/* The same as one ZIP archive, whose paths begin with `root` ("" = none). Returns MDG_OK or MDG_IO. */
mdg_status mdg_package_zip(const mdg_package *p, const mdg_package_kind *kind, const char *root,
                           const char *path, mdg_arena *arena, mdg_diag *diag);

#endif
