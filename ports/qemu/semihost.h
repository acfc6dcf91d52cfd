/* SPDX-License-Identifier: MIT
 *
 * semihost.h: files and exit of the machine that runs the emulator (Arm's semihosting, which RISC-V adopted).
 *
 * Memory: none. Threads: none on these boards.
 */
#ifndef MDG_SEMIHOST_H
#define MDG_SEMIHOST_H

#include <stddef.h>
#include <stdint.h>

/* Opens a file to read, or makes one to write. Returns a handle, or -1. */
int32_t mdg_semihost_open(const char *path, int write);

/* Returns how many bytes were read: fewer than asked at the end of the file. */
size_t mdg_semihost_read(int32_t file, void *data, size_t bytes);
/* Returns 0, or how many bytes were not written. */
size_t mdg_semihost_write(int32_t file, const void *data, size_t bytes);

/* A line on the emulator's console. */
void mdg_semihost_print(const char *text);

/* Ends the emulator with this exit code. */
void mdg_semihost_exit(int code);

#endif
