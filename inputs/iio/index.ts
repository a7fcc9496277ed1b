import { loadLibc } from 'sluice/libc'
import { defineInput, integer, list, number, text } from 'sluice/plugin'
import { iioInput } from './iio-input.js'

export default defineInput({
  summary:
    'Reads the buffer of an IIO device: every sample of an accelerometer or a converter, with the time of the kernel.',
  options: {
    device: text('Its name, what it hangs on, such as `1-006a`, or its file, such as `iio:device0`.', {
      required: true,
    }),
    channels: list('Channels that are read, such as `accel_x`; all unless given.', { default: [] }),
    trigger: text('Name of what makes it measure; the one that the device has, or its own, unless given.', {
      filled: true,
    }),
    sampling_frequency: number('Samples in a second; as it is unless given.', { minimum: 1e-6 }),
    buffer_length: integer('Samples that the kernel keeps.', { default: 1024, minimum: 2, maximum: 1_048_576 }),
    watermark: integer('Samples that are waited for.', { default: 1, minimum: 1, maximum: 1_048_576 }),
    sysfs_path: text('Folder where the kernel shows its devices.', { default: '/sys', filled: true }),
    device_path: text('Folder of the files that buffers are read from.', { default: '/dev', filled: true }),
  },
  full: 'drop_oldest',
  create: (options, context) => iioInput(options, context, loadLibc),
})
