import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import sensors from '../../inputs/sensors/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'
import { within } from '../support/within.js'

type Files = { readonly [path: string]: string }

async function start(t: TestContext, files: Files, raw: object = {}) {
  const tree = new Tree(t, files)
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, sensors.create(optionsOf(sensors, { sysfs_path: tree.root, ...raw }), context))
  return { tree, clock, context }
}

function valuesOf(context: RecordingInputContext): EventRecord[] {
  return context.records.map(({ values }) => values as EventRecord)
}

const chip: Files = {
  'class/hwmon/hwmon3/name': 'nct6775\n',
  'class/hwmon/hwmon3/temp1_input': '48312\n',
  'class/hwmon/hwmon3/temp1_label': 'CPU\n',
  'class/hwmon/hwmon3/temp1_max': '90000\n',
  'class/hwmon/hwmon3/in0_input': '1104\n',
  'class/hwmon/hwmon3/fan2_input': '1450\n',
  'class/hwmon/hwmon3/power1_average': '12500000\n',
  'class/hwmon/hwmon3/pwm2': '127\n',
  'class/hwmon/hwmon3/pwm2_enable': '1\n',
}

const led: Files = {
  'class/leds/user:green/brightness': '1\n',
  'class/leds/user:green/max_brightness': '255\n',
  'class/leds/user:green/trigger': 'none [heartbeat] timer\n',
}

/** What the driver shows of a DS18B20 at 23.125 and at -10.125 degrees. */
const scratchpads = {
  warm: '72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n',
  cold: '5e ff 4b 46 7f ff 02 10 b6 : crc=b6 YES\n5e ff 4b 46 7f ff 02 10 b6 t=-10125\n',
}

test('a monitoring chip is a record with labels, units and the numbers that people count in', async (t) => {
  const { context } = await start(t, chip)
  assert.deepEqual(context.records, [
    {
      kind: 'hwmon',
      name: 'nct6775',
      device: 'hwmon3',
      values: { fan2: 1450, in0: 1.104, power1: 12.5, pwm2: 127, CPU: 48.312 },
      units: { fan2: 'rpm', in0: 'V', power1: 'W', CPU: '°C' },
    },
  ])
})

test('two chips of one name are told apart by what they hang on', async (t) => {
  const tree = new Tree(t)
  for (const number of [0, 1]) {
    tree.write(`class/hwmon/hwmon${number}/name`, 'nvme\n')
    tree.write(`class/hwmon/hwmon${number}/temp1_input`, '40000\n')
    symlinkSync(`../../../devices/pci0000:00/nvme${number}`, tree.path(`class/hwmon/hwmon${number}/device`))
  }
  const context = new RecordingInputContext()
  await running(t, sensors.create(optionsOf(sensors, { sysfs_path: tree.root }), context))
  assert.deepEqual(
    context.records.map(({ name, device }) => [name, device]),
    [
      ['nvme', 'nvme0'],
      ['nvme', 'nvme1'],
    ],
  )
})

test('a device of IIO hangs on what its folder is a link into', async (t) => {
  const tree = new Tree(t, {
    'devices/i2c-1/1-0076/iio:device0/name': 'bme280\n',
    'devices/i2c-1/1-0076/iio:device0/in_temp_input': '21500\n',
    'bus/iio/devices/iio_sysfs_trigger/add_trigger': '',
  })
  symlinkSync('../../../devices/i2c-1/1-0076/iio:device0', tree.path('bus/iio/devices/iio:device0'))
  const context = new RecordingInputContext()
  await running(t, sensors.create(optionsOf(sensors, { sysfs_path: tree.root }), context))
  assert.deepEqual(
    context.records.map(({ name, device }) => [name, device]),
    [['bme280', '1-0076']],
  )
})

test('raw readings of an IIO device have their own scale and offset, or those of their type', async (t) => {
  const device = 'bus/iio/devices/iio:device0'
  const { context } = await start(t, {
    [`${device}/name`]: 'adc\n',
    [`${device}/in_voltage0_raw`]: '2048\n',
    [`${device}/in_voltage1_supply_raw`]: '1000\n',
    [`${device}/in_voltage1_supply_scale`]: '4\n',
    [`${device}/in_voltage_scale`]: '0.5\n',
    [`${device}/in_temp_raw`]: '300\n',
    [`${device}/in_temp_offset`]: '-50\n',
    [`${device}/in_temp_scale`]: '100\n',
    [`${device}/in_humidityrelative_input`]: '45500\n',
    [`${device}/in_accel_x_raw`]: '-1000\n',
    [`${device}/in_accel_scale`]: '0.01\n',
    [`${device}/in_accel_sampling_frequency`]: '100\n',
  })
  assert.deepEqual(context.records[0]?.['values'], {
    accel_x: -10,
    humidityrelative: 45.5,
    temp: 25,
    voltage0: 1.024,
    voltage1_supply: 4,
  })
  assert.deepEqual(context.records[0]?.['units'], {
    accel_x: 'm/s²',
    humidityrelative: '%',
    temp: '°C',
    voltage0: 'V',
    voltage1_supply: 'V',
  })
})

test('zones, batteries and LEDs are records too', async (t) => {
  const { context } = await start(t, {
    ...led,
    'class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    'class/thermal/thermal_zone0/temp': '51000\n',
    'class/thermal/cooling_device0/type': 'fan\n',
    'class/power_supply/BAT0/status': 'Discharging\n',
    'class/power_supply/BAT0/capacity': '81\n',
    'class/power_supply/BAT0/voltage_now': '12345000\n',
    'class/power_supply/BAT0/temp': '285\n',
  })
  assert.deepEqual(
    context.records.map(({ kind, name, values }) => [kind, name, values]),
    [
      ['thermal', 'cpu-thermal', { temp: 51 }],
      ['power_supply', 'BAT0', { status: 'Discharging', voltage_now: 12.345, temp: 28.5, capacity: 81 }],
      ['leds', 'user:green', { brightness: 1, max_brightness: 255, trigger: 'heartbeat' }],
    ],
  )
})

test('1-wire thermometers are read beside the others, and what has a wrong checksum is left out', async (t) => {
  const files = {
    'bus/w1/devices/w1_bus_master1/w1_master_slave_count': '4\n',
    'bus/w1/devices/28-000000000001/w1_slave': scratchpads.warm,
    'bus/w1/devices/28-000000000002/w1_slave': scratchpads.warm.replaceAll('72 01', '72 02'),
    'bus/w1/devices/28-000000000003/w1_slave': scratchpads.warm.replace('YES', 'NO'),
    'bus/w1/devices/28-000000000005/w1_slave': scratchpads.cold,
    'bus/w1/devices/28-000000000004/w1_slave': `${'00 '.repeat(9)}: crc=00 YES\n${'00 '.repeat(9)}t=0\n`,
  }
  const { context } = await start(t, { ...chip, ...files })
  assert.equal(context.records[0]?.['kind'], 'hwmon', 'the chip waits for none of them')
  await within(20_000, context.received(3), 'two thermometers')
  assert.deepEqual(context.records[1], {
    kind: 'w1',
    name: '28-000000000001',
    device: '28-000000000001',
    values: { temp: 23.125 },
    units: { temp: '°C' },
  })
  assert.deepEqual(context.records[2]?.['values'], { temp: -10.125 })
  assert.deepEqual(context.counted, { failed_readings: 3 })
  const told = context.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
  assert.match(told[0] ?? '', /w1 "28-000000000002" .*expected a right checksum, got "72 02 4b/)
  assert.match(told[2] ?? '', /a bus that is held down/)
})

test('a thermometer that does not answer delays nobody', async (t) => {
  const tree = new Tree(t, { ...chip, 'bus/w1/devices/28-000000000001/name': '28-000000000001\n' })
  const silent = tree.path('bus/w1/devices/28-000000000001/w1_slave')
  execFileSync('mkfifo', [silent])
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, sensors.create(optionsOf(sensors, { sysfs_path: tree.root }), context))
  await clock.advance(3000)
  assert.deepEqual(
    context.records.map(({ name }) => name),
    ['nct6775', 'nct6775', 'nct6775', 'nct6775'],
  )
  assert.deepEqual(context.counted, { late_readings: 3 })
  await writeFile(silent, scratchpads.warm)
  await within(20_000, context.received(5), 'its record')
  assert.deepEqual(context.records[4]?.['values'], { temp: 23.125 })
})

test('a sensor that fails is told once, counted each time, and is back when it answers', async (t) => {
  const { tree, clock, context } = await start(t, { ...chip, 'class/hwmon/hwmon3/temp1_input': '\n' })
  await clock.advance(2000)
  assert.deepEqual(context.counted, { failed_readings: 3 })
  assert.deepEqual(
    context.log.lines.map(({ message }) => message.replace(/: .*/, '')),
    ['hwmon "nct6775" (hwmon3), "CPU"'],
  )
  assert.equal(context.records.length, 3, 'the others of the chip go on')
  tree.write('class/hwmon/hwmon3/temp1_input', '50000\n')
  await clock.advance(1000)
  assert.equal(valuesOf(context)[3]?.['CPU'], 50)
  assert.match(context.log.lines[1]?.message ?? '', /can be read again/)
})

test('devices are chosen by kind, and by patterns of names', async (t) => {
  const cases: [options: object, expected: string[]][] = [
    [{ kinds: ['leds'] }, ['user:green']],
    [{ allow: ['nct*'] }, ['nct6775']],
    [{ allow: ['hwmon?'] }, ['nct6775']],
    [{ deny: ['*:green'] }, ['nct6775']],
    [{ allow: ['user.green', 'nct6775'], deny: ['nct*'] }, []],
  ]
  for (const [options, expected] of cases) {
    const { context } = await start(t, { ...chip, ...led }, options)
    assert.deepEqual(
      context.records.map(({ name }) => name),
      expected,
    )
  }
  const create = (): unknown => sensors.create(optionsOf(sensors, { kinds: 'lm' }), new RecordingInputContext())
  assert.throws(create, { code: 'SENSORS_BAD_KIND', message: /kinds: expected some of hwmon, .*, got "lm"/ })
})

test('devices that come and go are found at the next search; a machine without any says so once', async (t) => {
  const { tree, clock, context } = await start(t, {}, { rescan_interval: '10s' })
  await clock.advance(19_000)
  assert.equal(context.log.lines.length, 1)
  assert.match(context.log.lines[0]?.message ?? '', /has no sensor that is asked for in .* \(hwmon, thermal, iio/)
  for (const [path, text] of Object.entries(led)) tree.write(path, text)
  await clock.advance(1000)
  assert.equal(context.events.length, 1)
  tree.remove('class/leds')
  for (const [path, text] of Object.entries(chip)) tree.write(path, text)
  await clock.advance(10_000)
  assert.equal(context.records.at(-1)?.['name'], 'nct6775')
})

test('what hangs on a number that went to another driver is read by the new name', async (t) => {
  const { tree, clock, context } = await start(t, chip, { rescan_interval: '1s' })
  tree.remove('class/hwmon/hwmon3')
  tree.write('class/hwmon/hwmon3/name', 'coretemp\n')
  tree.write('class/hwmon/hwmon3/temp1_input', '61000\n')
  await clock.advance(1000)
  assert.deepEqual(
    context.records.map(({ name }) => name),
    ['nct6775', 'coretemp'],
  )
  assert.deepEqual(valuesOf(context)[1], { temp1: 61 })
})
