/* SPDX-License-Identifier: MIT
 *
 * MIRROR_PAD for elements of 32 bits.
 */
#include "mirror_pad_util.h"

MDG_MIRROR_PAD_KERNEL(mirror_pad_32, uint32_t)
