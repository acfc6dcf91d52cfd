/* SPDX-License-Identifier: MIT */
#include "semihost.h"

enum { SYS_OPEN = 0x01, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT_EXTENDED = 0x20 };
enum { OPEN_RB = 1, OPEN_WB = 5, APPLICATION_EXIT = 0x20026 };

#if defined(__riscv)

/* The two shifts around ebreak tell the debugger that this is a call. They must lie in one page. */
static uintptr_t call(uintptr_t number, const void *arguments) {
    register uintptr_t a0 __asm__("a0") = number;
    register const void *a1 __asm__("a1") = arguments;
    __asm__ volatile(".balign 16\n"
                     ".option push\n"
                     ".option norvc\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

#else

static uintptr_t call(uintptr_t number, const void *arguments) {
    register uintptr_t r0 __asm__("r0") = number;
    register const void *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

#endif

static uintptr_t length_of(const char *text) {
    uintptr_t n = 0;
    while (text[n]) n++;
    return n;
}

int32_t mdg_semihost_open(const char *path, int write) {
    const uintptr_t arguments[] = {(uintptr_t)path, write ? OPEN_WB : OPEN_RB, length_of(path)};
    return (int32_t)call(SYS_OPEN, arguments);
}

size_t mdg_semihost_read(int32_t file, void *data, size_t bytes) {
    const uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)data, bytes};
    return bytes - call(SYS_READ, arguments); /* the call returns what is missing */
}

size_t mdg_semihost_write(int32_t file, const void *data, size_t bytes) {
    const uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)data, bytes};
    return call(SYS_WRITE, arguments);
}

void mdg_semihost_print(const char *text) {
    (void)call(SYS_WRITE0, text);
}

void mdg_semihost_exit(int code) {
    const uintptr_t arguments[] = {APPLICATION_EXIT, (uintptr_t)code};
    (void)call(SYS_EXIT_EXTENDED, arguments);
    for (;;) {
    }
}
