# SPDX-License-Identifier: MIT
"""A template of dbusmock: BlueZ with an adapter and a device that runs midge's service, whose receiver is the library of
ble_device.c. Parameters: library, key (public, hexadecimal), name, loss (the write at which the connection is lost), mtu,
powered, service. Each advertisement is sent three times, as radios do, among others that are no decisions."""
import ctypes

import dbus
from gi.repository import GLib

from dbusmock import mockobject
from dbusmock.templates import bluez5

BUS_NAME = 'org.bluez'
MAIN_OBJ = '/'
SYSTEM_BUS = True
IS_OBJECT_MANAGER = True

ADDRESS = 'C0:FF:EE:00:00:01'
DEVICE = '/org/bluez/hci0/dev_' + ADDRESS.replace(':', '_')
CHARACTERISTIC = 'org.bluez.GattCharacteristic1'
PARTS = {'decision': '02', 'control': '03', 'data': '04', 'status': '05'}
device = None  # the library


def path_of(part):
    return f'{DEVICE}/service000a/char{PARTS[part]}'


def to_dbus(c_bytes):
    return dbus.Array([dbus.Byte(b) for b in c_bytes], signature='y')


def changed(path, interface, name, value):
    mockobject.objects[path].EmitSignal(dbus.PROPERTIES_IFACE, 'PropertiesChanged', 'sa{sv}as', [
        interface, {name: value}, dbus.Array([], signature='s')])


def advertise(sequence):
    data = (ctypes.c_uint8 * 22)()
    device.device_advertise(sequence, data)
    good = to_dbus(data)
    bad = to_dbus(bytes([good[0] ^ 1]) + bytes(data)[1:])
    for value in (bad, good, good, to_dbus(b''), good):
        changed(DEVICE, bluez5.DEVICE_IFACE, 'ManufacturerData', dbus.Dictionary(
            {dbus.UInt16(0xFFFF): dbus.Array(value, signature='y', variant_level=1)}, signature='qv', variant_level=1))
    return False


def notify(sequence):
    data = (ctypes.c_uint8 * 20)()
    device.device_notify(sequence, data)
    changed(path_of('decision'), CHARACTERISTIC, 'Value', dbus.Array(to_dbus(data), signature='y', variant_level=1))
    return False


@dbus.service.method(bluez5.ADAPTER_IFACE, in_signature='', out_signature='')
def StartDiscovery(_adapter):
    for sequence in range(1, 6):
        GLib.timeout_add(50 * sequence, advertise, sequence)


@dbus.service.method(bluez5.ADAPTER_IFACE, in_signature='', out_signature='')
def StopDiscovery(_adapter):
    pass


@dbus.service.method(bluez5.ADAPTER_IFACE, in_signature='a{sv}', out_signature='')
def SetDiscoveryFilter(_adapter, discovery_filter):
    assert discovery_filter['Transport'] == 'le' and discovery_filter['DuplicateData']


@dbus.service.method(CHARACTERISTIC, in_signature='', out_signature='')
def StartNotify(_characteristic):
    for sequence in range(1, 4):
        GLib.timeout_add(50 * sequence, notify, sequence)


@dbus.service.method(CHARACTERISTIC, in_signature='', out_signature='')
def StopNotify(_characteristic):
    pass


@dbus.service.method(CHARACTERISTIC, in_signature='aya{sv}', out_signature='')
def WriteValue(characteristic, value, options):
    assert options['type'] == 'request'
    write = device.device_control if characteristic.path == path_of('control') else device.device_data
    if write(bytes(value), len(value)) < 0:
        mockobject.objects[DEVICE].connected = False
        raise dbus.exceptions.DBusException('Not connected', name='org.bluez.Error.Failed')


@dbus.service.method(CHARACTERISTIC, in_signature='a{sv}', out_signature='ay')
def ReadValue(_characteristic, _options):
    reply = (ctypes.c_uint8 * 20)()
    device.device_status(reply)
    return to_dbus(reply)


def add_service(mock, mtu):
    for part, number in PARTS.items():
        mock.AddObject(path_of(part), CHARACTERISTIC,
                       {'UUID': dbus.String(f'4d4447{number}-8f3b-4e5a-9c41-7a1e5b2d9f60', variant_level=1),
                        'MTU': dbus.UInt16(mtu, variant_level=1)},
                       [('WriteValue', 'aya{sv}', '', WriteValue), ('ReadValue', 'a{sv}', 'ay', ReadValue),
                        ('StartNotify', '', '', StartNotify), ('StopNotify', '', '', StopNotify)])


def load(mock, parameters):
    global device
    device = ctypes.CDLL(parameters['library'])
    device.device_start(bytes.fromhex(parameters['key']), parameters['name'].encode(), int(parameters['loss']))
    bluez5.StartDiscovery, bluez5.StopDiscovery = StartDiscovery, StopDiscovery
    bluez5.SetDiscoveryFilter = SetDiscoveryFilter
    bluez5.load(mock, parameters)
    mockobject.objects['/'] = mock  # where the others' signals start
    bluez5.AddAdapter(mock, 'hci0', 'test')
    mockobject.objects['/org/bluez/hci0'].props[bluez5.ADAPTER_IFACE]['Powered'] = dbus.Boolean(
        parameters['powered'], variant_level=1)
    bluez5.AddDevice(mock, 'hci0', ADDRESS, 'doorbell')
    mockobject.objects[DEVICE].props[bluez5.DEVICE_IFACE]['ServicesResolved'] = dbus.Boolean(True, variant_level=1)
    if parameters['service']:
        add_service(mock, int(parameters['mtu']))
