/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "view/parts.h"

mdg_view_text mdg_view_number(size_t n) {
    mdg_view_text t;
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%zu", n);
    int used = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) t.chars[used++] = ',';
        t.chars[used++] = digits[i];
    }
    t.chars[used] = '\0';
    return t;
}

static void escape(const char *text, size_t length, FILE *out) {
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?', out);
        }
    }
}

void mdg_view_escape(const char *text, FILE *out) {
    escape(text, strlen(text), out);
}

void mdg_view_name(const char *name, size_t max, FILE *out) {
    if (!name) return;
    size_t length = strcspn(name, ";");
    const char *end = name + length;
    for (const char *slash = memchr(name, '/', length); slash && length > max;
         slash = memchr(name, '/', length)) {
        name = slash + 1;
        length = (size_t)(end - name);
    }
    if (length <= max) {
        escape(name, length, out);
        return;
    }
    escape(name, max > 1 ? max - 1 : 0, out);
    fputs("&#8230;", out);
}
