import { defineInput, duration, list, scheduled, text } from 'sluice/plugin'
import { kinds } from './device.js'
import { readKinds } from './read-kinds.js'
import { sensorsInput } from './sensors-input.js'
import { wantedDevices } from './wanted.js'

export default defineInput({
  summary: 'Reads the sensors of a machine by name: hwmon, thermal zones, IIO, 1-wire, batteries, LEDs.',
  options: {
    ...scheduled,
    kinds: list('Kinds of devices that are read: `hwmon`, `thermal`, `iio`, `w1`, `power_supply`, `leds`.', {
      default: kinds,
    }),
    allow: list(
      'Devices that are read, by their names or what they hang on, such as `coretemp`, `28-*`; all unless given.',
      {
        default: [],
      },
    ),
    deny: list('Devices that are not read, by the same; this holds against `allow`.', { default: [] }),
    rescan_interval: duration('Time between two searches for devices that came or went.', {
      default: '30s',
      minimum: 100,
    }),
    sysfs_path: text('Folder where the kernel shows its devices.', { default: '/sys', filled: true }),
  },
  full: 'drop_oldest',
  create: (options, context) =>
    sensorsInput({ ...options, kinds: readKinds(options.kinds), wanted: wantedDevices(options) }, context),
})
