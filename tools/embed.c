/* SPDX-License-Identifier: MIT
 *
 * embed: writes text files as C strings.
 *
 *     embed OUT.c FILE...
 *
 * OUT.c defines mdg_embedded_texts (host/emit/embedded.h): path and text of each file.
 */
#include <stdio.h>
#include <stdlib.h>

static void put_text(FILE *in, FILE *out)
{
    int c;
    fputs("    \"", out);
    while ((c = fgetc(in)) != EOF) {
        if (c == '\n') {
            fputs("\\n\"\n    \"", out);
            continue;
        }
        if (c == '"' || c == '\\') fputc('\\', out);
        if (c == '?') fputc('\\', out);
        fputc(c, out);
    }
    fputs("\"", out);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: embed OUT.c FILE...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    fputs("#include \"emit/embedded.h\"\n\nconst mdg_embedded_text mdg_embedded_texts[] = {\n", out);
    for (int i = 2; i < argc; i++) {
        FILE *in = fopen(argv[i], "r");
        if (!in) {
            perror(argv[i]);
            return 1;
        }
        fprintf(out, "  {\"%s\",\n", argv[i]);
        put_text(in, out);
        fputs("},\n", out);
        fclose(in);
    }
    fputs("  {0, 0}};\n", out);
    return fclose(out) ? 1 : 0;
}
