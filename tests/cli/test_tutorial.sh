#!/bin/bash
# SPDX-License-Identifier: MIT
# The commands of docs/TUTORIAL.md and docs/TUTORIAL_MOTION.md: every verb and option is one of --help, files of this tree exist, every
# midge.yaml is understood; and the first steps of TUTORIAL.md lead to recordings, where a computer voice is at hand.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# block DOCUMENT LANGUAGE: its code blocks, one after the other
block() { sed -n "/^\`\`\`$2\$/,/^\`\`\`\$/p" "$MIDGE_SOURCE/docs/$1" | sed '/^```/d'; }

n=0
for document in TUTORIAL.md TUTORIAL_MOTION.md; do
    block $document console | sed -n 's/^\$ //p' >commands
    [ -s commands ] || fail "$document has no commands"
    while read -r line; do
        [[ $line == midge\ * ]] || continue
        command=${line#midge }
        read -r verb part _ <<<"$command"
        [[ $verb =~ ^(update|ble|data)$ ]] || part=
        "$MIDGE" "$verb" --help >help 2>&1 || fail "$document: $line: no such verb"
        [ -z "$part" ] || has "midge $verb .*$part" <help || fail "$document: $line: $verb has no $part"
        for option in $(grep -oE '(^| )--?[a-z][a-z-]*' <<<"${command%%>*}"); do
            has -- "$option\b" <help || fail "$document: $line: $verb has no $option"
        done
        n=$((n + 1))
    done < <(sed 's/ | .*//; s/ && /\n/g' commands)
    for file in $(grep -oE 'ports/[a-z/_]+\.mk' commands); do [ -e "$MIDGE_SOURCE/$file" ] || fail "$document: there is no $file"; done
    mkdir -p "$document.project"
    block $document yaml >"$document.project/midge.yaml"
    mkdir -p "$document.project/recordings"
    expect 1 'no (audio|CSV|table|recordings|files)|recordings' "$MIDGE" train "$document.project"
    ! grep -E 'midge.yaml:[0-9]+' stderr || fail "$document: its midge.yaml is not understood"
done
[ $n -ge 25 ] || fail "only $n commands were found"

command -v espeak-ng >/dev/null || { echo "the rest is skipped: no espeak-ng"; exit 0; }
block TUTORIAL.md bash >speak && chmod +x speak
block TUTORIAL.md console | sed -n 's/^\$ //p' | sed -n '/^midge new/,/^midge record/p' | sed '/^nano/d' >first
PATH=$(dirname "$MIDGE"):$PATH bash -euo pipefail first >log 2>&1 || { cat log; fail "the first steps"; }
[ "$(ls hey_midge/recordings/hey_midge/*.wav | wc -l)" -eq 8 ] || fail "recordings: $(ls hey_midge/recordings/*)"
