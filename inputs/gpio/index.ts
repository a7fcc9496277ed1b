import { loadLibc } from 'sluice/libc'
import { AgentError, choice, defineInput, duration, flag, listOf, scheduled, text } from 'sluice/plugin'
import { gpioInput } from './gpio-input.js'

const lineOptions = {
  line: text('Its name, or its number on `chip`.', { required: true }),
  chip: text('Its chip: label, name such as `gpiochip0`, or path; all are looked over unless given.', { filled: true }),
  name: text('What records call it, instead of its own name.', { filled: true }),
  edge: choice('Which edges are taken; `none` for the level alone.', ['both', 'rising', 'falling', 'none'], {
    default: 'both',
  }),
  debounce: duration('How long a level must last to count.', { default: '0s', maximum: 60_000 }),
  bias: choice('The resistor of the line.', ['as_is', 'disabled', 'pull_up', 'pull_down'], { default: 'as_is' }),
  active_low: flag('Low is active: levels and edges are the other way round.', { default: false }),
} as const

export default defineInput({
  summary: 'Watches GPIO lines: their edges as they come, and levels, counts and frequencies each interval.',
  options: {
    ...scheduled,
    lines: listOf('Lines that are watched.', lineOptions, { required: true }),
    records: choice(
      'An event for each edge, a record of each line each interval, or both.',
      ['edges', 'rates', 'both'],
      {
        default: 'edges',
      },
    ),
    device_path: text('Folder of the chips.', { default: '/dev', filled: true }),
  },
  full: 'drop_oldest',
  create(options, context) {
    if (options.lines.length === 0) throw new AgentError('GPIO_NO_LINES', 'lines: expected some, got none')
    return gpioInput(options, context, loadLibc)
  },
})
