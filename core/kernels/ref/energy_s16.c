/* SPDX-License-Identifier: MIT
 *
 * SignalEnergy: the squared magnitude of complex bins first .. end - 1; other bins are 0.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_energy_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_energy_params *p = (const mdg_energy_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [end or more][2] */
    uint32_t *y = (uint32_t *)out[0];          /* [bins] */

    for (int32_t i = 0; i < p->bins; i++) {
        const int inside = i >= p->first && i < p->end;
        y[i] = inside ? (uint32_t)(x[2 * i] * x[2 * i]) + (uint32_t)(x[2 * i + 1] * x[2 * i + 1]) : 0;
    }
}
