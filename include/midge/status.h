/* SPDX-License-Identifier: MIT
 *
 * status.h: what functions of midge return. 0 is success; the list below is the only one.
 */
#ifndef MIDGE_STATUS_H
#define MIDGE_STATUS_H

#define MDG_STATUS_LIST(X)                                                                                   \
    X(OK, "ok")                                                                                              \
    X(INVALID, "invalid input")                                                                              \
    X(UNSUPPORTED, "not supported")                                                                          \
    X(NO_MEMORY, "out of memory")                                                                            \
    X(IO, "input or output failed")                                                                          \
    X(NOT_FOUND, "not found")                                                                                \
    X(BUDGET, "budget exceeded")                                                                             \
    X(MISMATCH, "results differ")                                                                            \
    X(TOOL, "an external tool is missing or failed")                                                         \
    X(INTERRUPTED, "interrupted")

typedef enum mdg_status {
#define MDG_STATUS_ENUM(name, text) MDG_##name,
    MDG_STATUS_LIST(MDG_STATUS_ENUM)
#undef MDG_STATUS_ENUM
} mdg_status;

#endif
