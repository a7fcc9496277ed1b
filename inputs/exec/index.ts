import { AgentError, anything, defineInput, duration, flag, parsed, scheduled, size } from 'sluice/plugin'
import { execInput } from './exec-input.js'
import { commandWords } from './words.js'

export default defineInput({
  summary: 'Runs a command at intervals and takes the lines that it prints.',
  options: {
    ...scheduled,
    ...parsed,
    command: anything(
      'The program and its arguments: a list of words, or a text that is split at spaces. No shell sees it.',
      { type: ['string', 'array'], items: { type: 'string' } },
      { required: true },
    ),
    timeout: duration('A run that takes longer is ended.', { default: '30s', minimum: 10 }),
    buf_size: size('Longest line; longer ones are dropped.', { default: '64KiB', minimum: 16 }),
    oneshot: flag('Run once, at the start.', { default: false }),
    exit_after_oneshot: flag('The input is done after its one run; the agent ends when all inputs are.', {
      default: false,
    }),
  },
  ignored: { 'propagate_exit_code=false': '', 'propagate_exit_code=off': '' },
  unsupported: { propagate_exit_code: 'leave it out; the exit code of a command is logged and counted' },
  full: 'wait',
  create({ command, ...options }, context) {
    if (options.exit_after_oneshot && !options.oneshot) {
      throw new AgentError('EXEC_ONESHOT', 'exit_after_oneshot: expected `oneshot: on` beside it; add that')
    }
    return execInput({ ...options, words: commandWords(command as string | readonly string[]) }, context)
  },
})
