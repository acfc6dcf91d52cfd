/* SPDX-License-Identifier: MIT
 * The model image that the firmware is born with: used in place, from flash.
 */
    .section .rodata.builtin_image
    .global builtin_image, builtin_image_end
    .balign 16
builtin_image:
    .incbin "first.image"
builtin_image_end:
