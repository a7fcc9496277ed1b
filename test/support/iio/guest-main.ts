/* What runs in the guest: reads the buffer of its light sensor by the input, and prints a line of JSON for each thing that it saw. */
import { readFileSync } from 'node:fs'
import iio from '../../../inputs/iio/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { RecordingInputContext } from '../input-context.js'
import { optionsOf } from '../options.js'
import { benchRegisters } from '../qemu/bench-registers.js'

const registers = benchRegisters()
const light = 0x800 / 4
const enabled = '/sys/bus/iio/devices/iio:device0/buffer/enable'

const { context, ended, stop } = start()
const before = Date.now()
await measured(0, 0)
for (const [index, value] of [777, 1, 123_456].entries()) await measured(value, index + 1)
print('light', context.records.slice(-3))
print(
  'light_times',
  context.events.every(({ time }) => time.seconds * 1000 >= before - 1000 && time.seconds * 1000 <= Date.now() + 1),
)
stop()
await ended
print('light_off', readFileSync(enabled, 'utf8').trim())

/** Asks the thermal zone, which makes the sensor tell of a value, until the input has one more: the buffer may not be on at first. */
async function measured(value: number, beyond: number): Promise<void> {
  registers[light] = value
  while (context.events.length <= beyond) {
    readFileSync('/sys/class/thermal/thermal_zone0/temp')
    const wait = new AbortController()
    await Promise.race([context.received(beyond + 1), systemClock.sleep(200, wait.signal)])
    wait.abort()
  }
}

function start() {
  const recording = new RecordingInputContext(systemClock)
  const end = new AbortController()
  const run = iio.create(optionsOf(iio, { device: 'acpi-als' }), recording).run(end.signal)
  run.catch(() => {})
  return { context: recording, ended: run, stop: () => end.abort() }
}

function print(name: string, value: unknown): void {
  process.stdout.write(`@${name} ${JSON.stringify(value)}\n`)
}
