/* What runs in the guest: fills the registers of i2c-stub, reads them by the input, and prints a line of JSON for each device. */
import { readdirSync } from 'node:fs'
import i2c from '../../../inputs/i2c/index.js'
import { openDevice } from '../../../inputs/i2c/open-device.js'
import { systemClock } from '../../../src/base/clock.js'
import { loadLibc } from '../../../src/libc/index.js'
import { RecordingInputContext } from '../input-context.js'
import { optionsOf } from '../options.js'
import { bme280Registers } from './bme280-registers.js'

const stub = readdirSync('/dev').find((name) => name.startsWith('i2c-')) ?? 'no bus'
const path = `/dev/${stub}`
const libc = await loadLibc()

fill(0x76, bme280Registers)
print('bme280', await readOnce({ chip: 'bme280', address: 0x76 }))
print('written', [...open(0x76).read(0xf4, 1), ...open(0x76).read(0xf2, 1)])

// A word goes over the wire with its low byte first: the chips of this kind send their high byte first.
open(0x40).write(Uint8Array.of(0x01, 0x03, 0xe8))
open(0x40).write(Uint8Array.of(0x02, 0x5d, 0xc2))
print('ina219', await readOnce({ chip: 'ina219', address: 0x40 }))

fill(0x48, new Map(Array.from({ length: 40 }, (_none, at) => [at, at + 1])))
const fields = [
  { name: 'first', type: 'u8', scale: 2 },
  { name: 'last', type: 'u8', at: 39 },
]
print('registers', await readOnce({ address: 0x48, init: ['0x0a63'], registers: [{ at: 0, length: 40, fields }] }))
print('begun', [...open(0x48).read(0x0a, 1)])
print('absent', await readOnce({ address: 0x50, registers: [{ at: 0, length: 1, fields: fields.slice(0, 1) }] }))

function open(address: number) {
  return openDevice(libc, { path, address, protocol: 'smbus' })
}

function fill(address: number, registers: ReadonlyMap<number, number>): void {
  const device = open(address)
  for (const [at, value] of registers) device.write(Uint8Array.of(at, value))
}

async function readOnce(raw: object): Promise<unknown> {
  const context = new RecordingInputContext(systemClock)
  const stop = new AbortController()
  const input = i2c.create(optionsOf(i2c, { path, protocol: 'smbus', ...raw }), context)
  const ended = input.run(stop.signal)
  await context.until(() => context.events.length > 0 || context.log.lines.length > 0)
  stop.abort()
  await ended
  return context.records[0] ?? context.log.lines[0]?.message
}

function print(name: string, value: unknown): void {
  process.stdout.write(`@${name} ${JSON.stringify(value)}\n`)
}
