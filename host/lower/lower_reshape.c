/* SPDX-License-Identifier: MIT
 *
 * RESHAPE, SQUEEZE, EXPAND_DIMS: no call at all, the output is the input's buffer. A state is copied, since
 * it changes under the reader. The output's own shape counts; the operand that repeats it is not needed.
 */
#include "lower/move.h"

static mdg_status lower(mdg_lowering *lo) {
    return mdg_lo_keep(lo, 0, 0);
}

static const mdg_variant variants[] = {{"*->*", MDG_K_copy}};
MDG_RULE(reshape, 1, 2, 1, variants, lower);
MDG_RULE(squeeze, 1, 1, 1, variants, lower);
MDG_RULE(expand_dims, 1, 2, 1, variants, lower);
