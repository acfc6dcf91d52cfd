/* SPDX-License-Identifier: MIT
 *
 * MIRROR_PAD for elements of 8 bits.
 */
#include "mirror_pad_util.h"

MDG_MIRROR_PAD_KERNEL(mirror_pad_8, uint8_t)
