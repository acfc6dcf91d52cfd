# SPDX-License-Identifier: MIT
# A thin front for CMake, Ninja and CTest; `make help` lists what there is.
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell nproc)
configure = cmake --preset $(1) >build-$(1).log 2>&1 && rm build-$(1).log || { cat build-$(1).log; rm -f build-$(1).log; exit 1; }
build = $(call configure,$(1)) && cmake --build --preset $(1) --parallel $(JOBS)

.PHONY: all help demo check bench bench-learning lint install clean

all: ## build/midge
	@tools/setup build
	@$(call build,release)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: ## speech out of synthetic voices, a keyword spotter out of it, proof on an emulated Cortex-M4
	@tools/setup demo
	@$(call build,release)
	@tools/demo build/midge build/demo

# Without npm or a network, the test that needs it says that it is skipped.
onnxruntime = tests/host/onnx/node_modules
$(onnxruntime): tests/host/onnx/package-lock.json
	@! command -v npm >/dev/null || { cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --silent \
	    --fetch-retries=1 </dev/null && touch node_modules; } || echo "npm could not fetch onnxruntime-node"

check: $(onnxruntime) ## everything that must hold: lint, two compilers, sanitizers, all tests
	@tools/setup check
	@tools/lint
	@$(call build,clang)
	@$(call build,cortex-m4)
	@$(call build,rv32imac)
	@$(call build,debug)
	@ctest --preset debug --parallel $(JOBS)
	@$(call build,release)
	@ctest --preset release --parallel $(JOBS)

bench: all ## instructions, RAM and flash on all emulated targets, into docs/PERFORMANCE.md and README.md; speed on this machine
	@tools/bench build/midge

bench-learning: all ## how quick training is, beside PyTorch; then all that bench/RESULTS.md tells of, in hours; DATA=... is the recordings
	@tools/bench-learning build/bench.learning
	@tools/learning build/midge $(or $(DATA),../shared/data) build/learning

lint: ## include rules, formatting, static analysis, spelling
	@tools/setup check
	@tools/lint

install: all ## into /usr/local, or PREFIX=...
	@cmake --install build $(if $(PREFIX),--prefix $(PREFIX))

clean: ## removes what was built
	@rm -rf build build-debug build-clang build-cortex-m4 build-rv32imac
