# SPDX-License-Identifier: MIT
# firmware.mk: the firmware of a project for one board, and what it hears. docs/FIRMWARE.md tells more.
#
#     make -f ports/boards/firmware.mk PROJECT=DIR BOARD=microbit                     OUT/BOARD/firmware.elf
#     make -f ports/boards/firmware.mk PROJECT=DIR BOARD=microbit SAMPLES=FILE run    OUT/BOARD/events.txt, and shows it
#     make -f ports/boards/firmware.mk PROJECT=DIR BOARD=microbit SAMPLES=FILE check  compares it with this machine's events
#     make -f ports/boards/firmware.mk PROJECT=DIR BOARD=microbit size                flash and RAM
#
# PROJECT: midge.yaml; MODEL: model.tflite and frontend.json, usually PROJECT/out. SAMPLES: int16, as they come; of a project that
# sees pictures, their bytes.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
here := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
qemu_port := $(here)/../qemu
MIDGE ?= midge
BOARD ?= stm32l4r5
PROJECT ?= .
SAMPLES ?= $(error SAMPLES=FILE is missing: samples as int16)
MODEL ?= $(PROJECT)/out
OUT ?= $(PROJECT)/out/firmware
STACK ?= 2K
PERIOD ?= 4
BOARDS := stm32l4r5 nrf52840 stm32u585 corstone300 microbit

# A board: what midge compiles for, flags of the compiler, QEMU's machine, its serial port, clock of SysTick, and N: an
# instruction takes 2^N ns there, about the clock of the part.
m4 := cortex-m4 | -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 | mps2-an386 | uart_cmsdk 0x40004000u | 25000000u
stm32l4r5 := $(m4) | 3
nrf52840 := $(m4) | 4
stm32u585 := cortex-m33 | -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16 | mps2-an505 | uart_cmsdk 0x50200000u | 20000000u | 3
corstone300 := cortex-m55 | -mcpu=cortex-m55 -mfloat-abi=hard | mps3-an547 | uart_cmsdk 0x59303000u | 32000000u | 3
microbit := cortex-m0plus | -mcpu=cortex-m0 | microbit | uart_nrf 0x40002000u | 16000000u | 6

ifeq ($(filter $(BOARD),$(BOARDS)),)
$(error BOARD=$(BOARD) is not known; known are $(BOARDS))
endif
field = $(strip $(shell cut -d'|' -f$(1) <<<'$($(BOARD))'))
target := $(call field,1)
cpu := $(call field,2)
machine := $(call field,3)
uart := $(call field,4)
tick_hz := $(call field,5)
shift := $(call field,6)

NAME ?= $(shell sed -n 's/^name: *\([a-z0-9_]*\).*/\1/p' $(PROJECT)/midge.yaml)
UPPER := $(shell tr a-z A-Z <<<'$(NAME)')
rate := $(shell sed -n 's/^ *"sample_rate": \([0-9]*\).*/\1/p' $(MODEL)/frontend.json)
BLOCK ?= $(UPPER)_HOP_SAMPLES
place := $(OUT)/$(BOARD)
desktop := $(OUT)/desktop

CC_ARM := arm-none-eabi-gcc
warnings := -std=c99 -Wall -Wextra -Wconversion -Wshadow -Werror
flags := $(cpu) -mthumb --specs=picolibc.specs -O2 -ffp-contract=off -ffunction-sections -fdata-sections $(warnings) \
    -DUART_BASE=$(lastword $(uart)) -DTICK_HZ=$(tick_hz) -I$(here) -I$(qemu_port)
is_picture := $(shell grep -l '"image_h": [1-9]' $(MODEL)/frontend.json 2>/dev/null)
common := $(if $(is_picture),picture,main capture) uart_line
sources := $(common:%=$(here)/%.c) $(here)/cortex_m.c $(here)/source_file.c $(here)/$(firstword $(uart)).c \
    $(qemu_port)/start_arm.c $(qemu_port)/semihost.c
link := -nostartfiles -L$(here) -T $(BOARD).ld -Wl,--defsym=mdg_stack_bytes=$(STACK) -Wl,--gc-sections -Wl,--no-warn-rwx-segments

.PHONY: firmware run check size
firmware: $(place)/firmware.elf

# The project compiled for TARGET: $(call generate,FOLDER,TARGET)
define generate
mkdir -p $(1)/project/out
{ echo 'target: $(2)'; sed '/^target:/d' $(PROJECT)/midge.yaml; } >$(1)/project/midge.yaml
cp $(MODEL)/model.tflite $(MODEL)/frontend.json $(1)/project/out/
$(MIDGE) compile $(1)/project >$(1)/compile.log 2>&1 || { tail -1 $(1)/compile.log >&2; exit 1; }
printf '%s\n' '#include "$(NAME).h"' '#define APP(name) $(NAME)_##name' '#define APP_MACRO(name) $(UPPER)_##name' \
    '#define APP_SAMPLE_RATE $(rate)' '#define APP_BLOCK $(BLOCK)' '#define APP_PERIOD $(PERIOD)' >$(1)/app.h
endef

inputs := $(PROJECT)/midge.yaml $(MODEL)/model.tflite $(MODEL)/frontend.json $(here)/firmware.mk $(wildcard $(here)/*.h)

$(place)/firmware.elf: $(inputs) $(sources) $(here)/$(BOARD).ld $(here)/sections.ld
	$(call generate,$(place),$(target))
	$(CC_ARM) $(flags) -I$(place) -I$(place)/project/out -o $@ $(sources) $(place)/project/out/$(NAME).c $(link) -lm

$(desktop)/listen: $(inputs) $(common:%=$(here)/%.c) $(here)/desktop.c
	$(call generate,$(desktop),generic)
	$(CC) -O2 -ffp-contract=off $(warnings) -I$(here) -I$(desktop) -I$(desktop)/project/out -o $@ $(common:%=$(here)/%.c) $(here)/desktop.c \
	    $(desktop)/project/out/$(NAME).c -lm

run: $(place)/firmware.elf
	cp $(SAMPLES) $(place)/samples.bin
	code=0; cd $(place); timeout 600 qemu-system-arm -M $(machine) -icount shift=$(shift),align=off,sleep=off -display none \
	    -monitor none -serial file:events.txt -semihosting-config enable=on,target=native -kernel firmware.elf || code=$$?; \
	    cat events.txt; [ $$code -ne 4 ] || echo '$(BOARD): too slow for these samples: events are missing' >&2; exit $$code

check: run $(desktop)/listen
	cp $(SAMPLES) $(desktop)/samples.bin
	cd $(desktop) && ./listen >events.txt
	cmp $(place)/events.txt $(desktop)/events.txt
	echo "$(BOARD): $$(wc -l <$(place)/events.txt) events, the same as on this machine"

size: $(place)/firmware.elf
	@arm-none-eabi-size -A $< | awk '$$1 == ".text" || $$1 == ".ARM.exidx" { flash += $$2 } $$1 == ".data" { flash += $$2; ram += $$2 } \
	    $$1 == ".bss" { ram += $$2 } $$1 == ".stack" { stack = $$2 } \
	    END { printf "$(BOARD): %d bytes of flash, %d of RAM and %d reserved for the stack\n", flash, ram, stack }'
	@[ ! -e $(place)/stack.bin ] || echo "$(BOARD): $$(od -An -tu4 $(place)/stack.bin | tr -d ' ') bytes of stack used"
