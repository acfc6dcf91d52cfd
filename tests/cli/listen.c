/* SPDX-License-Identifier: MIT
 *
 * The generated code of the project `tones` listens to a WAV file of 8 kHz, in pieces: prints its events.
 */
#include <stdio.h>
#include "tones.h"
static uint8_t arena[TONES_ARENA_BYTES] TONES_ALIGNED, state[TONES_STATE_BYTES] TONES_ALIGNED;
int main(int argc, char **argv) {
    static tones_model model;
    int16_t samples[777];
    long heard = 0;
    FILE *wav = fopen(argv[argc - 1], "rb");
    if (!wav || fseek(wav, 44, SEEK_SET) != 0) return 1;
    tones_init(&model, arena, state);
    for (size_t n; (n = fread(samples, 2, 777, wav)) > 0;)
        for (int32_t at = 0, event; at < (int32_t)n;) {
            const int32_t taken = tones_listen(&model, samples + at, (int32_t)n - at, &event);
            at += taken, heard += taken;
            if (event >= 0) printf("%.3f %s\n", (double)heard / 8000, tones_labels[event]);
        }
    return 0;
}
