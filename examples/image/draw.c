/* SPDX-License-Identifier: MIT
 *
 * draw FOLDER N: simple clothes, white on black, 28 x 28, N of each kind in FOLDER/KIND/ as PGM: what the
 * example shows where Fashion-MNIST is not installed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SIDE = 28 };

/* Whether a kind covers a place, from the upper left corner of 28 x 28 */
typedef int covers(float x, float y);

static int between(float x, float low, float high) {
    return x >= low && x <= high;
}

static int trouser(float x, float y) {
    const float off = x < 14 ? 14 - x : x - 14;
    return between(y, 1, 27) && off <= 4.5f + 0.06f * y && (y < 8 || off >= 0.3f + 0.07f * (y - 8));
}

static int bag(float x, float y) {
    const float dx = x - 14, dy = y - 11, r = dx * dx + dy * dy;
    return (between(x, 2.5f, 25.5f) && between(y, 11, 25)) || (y < 11 && between(r, 36, 58));
}

static int ankle_boot(float x, float y) {
    return (between(x, 14, 23) && between(y, 3, 23)) ||
           (between(y, 13, 23) && between(x, 20 - (y - 11) * 1.7f, 23) && x > 2) ||
           (between(x, 3, 24) && between(y, 21, 24.5f));
}

static int sneaker(float x, float y) {
    return between(y, 10, 19) && x < 26 && y > 19 - 0.36f * x && x > 1 && (y > 12 || x > 20);
}

static int dress(float x, float y) {
    const float off = x < 14 ? 14 - x : x - 14;
    return between(y, 1, 27) && off <= (y < 11 ? 3.5f - 0.12f * y + (y < 4) : 2.2f + 0.22f * (y - 11)) &&
           !(y < 4 && off < 1.5f);
}

static int top(float x, float y) {
    const float off = x < 14 ? 14 - x : x - 14;
    const int body = between(y, 2, 26) && off <= 6,
              sleeve = off <= 11.5f && between(y - 0.55f * (off - 5), 2.5f, 9);
    return (body || sleeve) && !(y < 4 && off < 2.5f);
}

static const struct {
    const char *name;
    covers *covers;
} kinds[] = {{"ankle_boot", ankle_boot}, {"bag", bag}, {"dress", dress},
             {"sneaker", sneaker},       {"top", top}, {"trouser", trouser}};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* Each pixel is as bright as it is covered, of 16 places; the i-th is a little brighter or darker than the
 * others. */
static int draw(const char *folder, int kind, int i) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, kinds[kind].name);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%d.pgm", folder, kinds[kind].name, i);
    FILE *f = fopen(path, "wb");
    if (!f) return 1;
    fprintf(f, "P5\n%d %d\n255\n", SIDE, SIDE);
    for (int p = 0; p < SIDE * SIDE; p++) {
        int covered = 0;
        for (int k = 0; k < 16; k++)
            covered += kinds[kind].covers((float)(p % SIDE) + (float)(k % 4) / 4,
                                          (float)(p / SIDE) + (float)(k / 4) / 4);
        fputc(covered * (170 + 12 * (i % 6)) / 16, f);
    }
    return fclose(f) != 0;
}

int main(int argc, char **argv) {
    const int n = argc == 3 ? atoi(argv[2]) : 0;
    int failed = n == 0;
    if (!failed) mkdir(argv[1], 0777);
    for (int i = 0; i < n * KINDS; i++) failed |= draw(argv[1], i % KINDS, i / KINDS);
    return failed;
}
