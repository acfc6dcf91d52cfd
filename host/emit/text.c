/* SPDX-License-Identifier: MIT */
#include "emit/parts.h"

#include <math.h>
#include <string.h>

void mdg_emit_text(const mdg_emit *e, FILE *out, const char *text) {
    for (const char *p = text; *p; p++) {
        if (p[0] == '$' && (p[1] == 'n' || p[1] == 'N'))
            fputs(*++p == 'n' ? e->opts->name : e->upper, out);
        else
            fputc(*p, out);
    }
}

void mdg_emit_comment(FILE *out, const char *text) {
    for (const char *p = text; *p; p++) {
        const bool ends_comment = p > text && p[-1] == '*' && p[0] == '/';
        const bool opens_comment = p > text && p[-1] == '/' && p[0] == '*';
        fputc(*p < ' ' || *p > '~' || *p == '\\' || ends_comment || opens_comment ? '_' : *p, out);
    }
}

void mdg_emit_string(FILE *out, const char *text) {
    fputc('"', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\' || *p == '?')
            fprintf(out, "\\%c", *p);
        else if (*p < ' ' || *p > '~')
            fprintf(out, "\\%03o", (unsigned)(unsigned char)*p);
        else
            fputc(*p, out);
    }
    fputc('"', out);
}

void mdg_emit_float(FILE *out, float value) {
    char text[32];
    if (isnan(value)) {
        fputs("NAN", out);
    } else if (isinf(value)) {
        fputs(value < 0 ? "-INFINITY" : "INFINITY", out);
    } else {
        snprintf(text, sizeof text, "%.9g", (double)value); /* nine digits identify a float */
        fprintf(out, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
    }
}

void mdg_emit_shape(FILE *out, const mdg_shape *shape) {
    if (shape->rank == 0) fputs("scalar", out);
    for (int i = 0; i < shape->rank; i++) fprintf(out, "%s%d", i ? "x" : "", (int)shape->dim[i]);
}
