#!/bin/bash
# SPDX-License-Identifier: MIT
# midge update: keys that only their owner reads and that are never overwritten; updates that verify with the right key alone;
# everything altered is refused.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
update() { "$MIDGE" update "$@"; }
expect 2 'known are key, sign, verify, show' "$MIDGE" update
expect 2 'fly is not known; known are key, sign' "$MIDGE" update fly

(umask 000; update key door) >text
has 'static const uint8_t update_public_key\[32\] = {' <text || fail "no key for the firmware: $(cat text)"
[ "$(stat -c %a door.key)" = 600 ] || fail "others may read the secret key: $(stat -c %a door.key)"
! grep -q "$(sed -n 2p door.key)" text door.pub || fail "the secret key is shown"
update show door.pub | diff - <(sed -n '/for the firmware/,$p' text) || fail "show of a public key"
cp door.key kept
expect 1 'door.key: exists already' "$MIDGE" update key door
cmp door.key kept || fail "a key was overwritten"
rm door.key
expect 1 'door.pub: exists already' "$MIDGE" update key door
[ ! -e door.key ] || fail "half a pair of keys"
mv kept door.key
expect 1 'no/such.key: cannot be written' "$MIDGE" update key no/such

# A model image: magic, format, size, CRC; then nothing. 32 bytes of header are counted from 16 on.
"${CC:-cc}" -O1 -I"$MIDGE_SOURCE/core" -x c -o image - <<'C' || fail "cc"
#include <stdio.h>
#include <string.h>
#include "crc32.h"
int main(void) {
    static uint32_t image[500];
    image[0] = 0x4947444D, image[1] = 1, image[2] = sizeof image, image[100] = 12345;
    image[3] = mdg_crc32((const uint8_t *)image + 16, sizeof image - 16);
    return fwrite(image, sizeof image, 1, stdout) != 1;
}
C
./image >bell.image
update sign bell.image --key door.key --version 7 --minimum 3 >text
[ "$(cat text)" = 'bell.update: bell version 7, 2128 bytes' ] || fail "sign: $(cat text)"
update verify bell.update --key door.pub | has '^bell.update: bell version 7, signed by door.pub$' || fail "verify"
update show bell.update | has '^image    2000 bytes, format 1, CRC [0-9a-f]\{8\}$' || fail "show"
update show bell.update --json | tr -d ' \n' | has '{"name":"bell","version":7,"minimum":3,"image_format":1,"image_bytes":2000}' || fail "json"
cp bell.update first
update sign bell.image --key door.key --version 7 --minimum 3 >/dev/null
cmp first bell.update || fail "the same update differs"
no_temporaries .

update key other >/dev/null
expect 1 'bell.update: its signature is not of this key' "$MIDGE" update verify bell.update --key other.pub
expect 1 'door.key: not a midge ed25519 public key' "$MIDGE" update verify bell.update --key door.key
expect 1 'door.pub: others can read|door.pub: not a midge' "$MIDGE" update sign bell.image --key door.pub --version 8
chmod 640 door.key
expect 1 'door.key: others can read or write this secret key; .chmod 600' "$MIDGE" update sign bell.image --key door.key --version 8
chmod 600 door.key
expect 1 'nokey: No such file' "$MIDGE" update sign bell.image --key nokey --version 8
expect 2 'version is missing' "$MIDGE" update sign bell.image --key door.key
expect 2 'key FILE is missing' "$MIDGE" update sign bell.image --version 8
expect 2 'key FILE is missing' "$MIDGE" update verify bell.update
expect 1 'minimum 9: above the version 8' "$MIDGE" update sign bell.image --key door.key --version 8 --minimum 9
expect 1 "name 'a_name_of_24_characters_': needs 1 to 23" "$MIDGE" update sign bell.image --key door.key --version 8 --name a_name_of_24_characters_
expect 1 'bell.update: no whole model image' "$MIDGE" update sign bell.update --key door.key --version 8
expect 1 'bell.image: no update; .midge update sign' "$MIDGE" update verify bell.image --key door.pub

# altered OFFSET PATTERN: one byte of the update is another
altered() {
    cp first bad.update
    printf '\xa5' | dd of=bad.update bs=1 seek="$1" conv=notrunc status=none
    expect 1 "bad.update: $2" "$MIDGE" update verify bad.update --key door.pub
}
altered 8 'its header is damaged'
altered 33 'its header is damaged'
altered 464 'its image is damaged'
altered 2100 'its signature is not of this key'
head -c 2000 first >bad.update
expect 1 'has 2000 bytes where its header tells 2128' "$MIDGE" update verify bad.update --key door.pub
head -c 100 first >bad.update
expect 1 'too short' "$MIDGE" update show bad.update
