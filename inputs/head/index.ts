import { defineInput, flag, integer, scheduled, size, text } from 'sluice/plugin'
import { headInput } from './head-input.js'

export default defineInput({
  summary: 'Reads the beginning of a file at intervals, such as a value below /sys.',
  options: {
    ...scheduled,
    file: text('The file.', { required: true }),
    key: text('Field that the text is put in.', { default: 'head' }),
    buf_size: size('Most bytes that are read where `lines` is 0.', { default: '256', minimum: 1 }),
    lines: integer('How many lines are read, whatever their bytes; 0 counts bytes instead.', {
      default: 0,
      minimum: 0,
      maximum: 10_000,
    }),
    split_line: flag('Make each line a field of its own: `line0`, `line1`, …; of 10 lines where `lines` is 0.', {
      default: false,
    }),
    add_path: flag('Add the path of the file, as `path`.', { default: false }),
  },
  full: 'drop_oldest',
  create: (options, context) => headInput(options, context),
})
