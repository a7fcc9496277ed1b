import { defineInput, list, scheduled } from 'sluice/plugin'
import { filesystemInput } from './filesystem-input.js'

export default defineInput({
  summary: 'Tells how full file systems are.',
  options: {
    ...scheduled,
    paths: list('Where each file system is mounted, or any path on it.', { default: ['/'] }),
  },
  full: 'drop_oldest',
  create: (options, context) => filesystemInput(options, context),
})
