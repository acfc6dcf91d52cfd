/* SPDX-License-Identifier: MIT
 *
 * PRELU on float32: y = a >= 0 ? a : a * b, b the slopes, with broadcasting
 */
#include "midge/kernel.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(prelu_f32, broadcast, float, float, float, a >= 0.0f ? a : a * b)
