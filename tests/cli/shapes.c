/* SPDX-License-Identifier: MIT
 *
 * shapes FOLDER N: N PGM pictures of 12 x 12 of each of two kinds, white on black: FOLDER/square/1.pgm,
 * FOLDER/ring/1.pgm, ...
 */
#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 12 };

static int is_on(int ring, int i, int x, int y) {
    const int d = (2 * x - 11) * (2 * x - 11) + (2 * y - 11) * (2 * y - 11);
    return ring ? d < 134 && d > 36 + 4 * (i % 3) : x > i % 3 && x < 11 && y > 0 && y < 11 - i % 2;
}

static int draw(const char *folder, int ring, int i) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%d.pgm", folder, ring ? "ring" : "square", i);
    FILE *f = fopen(path, "wb");
    if (!f) return 1;
    fprintf(f, "P5\n%d %d\n255\n", SIDE, SIDE);
    for (int p = 0; p < SIDE * SIDE; p++)
        fputc(is_on(ring, i, p % SIDE, p / SIDE) ? 160 + 15 * (i % 7) : 0, f);
    return fclose(f) != 0;
}

int main(int argc, char **argv) {
    const int n = argc == 3 ? atoi(argv[2]) : 0;
    int failed = n == 0;
    for (int i = 1; i <= n; i++) failed |= draw(argv[1], 0, i) | draw(argv[1], 1, i);
    return failed;
}
