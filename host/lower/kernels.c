/* SPDX-License-Identifier: MIT
 *
 * The tables of kernels and of their parameters, made from kernels.def and params.h.
 */
#include "lower/program.h"

#define FIELD(type, name)        {#name, #type, 0},
#define ARRAY(type, name, count) {#name, #type, count},
#define FIELDS(list)                                                                                         \
    extern const mdg_param_field mdg_fields_of_##list[];                                                     \
    const mdg_param_field mdg_fields_of_##list[] = {MDG_PARAMS_##list(FIELD, ARRAY)};
MDG_PARAMS_LIST(FIELDS)

const mdg_kernel_info mdg_kernels[] = {
#define K(name, params, file)                                                                                \
    {#name,                                                                                                  \
     #params,                                                                                                \
     #file,                                                                                                  \
     mdg_##name,                                                                                             \
     mdg_##name##_check,                                                                                     \
     sizeof(mdg_##params##_params),                                                                          \
     mdg_fields_of_##params,                                                                                 \
     sizeof mdg_fields_of_##params / sizeof *mdg_fields_of_##params},
#include "midge/kernels.def"
#undef K
};
