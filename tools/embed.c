/* SPDX-License-Identifier: MIT
 *
 * embed: writes files as C strings.
 *
 *     embed OUT.c [NAME=]FILE...
 *
 * OUT.c defines mdg_embedded_files (host/util/embedded.h): path (or NAME), bytes and size of each file.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Octal escapes have three digits, so that a digit may follow; '?' is escaped because of trigraphs. */
static void put_byte(int c, FILE *out) {
    if (c == '"' || c == '\\' || c == '?')
        fprintf(out, "\\%c", c);
    else if (isprint(c))
        fputc(c, out);
    else
        fprintf(out, "\\%03o", (unsigned)c);
}

static size_t put_file(FILE *in, FILE *out) {
    enum { WRAP = 100 };
    size_t size = 0, column = 0;
    fputs("   \"", out);
    for (int c; (c = fgetc(in)) != EOF; size++) {
        if (c == '\n')
            fputs("\\n", out);
        else
            put_byte(c, out);
        if (c != '\n' && ++column < WRAP) continue;
        fputs("\"\n   \"", out);
        column = 0;
    }
    fputs("\",\n", out);
    return size;
}

static int embed(char *argument, FILE *out) {
    char *equals = strchr(argument, '=');
    const char *path = equals ? equals + 1 : argument;
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return 1;
    }
    if (equals) *equals = '\0';
    fprintf(out, "  {\"%s\",\n", argument);
    fprintf(out, "   %lu},\n", (unsigned long)put_file(in, out));
    return fclose(in);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: embed OUT.c [NAME=]FILE...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    fputs("#include \"util/embedded.h\"\n\nconst mdg_embedded_file mdg_embedded_files[] = {\n", out);
    for (int i = 2; i < argc; i++) {
        if (embed(argv[i], out) != 0) return 1;
    }
    fputs("  {0, 0, 0}};\n", out);
    return fclose(out) ? 1 : 0;
}
