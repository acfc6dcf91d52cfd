/* SPDX-License-Identifier: MIT
 *
 * blocks.h: all blocks of features, for those who list them (the desktop's table builder, the code
 * generator). A block NAME has a header midge/NAME.h with MDG_BLOCK_NAME, mdg_NAME and mdg_NAME_frame, and
 * dsp/NAME.c.
 */
#ifndef MIDGE_BLOCKS_H
#define MIDGE_BLOCKS_H

#include "midge/mel.h"
#include "midge/micro.h"
#include "midge/raw.h"

#define MDG_BLOCK_LIST(B) B(mel) B(micro) B(raw)

#endif
