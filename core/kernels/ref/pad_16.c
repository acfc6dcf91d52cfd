/* SPDX-License-Identifier: MIT
 *
 * PAD and PADV2 for elements of 16 bits: x, then one element that fills the borders.
 */
#include "pad_util.h"

MDG_PAD_KERNEL(pad_16, uint16_t)
