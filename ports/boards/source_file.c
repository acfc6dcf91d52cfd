/* SPDX-License-Identifier: MIT
 *
 * Samples from the file samples.bin of the machine that emulates: int16, all channels of a sample one after
 * the other. A product has its driver here: an ADC, I2S or PDM microphone with DMA, a motion sensor with a
 * queue.
 */
#include "board.h"
#include "semihost.h"

static int32_t file = -1;

int32_t mdg_source_open(void) {
    file = mdg_semihost_open("samples.bin", 0);
    return file < 0 ? -1 : 0;
}

int32_t mdg_source_read(int16_t *to, int32_t n) {
    return (int32_t)(mdg_semihost_read(file, to, (size_t)n * sizeof *to) / sizeof *to);
}
