# SPDX-License-Identifier: MIT
# firmware.sh: what the examples' run scripts share: they set here, the example's folder, root, that of midge, and
# where they differ example_boards (stm32l4r5 microbit), and events, what a line of the firmware holds.
midge=${MIDGE:-$(command -v "$root/build/midge" || command -v midge)} || { echo "midge is neither built nor installed" >&2; exit 1; }
out=${OUT:-$here/out}

# example_options [--data RECORDINGS] [BOARD...]: without boards, those of example_boards
example_options() {
    recordings=
    if [ "${1:-}" = --data ]; then
        [ -d "${2:-}" ] || { echo "usage: run [--data RECORDINGS] [BOARD...]; '${2:-}' is no folder" >&2; exit 2; }
        recordings=$(cd "$2" && pwd)
        shift 2
    fi
    boards=${*:-${example_boards:-stm32l4r5 microbit}}
    mkdir -p "$out"
}

# example_model PROJECT YAML: into OUT/PROJECT, trained anew or from models/
example_model() {
    local project=$out/$1
    mkdir -p "$project/out"
    sed "s|^  path: [^ ]*|  path: ${recordings:-recordings}|" "$2" >"$project/midge.yaml"
    if [ -n "$recordings" ]; then
        "$midge" build "$project"
    else
        cp "$root/models/$(basename "$here")/$1/"{model.tflite,frontend.json} "$project/out/"
    fi
}

# example_firmware PROJECT [VARIABLE=VALUE...]: on each board, with OUT/samples.bin; its events are compared with those of this
# machine.
example_firmware() {
    local board project=$1
    shift
    for board in $boards; do
        printf '\n%s on %s: %s\n' "$project" "$board" "${events:-milliseconds, event}"
        make -s -f "$root/ports/boards/firmware.mk" PROJECT="$out/$project" OUT="$out/$project/firmware" MIDGE="$midge" BOARD="$board" \
            SAMPLES="$out/samples.bin" "$@" check size
    done
}
