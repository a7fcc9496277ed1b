import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import iio from '../../../inputs/iio/index.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { optionsOf } from '../../support/options.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

const place = 'devices/i2c-1/1-006a/iio:device2'

/** What the driver of an accelerometer shows, with a thermometer that is big endian and a quaternion. */
const accelerometer = {
  [`${place}/name`]: 'lsm6dsl\n',
  [`${place}/in_accel_scale`]: '0.5\n',
  [`${place}/in_temp_offset`]: '10\n',
  [`${place}/in_temp_scale`]: '100\n',
  [`${place}/sampling_frequency`]: '12.5\n',
  [`${place}/current_timestamp_clock`]: 'monotonic\n',
  [`${place}/buffer/enable`]: '1\n',
  [`${place}/buffer/length`]: '2\n',
  [`${place}/buffer/watermark`]: '1\n',
  [`${place}/trigger/current_trigger`]: '\n',
  ...element('accel_y', 1, 'le:s12/16>>4'),
  ...element('accel_x', 0, 'le:s12/16>>4'),
  ...element('temp', 2, 'be:u16/16>>0'),
  ...element('rot_quaternion', 3, 'le:s16/16X4>>0'),
  ...element('timestamp', 4, 'le:s64/64>>0'),
  'bus/iio/devices/trigger0/name': 'hrtimer1\n',
  'bus/iio/devices/trigger0/sampling_frequency': '100\n',
  'bus/iio/devices/trigger1/name': 'lsm6dsl-dev2\n',
}

function element(name: string, index: number, type: string): { [path: string]: string } {
  const stem = `${place}/scan_elements/in_${name}`
  return { [`${stem}_en`]: '0\n', [`${stem}_index`]: `${index}\n`, [`${stem}_type`]: `${type}\n` }
}

/** A sysfs in a folder, and a FIFO in the place of the device's file. */
function world(t: TestContext, files: { readonly [path: string]: string } = accelerometer) {
  const tree = new Tree(t, { 'bus/iio/devices/none': '', ...files })
  symlinkSync('../../../devices/i2c-1/1-006a/iio:device2', tree.path('bus/iio/devices/iio:device2'))
  mkdirSync(tree.path('dev'))
  execFileSync('mkfifo', [tree.path('dev/iio:device2')])
  const device = openSync(tree.path('dev/iio:device2'), 'r+')
  let plugged = true
  const unplug = (): void => {
    if (plugged) closeSync(device)
    plugged = false
  }
  t.after(unplug)
  const context = new RecordingInputContext()
  const stop = new AbortController()
  const start = (raw: object = {}): Promise<void> => {
    const paths = { sysfs_path: tree.root, device_path: tree.path('dev') }
    return iio.create(optionsOf(iio, { device: 'lsm6dsl', ...paths, ...raw }), context).run(stop.signal)
  }
  const told = (path: string): string => readFileSync(tree.path(`${place}/${path}`), 'utf8').trim()
  return { tree, device, unplug, context, stop: () => stop.abort(), start, told }
}

/** x 0, y 2, temp 4, a hole, quaternion 8, time 16. */
function scan(x: number, y: number, raw: number, nanoseconds: bigint): Buffer {
  const bytes = Buffer.alloc(24, 0xff)
  bytes.writeInt16LE((x << 4) | 0x5, 0)
  bytes.writeInt16LE((y << 4) | 0xa, 2)
  bytes.writeUInt16BE(raw, 4)
  for (const at of [0, 1, 2, 3]) bytes.writeInt16LE(at - 2, 8 + 2 * at)
  bytes.writeBigInt64LE(nanoseconds, 16)
  return bytes
}

test('each sample is an event, in units, with the time that the kernel gave it', async (t) => {
  const { device, context, stop, start } = world(t)
  const time = 1_700_000_000_123_456_789n
  writeSync(device, Buffer.concat([scan(-2048, 2047, 200, time), scan(1, -1, 65_535, time + 900_000_000n)]))
  const ended = start()
  await within(20_000, context.received(2), 'two samples')
  stop()
  await ended
  assert.deepEqual(context.events, [
    {
      tag: 'test',
      time: { seconds: 1_700_000_000, nanoseconds: 123_456_789 },
      record: {
        kind: 'iio',
        name: 'lsm6dsl',
        device: '1-006a',
        units: { accel_x: 'm/s²', accel_y: 'm/s²', temp: '°C' },
        values: { accel_x: -1024, accel_y: 1023.5, temp: 21, rot_quaternion: [-2, -1, 0, 1] },
      },
    },
    {
      tag: 'test',
      time: { seconds: 1_700_000_001, nanoseconds: 23_456_789 },
      record: {
        kind: 'iio',
        name: 'lsm6dsl',
        device: '1-006a',
        units: { accel_x: 'm/s²', accel_y: 'm/s²', temp: '°C' },
        values: { accel_x: 0.5, accel_y: -0.5, temp: 6554.5, rot_quaternion: [-2, -1, 0, 1] },
      },
    },
  ])
})

test('the device is set up as it is asked for, by its own trigger, and switched off at the end', async (t) => {
  const { tree, device, context, stop, start, told } = world(t)
  const ended = start({ channels: 'accel_y', sampling_frequency: 104, buffer_length: 64, watermark: 8 })
  const bytes = Buffer.alloc(16)
  bytes.writeInt16LE(3 << 4, 0)
  bytes.writeBigInt64LE(5_000_000_000n, 8)
  writeSync(device, bytes)
  await within(20_000, context.received(1), 'a sample')
  assert.deepEqual(context.records[0]?.['values'], { accel_y: 1.5 })
  assert.equal(told('trigger/current_trigger'), 'lsm6dsl-dev2')
  assert.equal(told('current_timestamp_clock'), 'realtime')
  assert.equal(told('sampling_frequency'), '104')
  assert.deepEqual([told('buffer/length'), told('buffer/watermark'), told('buffer/enable')], ['64', '8', '1'])
  const enabled = ['accel_x', 'accel_y', 'temp', 'timestamp'].map((name) => told(`scan_elements/in_${name}_en`))
  assert.deepEqual(enabled, ['0', '1', '0', '1'])
  assert.equal(readFileSync(tree.path('bus/iio/devices/trigger0/sampling_frequency'), 'utf8'), '100\n')
  stop()
  await ended
  assert.equal(told('buffer/enable'), '0')
})

test('a trigger that is named makes it measure, at its own frequency', async (t) => {
  const { tree, device, context, stop, start, told } = world(t)
  writeSync(device, scan(0, 0, 0, 1n))
  const ended = start({ trigger: 'hrtimer1', sampling_frequency: 50 })
  await within(20_000, context.received(1), 'a sample')
  stop()
  await ended
  assert.equal(told('trigger/current_trigger'), 'hrtimer1')
  assert.equal(readFileSync(tree.path('bus/iio/devices/trigger0/sampling_frequency'), 'utf8'), '50')
})

test('what is missing is told: the device, its buffer, a channel, a trigger, a frequency', async (t) => {
  const { 'bus/iio/devices/trigger1/name': _own, [`${place}/sampling_frequency`]: _rate, ...bare } = accelerometer
  const cases: [raw: object, error: object][] = [
    [{ device: 'bme280' }, { code: 'IIO_NO_DEVICE', message: /"bme280": .*, got "lsm6dsl" on "1-006a"; load/ }],
    [{ channels: 'accel_z' }, { code: 'IIO_NO_CHANNEL', message: /accel_x, accel_y, temp, rot_.*, got "accel_z"/ }],
    [{}, { code: 'IIO_NO_TRIGGER', message: /expected a trigger, got "hrtimer1"; make one/ }],
    [{ trigger: 'hrtimer2' }, { code: 'IIO_NO_TRIGGER', message: /the trigger "hrtimer2", got "hrtimer1"/ }],
    [{ device_path: '/none' }, { code: 'IIO_NOT_OPENED', message: /^\/none\/iio:device2: .*ENOENT/ }],
  ]
  for (const [raw, error] of cases) await assert.rejects(world(t, bare).start(raw), error)
  const still = { [`${place}/name`]: 'lsm6dsl', [`${place}/in_temp_raw`]: '1' }
  await assert.rejects(world(t, still).start(), { code: 'IIO_NO_BUFFER', message: /with the input "sensors"/ })
  const { [`${place}/trigger/current_trigger`]: _none, ...own } = bare
  await assert.rejects(world(t, own).start({ sampling_frequency: 9 }), { code: 'IIO_NO_FREQUENCY' })
  const { [`${place}/buffer/length`]: _length, ...short } = accelerometer
  await assert.rejects(world(t, short).start(), {
    code: 'IIO_REFUSED',
    message: /buffer\/length: .* "1024", got "ENOENT/,
  })
})

test('a device that goes ends the run, and so does what is no whole sample', async (t) => {
  const gone = world(t)
  writeSync(gone.device, scan(0, 0, 0, 1n))
  const ended = assert.rejects(gone.start(), { code: 'IIO_LOST', message: /"lsm6dsl": .*; it may be gone/ })
  await within(20_000, gone.context.received(1), 'a sample')
  gone.unplug()
  await within(20_000, ended, 'its end')
  assert.equal(gone.told('buffer/enable'), '0')

  const torn = world(t)
  writeSync(torn.device, Buffer.alloc(25))
  const message = /expected whole scans of 24 bytes, got 25 bytes/
  await within(20_000, assert.rejects(torn.start(), { code: 'IIO_BAD_SCAN', message }), 'its end')
})

test('while there is no room nothing is read: the kernel keeps what comes', async (t) => {
  const { device, context, stop, start } = world(t)
  context.hasRoom = false
  writeSync(device, scan(0, 0, 0, 1n))
  const ended = start({ buffer_length: 2 })
  await within(20_000, context.received(1), 'a sample')
  writeSync(device, Buffer.concat([scan(0, 0, 0, 2n), scan(0, 0, 0, 3n)]))
  assert.equal(context.events.length, 1)
  context.hasRoom = true
  await within(20_000, context.received(3), 'the others')
  stop()
  await ended
  assert.deepEqual(
    context.events.map(({ time }) => time.nanoseconds),
    [1, 2, 3],
  )
})
