import { framingOptions } from 'sluice/framing'
import { serialOptions } from 'sluice/serial'
import { choice, defineInput, integer, listOf, parsed, size, text } from 'sluice/plugin'
import { pollOptions } from './polls.js'
import { serialInput } from './serial-input.js'

export default defineInput({
  summary:
    'Takes lines of text, JSON or binary frames from a serial line, and asks the device for them where it has to be asked.',
  options: {
    ...serialOptions,
    ...parsed,
    ...framingOptions,
    format: choice(
      'What comes where there is no `parser`: JSON values, or with `none` the bytes of each read as they are; by default lines.',
      ['json', 'none'],
    ),
    separator: text('What ends a line, instead of a newline.', { filled: true }),
    min_bytes: integer(
      'Fewest bytes that are taken at a time; without a `separator`, `format` or `parser` each time is a record.',
      {
        minimum: 0,
        maximum: 65_536,
      },
    ),
    buffer_size: size('Longest frame; longer ones are dropped.', { default: '64KiB', minimum: 16 }),
    source_address_key: text('Field that the path of the device is put in.'),
    poll: listOf('What to ask the device: a list of requests, each at its interval.', pollOptions),
  },
  full: 'wait',
  create: (options, context) => serialInput(options, context),
})
