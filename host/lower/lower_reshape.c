/* SPDX-License-Identifier: MIT
 *
 * RESHAPE: no call at all, the output is the input's buffer. A state is copied, since it changes under the
 * reader.
 */
#include "lower/lower.h"

static mdg_status lower(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    const int from = mdg_lo_input_buffer(lo, 0);
    if (lo->program->buffers[from].kind == MDG_BUF_STATE)
        mdg_lo_copy(lo, from, mdg_lo_output_buffer(lo, 0));
    else
        mdg_lo_alias(lo, 0, 0);
    return MDG_OK;
}

static const mdg_variant variants[] = {{"*->*", MDG_K_copy}};
MDG_RULE(reshape, 1, 2, 1, variants, lower);
