import { defineInput, scheduled, text } from 'sluice/plugin'
import { diskInput } from './disk-input.js'

export default defineInput({
  summary: 'Reads how many bytes went from and to disks.',
  options: {
    ...scheduled,
    dev_name: text(
      'The disk or partition of this name, such as `sda1`; where none is named so, all whole disks whose name holds it. By default all disks of the machine.',
    ),
  },
  full: 'drop_oldest',
  create: (options, context) => diskInput(options, context),
})
