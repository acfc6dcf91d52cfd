/* SPDX-License-Identifier: MIT
 *
 * network.h: the network that a project asks for, before it has learned anything.
 */
#ifndef MDG_CLI_NETWORK_H
#define MDG_CLI_NETWORK_H

#include "cli/model.h"

/* What a network sees, and how many classes it tells apart */
typedef struct mdg_network_io {
    mdg_feature_shape shape;
    int n_classes;
} mdg_network_io;

/* The named architecture, or the listed layers with the last dense one behind them */
mdg_status mdg_network_spec(mdg_cli *cli, const mdg_project_model *m, const mdg_network_io *io,
                            mdg_net_spec *out);

/* Input and classes by midge.yaml: labels, columns and pictures' sizes by a look at the recordings' names and
 * first lines. */
mdg_status mdg_network_io_of(mdg_cli *cli, const mdg_project *p, mdg_network_io *out);

/* The net as it is, in int8, with ranges by random inputs: good for what it costs, not for what it says */
mdg_status mdg_network_int8(mdg_cli *cli, const mdg_project *p, const mdg_net *net, mdg_model_file *out);

#endif
