/* SPDX-License-Identifier: MIT
 *
 * MIRROR_PAD for elements of 16 bits.
 */
#include "mirror_pad_util.h"

MDG_MIRROR_PAD_KERNEL(mirror_pad_16, uint16_t)
