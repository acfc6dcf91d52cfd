/* SPDX-License-Identifier: MIT
 *
 * choose.h: which of several kernels a layer gets, by the table of costs (costs.def).
 *
 * A rule offers the kernel that it deems best, from the layer's shape; asked again without that one
 * (mdg_spec_may_use), it offers the next, in the end none: the reference. The table decides where it tells
 * two offers clearly apart; where it does not, the order of the rules stands, which knows more of the shape.
 * Where flash comes first, all layers are weighed together instead (size.h), by the same table.
 */
#ifndef MDG_CHOOSE_H
#define MDG_CHOOSE_H

#include "specialize/spec.h"

/* Applies the rule, or the one of its offers that takes clearly fewer instructions, and unless speed comes
 * first no more scratch than its first; false where the call stays. The rule may be NULL. */
bool mdg_spec_choose(mdg_spec *s, mdg_spec_rule *rule, const char *isa);

/* About how many instructions a call takes; -1 where nothing is known of it */
int64_t mdg_spec_call_cost(const mdg_program *p, const mdg_call *c, const char *isa);

#endif
