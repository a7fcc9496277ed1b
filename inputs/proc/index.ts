import { defineInput, flag, scheduled, text } from 'sluice/plugin'
import { procInput } from './proc-input.js'

export default defineInput({
  summary: 'Tells whether a process is alive, how much memory it holds and how many files.',
  options: {
    ...scheduled,
    proc_name: text('Name of the process: the file name of its program, such as `sshd`.', { required: true }),
    alert: flag('Give records only while the process is not alive.', { default: false }),
    mem: flag('Add the memory of the process.', { default: true }),
    fd: flag('Add the number of its open files.', { default: true }),
  },
  full: 'drop_oldest',
  create: (options, context) => procInput(options, context),
})
