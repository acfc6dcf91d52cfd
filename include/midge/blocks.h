/* SPDX-License-Identifier: MIT
 *
 * blocks.h: all blocks of features, for those who list them (the desktop's table builder, the code
 * generator). A block NAME has a header midge/NAME.h with mdg_NAME_frame, and dsp/NAME.c; a type of constants
 * TYPE a header midge/TYPE.h with MDG_BLOCK_TYPE and mdg_TYPE.
 */
#ifndef MIDGE_BLOCKS_H
#define MIDGE_BLOCKS_H

#include "midge/mel.h"
#include "midge/micro.h"
#include "midge/picture.h"
#include "midge/raw.h"
#include "midge/spectral.h"

/* Types of constants, and blocks with the type of theirs */
#define MDG_BLOCK_TYPES(T) T(mel) T(micro) T(picture) T(raw)
#define MDG_BLOCK_LIST(B)  B(mel, mel) B(micro, micro) B(picture, picture) B(raw, raw) B(spectral, mel)

#endif
