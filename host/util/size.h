/* SPDX-License-Identifier: MIT
 *
 * size.h: numbers of bytes as people write them: "20000", "32 KB", "32k", "1.5 MB". A K is 1,024 bytes. And
 * other large numbers: "20000", "500k", "2.5 M", where a k is 1,000.
 */
#ifndef MDG_SIZE_H
#define MDG_SIZE_H

#include <stdbool.h>
#include <stddef.h>

/* Returns false where the text is no size below 1e9 units. */
bool mdg_size_read(const char *text, size_t *out);
bool mdg_count_read(const char *text, size_t *out);

#endif
