import { defineInput, duration, flag, list, parsed, scheduled, size } from 'sluice/plugin'
import { execInput } from './exec-input.js'
import { commandWords } from './words.js'

export default defineInput({
  summary: 'Runs a command at intervals and takes the lines that it prints.',
  options: {
    ...scheduled,
    ...parsed,
    command: list(
      'The program and its arguments, as a list of words or as one text that is split at spaces. No shell sees it.',
      {
        required: true,
      },
    ),
    timeout: duration('A run that takes longer is ended.', { default: '30s', minimum: 10 }),
    buf_size: size('Longest line; longer ones are dropped.', { default: '64KiB', minimum: 16 }),
    oneshot: flag('Run once; the input is done after that.', { default: false, aliases: ['exit_after_oneshot'] }),
  },
  unsupported: { propagate_exit_code: 'the exit code of a command is logged and counted' },
  full: 'wait',
  create: ({ command, ...options }, context) => execInput({ ...options, words: commandWords(command) }, context),
})
