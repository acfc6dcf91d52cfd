/* SPDX-License-Identifier: MIT
 *
 * prune.h: takes whole channels out of a trained net, so that what remains is an ordinary, narrower net.
 *
 *     const mdg_prune_opts o = {.target = cost / 2, .granule = 4, .cost = instructions_of, .context = pl};
 *     mdg_net_prune(net, &o, arena, &narrower, diag);
 *     mdg_train(narrower, ...);                          // what was lost is mostly learned again
 *
 * A channel goes through all layers that pass it on (depthwise, pooling, additions), and is taken out of all
 * of them. How much it matters is what it gives to the layers that read it: the mean square of its values,
 * which batch norm's scale and shift tell without any data, times the squares of their weights for it, as a
 * share of what they get from all channels. How much it costs is asked of the target, by the caller. Those
 * that matter least for what they cost go first.
 */
#ifndef MDG_TRAIN_PRUNE_H
#define MDG_TRAIN_PRUNE_H

#include "train/train.h"

typedef struct mdg_prune_opts {
    double target; /* to get down to */
    int granule;   /* channels are left in multiples of it, which is what kernels take at once */
    /* What a net of this shape costs; below 0 when that cannot be told. Its weights mean nothing. */
    double (*cost)(void *context, const mdg_net_spec *spec);
    void *context;
} mdg_prune_opts;

/* The net stays as it is; both are to be freed. Returns MDG_OK; MDG_BUDGET when the target is
 * out of reach, with the least cost that is in reach; MDG_INVALID when the cost cannot be told. */
mdg_status mdg_net_prune(const mdg_net *net, const mdg_prune_opts *opts, mdg_arena *arena, mdg_net **out,
                         mdg_diag *diag);

#endif
