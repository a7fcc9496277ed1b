import assert from 'node:assert/strict'
import { release } from 'node:os'
import { test } from 'node:test'
import type { Systeminformation } from 'systeminformation'
import inventory from '../../inputs/inventory/index.js'
import { inventoryInput } from '../../inputs/inventory/inventory-input.js'
import { type Facts, inventoryRecord } from '../../inputs/inventory/inventory-record.js'
import type { EventRecord } from '../../src/event/event.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'

/** What a small gateway tells; fields that the record has no use for are left away. */
const facts = {
  system: { manufacturer: 'Acme', model: 'GW-7 ', version: '-', virtual: false, serial: 'S1', uuid: 'U1' },
  board: { manufacturer: 'Acme', model: 'Board', version: '', serial: 'S2' },
  firmware: { vendor: 'U-Boot', version: '2024.01', releaseDate: '2024-01-08' },
  os: { distro: 'Debian', release: '12', codename: 'bookworm', kernel: '6.1.0', arch: 'arm64', hostname: 'gw7' },
  cpu: { manufacturer: 'ARM', brand: 'Cortex-A53', cores: 4, physicalCores: 4, speedMax: 1.4 },
  disks: [{ device: '/dev/mmcblk0', type: 'SSD', name: 'eMMC', size: 8e9, serialNum: 'S3' }],
  interfaces: {
    lo: [{ address: '127.0.0.1', cidr: '127.0.0.1/8', mac: '00:00:00:00:00:00', internal: true }],
    eth0: [{ address: '10.0.0.2', cidr: '10.0.0.2/24', mac: '02:00:00:00:00:01' }],
  },
} as unknown as Facts & { readonly system: Systeminformation.SystemData }

test('the record holds what is known, and no serial number unless asked', () => {
  assert.deepEqual(inventoryRecord(facts, false), {
    system: { manufacturer: 'Acme', model: 'GW-7', virtual: false },
    board: { manufacturer: 'Acme', model: 'Board' },
    firmware: { vendor: 'U-Boot', version: '2024.01', released: '2024-01-08' },
    os: {
      distribution: 'Debian',
      release: '12',
      codename: 'bookworm',
      kernel: '6.1.0',
      arch: 'arm64',
      hostname: 'gw7',
    },
    cpu: { manufacturer: 'ARM', model: 'Cortex-A53', cores: 4, physical_cores: 4, max_ghz: 1.4 },
    disks: [{ device: '/dev/mmcblk0', type: 'SSD', model: 'eMMC', bytes: 8e9 }],
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }],
  })
})

test('serial numbers, the UUID and MAC addresses are added when asked', () => {
  const { system, board, disks, interfaces } = inventoryRecord(facts, true) as { readonly [name: string]: EventRecord }
  assert.deepEqual([system?.['serial'], system?.['uuid'], board?.['serial']], ['S1', 'U1', 'S2'])
  assert.deepEqual(
    [disks, interfaces],
    [
      [{ device: '/dev/mmcblk0', type: 'SSD', model: 'eMMC', bytes: 8e9, serial: 'S3' }],
      [{ name: 'eth0', addresses: ['10.0.0.2/24'], mac: '02:00:00:00:00:01' }],
    ],
  )
})

test('this machine is told in one record, at once', async (t) => {
  const context = new RecordingInputContext()
  await running(t, inventoryInput(optionsOf(inventory, { tag: 'host.inventory' }), context))
  await context.received(1)
  const [event] = context.events
  assert.equal(event?.tag, 'host.inventory')
  const os = event?.record['os'] as EventRecord | undefined
  assert.equal(os?.['kernel'], release())
})

test('a reading each hour is the default', () => {
  assert.equal(optionsOf(inventory).interval, 3_600_000)
})
