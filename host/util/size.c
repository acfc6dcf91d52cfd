/* SPDX-License-Identifier: MIT */
#include "util/size.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool mdg_size_read(const char *text, size_t *out) {
    static const struct unit {
        const char *name;
        double bytes;
    } units[] = {{"", 1},      {"B", 1},      {"k", 1024},    {"K", 1024},     {"kB", 1024},
                 {"KB", 1024}, {"KiB", 1024}, {"M", 1048576}, {"MB", 1048576}, {"MiB", 1048576}};
    char *rest;
    const double number = strtod(text, &rest);
    if (rest == text || !isfinite(number) || number < 0 || number >= 1e9) return false;
    while (isspace((unsigned char)*rest)) rest++;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(rest, units[i].name) != 0) continue;
        *out = (size_t)(number * units[i].bytes);
        return true;
    }
    return false;
}
