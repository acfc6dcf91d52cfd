#!/bin/bash
# SPDX-License-Identifier: MIT
# midge ble against a mock of BlueZ on a bus of its own: decisions are heard once each; an update gets across, also in messages of 20
# bytes and when the connection is lost; what the device refuses is told.
/usr/bin/python3 -c 'import dbusmock, gi.repository.GLib' 2>/dev/null || { echo "skipped: no python3-dbusmock"; exit 77; }
command -v dbus-daemon >/dev/null || { echo "skipped: no dbus-daemon"; exit 77; }
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
bus= mock=
stop() { for pid in $mock $bus; do kill "$pid" 2>/dev/null || true; done; wait; mock=; }
trap 'stop; rm -rf "$work"' EXIT

expect 2 'what to do is missing; known are scan, listen, send' "$MIDGE" ble
expect 2 'to ADDRESS is missing' "$MIDGE" ble send some.update
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/bus"
expect 1 'Bluetooth: no D-Bus' "$MIDGE" ble scan

# A model image of nothing, signed twice
"${CC:-cc}" -O1 -I"$MIDGE_SOURCE/core" -x c -o image - <<'C' || fail "cc"
#include <stdio.h>
#include "crc32.h"
int main(void) {
    static uint32_t image[500];
    image[0] = 0x4947444D, image[1] = 1, image[2] = sizeof image;
    for (int i = 100; i < 500; i++) image[i] = (uint32_t)i * 2654435761u;
    image[3] = mdg_crc32((const uint8_t *)image + 16, sizeof image - 16);
    return fwrite(image, sizeof image, 1, stdout) != 1;
}
C
./image >doorbell.image
"$MIDGE" update key door >/dev/null
"$MIDGE" update key other >/dev/null
"$MIDGE" update sign doorbell.image --key door.key --version 2 >/dev/null
"$MIDGE" update sign doorbell.image --key other.key --version 3 -o forged.update >/dev/null
"$MIDGE" update sign doorbell.image --key door.key --version 3 --name window -o window.update >/dev/null
"$MIDGE" update sign doorbell.image --key door.key --version 1 -o old.update >/dev/null
core="$MIDGE_SOURCE/core"
"${CC:-cc}" -O1 -shared -fPIC -I"$MIDGE_SOURCE/include" -I"$MIDGE_SOURCE" -I"$MIDGE_SOURCE/tests/core" -o device.so \
    "$MIDGE_SOURCE/tests/cli/ble_device.c" "$core/update.c" "$core/update_receive.c" "$core/update_link.c" "$core/decision.c" \
    -lsodium || fail "the device does not compile"

dbus-daemon --session --address="$DBUS_SYSTEM_BUS_ADDRESS" --nofork --nopidfile >bus.log 2>&1 &
bus=$!
for ((i = 0; i < 100; i++)); do [ ! -S bus ] || break; sleep 0.1; done
expect 1 'BlueZ does not run' "$MIDGE" ble scan

# device [KEY=VALUE...]: the mock, anew
device() {
    local loss=0 mtu=247 powered=true service=true name=doorbell
    [ $# -eq 0 ] || local "$@"
    [ -z "$mock" ] || { kill "$mock"; wait "$mock" 2>/dev/null || true; }
    /usr/bin/python3 -m dbusmock --system --template "$MIDGE_SOURCE/tests/cli/ble_device.py" --parameters \
        "{\"library\": \"$work/device.so\", \"key\": \"$(sed -n 2p door.pub)\", \"name\": \"$name\", \"loss\": $loss, \"mtu\": $mtu,
        \"powered\": $powered, \"service\": $service}" >mock.log 2>&1 &
    mock=$!
    for ((i = 0; i < 150; i++)); do
        dbus-send --bus="$DBUS_SYSTEM_BUS_ADDRESS" --dest=org.bluez --print-reply / org.freedesktop.DBus.ObjectManager.GetManagedObjects \
            2>/dev/null | grep hci0 >/dev/null && return
        sleep 0.1
    done
    cat mock.log
    fail "no mock"
}
ble() { timeout 60 "$MIDGE" ble "$@"; }

device powered=false
expect 1 'no adapter is switched on; .bluetoothctl power on' "$MIDGE" ble scan
device service=false
expect 1 'C0:FF:EE:00:00:01: has no service of midge' "$MIDGE" ble send doorbell.update --to C0:FF:EE:00:00:01

device
ble scan --count 5 --seconds 20 --model doorbell --labels silence,bell,knock >heard || fail "scan"
diff heard - <<'END' || fail "other decisions are heard"
address             dBm  model    version  class         score  sequence   its time, s
C0:FF:EE:00:00:01     0  64b27c9f       1  bell            79%         1         1.500
C0:FF:EE:00:00:01     0  64b27c9f       1  knock           79%         2         3.000
C0:FF:EE:00:00:01     0  64b27c9f       1  silence         80%         3         4.500
C0:FF:EE:00:00:01     0  64b27c9f       1  bell            80%         4         6.000
C0:FF:EE:00:00:01     0  64b27c9f       1  knock           80%         5         7.500
END
ble scan --seconds 1 --model window | has . && fail "another model's decisions are shown"
ble listen c0:ff:ee:00:00:01 --count 3 --seconds 20 --json >heard || fail "listen"
[ "$(wc -l <heard)" -eq 3 ] || fail "listen: $(cat heard)"
has '^{"address":"C0:FF:EE:00:00:01","rssi_dbm":0,"model":[0-9]*,"version":1,"class":2,"score":0.792157,"sequence":2,"time_s":3.0}$' <heard ||
    fail "json: $(cat heard)"

# In messages of 20 bytes, of 244, and with a connection that is lost once
for how in mtu=23 mtu=247 "mtu=23 loss=90"; do
    device $how
    ble send doorbell.update --to C0:FF:EE:00:00:01 >sent || { cat mock.log; fail "send, $how"; }
    [ "$(cat sent)" = "C0:FF:EE:00:00:01 has doorbell version 2" ] || fail "send, $how: $(cat sent)"
    [[ $how != *loss* ]] || [ "$(grep -c ' Connect$' mock.log)" -eq 2 ] || fail "the connection was never lost"
    ble listen C0:FF:EE:00:00:01 --count 1 --seconds 20 --json | has '"version":2' || fail "the device runs another version, $how"
done
ble send doorbell.update --to C0:FF:EE:00:00:01 >sent || fail "what it has already"
for what in 'forged not signed by the key of this device (it runs version 2)' 'window an update of another model' 'old not newer than what runs'; do
    pattern=$(sed 's/[()]/\\&/g' <<<"${what#* }")
    expect 1 "refuses the update: $pattern" "$MIDGE" ble send "${what%% *}.update" --to C0:FF:EE:00:00:01
done
head -c 1000 doorbell.update >cut.update
expect 1 'cut.update: has 1000 bytes' "$MIDGE" ble send cut.update --to C0:FF:EE:00:00:01
