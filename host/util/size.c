/* SPDX-License-Identifier: MIT */
#include "util/size.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
    const char *name; /* NULL ends a list */
    double of;
} unit;

static bool read_number(const char *text, const unit *units, size_t *out) {
    char *rest;
    const double number = strtod(text, &rest);
    if (rest == text || !isfinite(number) || number < 0 || number >= 1e9) return false;
    while (isspace((unsigned char)*rest)) rest++;
    for (const unit *u = units; u->name; u++) {
        if (strcmp(rest, u->name) != 0) continue;
        *out = (size_t)(number * u->of);
        return true;
    }
    return false;
}

bool mdg_size_read(const char *text, size_t *out) {
    static const unit units[] = {{"", 1},         {"B", 1},         {"k", 1024},   {"K", 1024},
                                 {"kB", 1024},    {"KB", 1024},     {"KiB", 1024}, {"M", 1048576},
                                 {"MB", 1048576}, {"MiB", 1048576}, {NULL, 0}};
    return read_number(text, units, out);
}

bool mdg_count_read(const char *text, size_t *out) {
    static const unit units[] = {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {NULL, 0}};
    return read_number(text, units, out);
}
