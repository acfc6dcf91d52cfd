#!/bin/bash
# SPDX-License-Identifier: MIT
# What is installed runs, and applications find it through pkg-config and CMake.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

cmake --install "$(dirname "$MIDGE")" --prefix "$work/root" >log || { cat log; fail "cmake --install"; }
root/bin/midge --version | has '^midge' || fail "the installed program does not run"

cat >app.c <<'C'
#include "midge/features.h"
int main(void)
{
    const mdg_features f = {.width = 1};
    const int32_t mult = 1 << 16, offset = 2 << 16;
    const int16_t row = 40;
    int8_t out;
    mdg_features_quantize(&f, &mult, &offset, &row, &out);
    return out == 42 ? 0 : 1;
}
C
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find root -name midge.pc)")
sanitize=$(grep -q 'MIDGE_SANITIZE:BOOL=ON' "$(dirname "$MIDGE")/CMakeCache.txt" && echo "-fsanitize=address,undefined" || true)
"${CC:-cc}" $sanitize app.c $(pkg-config --define-variable=prefix="$work/root" --cflags --libs midge) -o app || fail "pkg-config"
./app || fail "the application does not run"

mkdir app-cmake
cat >app-cmake/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(app LANGUAGES C)
find_package(midge REQUIRED)
add_executable(app ../app.c)
target_link_libraries(app PRIVATE midge::midge_device)
CMAKE
cmake -S app-cmake -B app-build -DCMAKE_PREFIX_PATH="$work/root" -DCMAKE_C_FLAGS="$sanitize" >log 2>&1 &&
    cmake --build app-build >log 2>&1 || { cat log; fail "find_package"; }
./app-build/app || fail "the application does not run"
