/* SPDX-License-Identifier: MIT
 *
 * ble.h: names of midge's Bluetooth LE service and its characteristics. What they carry is told by decision.h
 * and update_link.h; docs/BLUETOOTH.md has it byte by byte.
 */
#ifndef MIDGE_BLE_H
#define MIDGE_BLE_H

#define MDG_BLE_SERVICE  "4d444701-8f3b-4e5a-9c41-7a1e5b2d9f60"
#define MDG_BLE_DECISION "4d444702-8f3b-4e5a-9c41-7a1e5b2d9f60" /* notify, read */
#define MDG_BLE_CONTROL  "4d444703-8f3b-4e5a-9c41-7a1e5b2d9f60" /* write */
#define MDG_BLE_DATA     "4d444704-8f3b-4e5a-9c41-7a1e5b2d9f60" /* write */
#define MDG_BLE_STATUS   "4d444705-8f3b-4e5a-9c41-7a1e5b2d9f60" /* read */

#endif
