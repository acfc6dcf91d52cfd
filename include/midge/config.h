/* SPDX-License-Identifier: MIT
 *
 * config.h: every switch of the device side, in one place. Override with -D; never edit.
 */
#ifndef MIDGE_CONFIG_H
#define MIDGE_CONFIG_H

/* How a kernel is declared. A library build exports kernels; a generated file, which carries the text of
 * the kernels it needs, defines this as `static inline`. */
#ifndef MDG_KERNEL
#    define MDG_KERNEL
#endif

/* Around declarations of C functions that C++ calls. */
#ifdef __cplusplus
#    define MDG_C_BEGIN extern "C" {
#    define MDG_C_END   }
#else
#    define MDG_C_BEGIN
#    define MDG_C_END
#endif

#endif
