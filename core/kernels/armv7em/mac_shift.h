/* SPDX-License-Identifier: MIT
 *
 * mac_shift.h: the constant that the matrix core (mac.h) and its weights (host/specialize) agree on.
 */
#ifndef MDG_ARMV7EM_MAC_SHIFT_H
#define MDG_ARMV7EM_MAC_SHIFT_H

enum { MDG_MAC_SHIFT = 14 }; /* right shift of a one-sided result of channel a */

#endif
