import { dated, dateKeyOf, defineCodec, flag } from 'sluice/plugin'
import { ltsvFormatter } from './format.js'
import { parseLtsv } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes labeled tab-separated values, one record a line.',
  options: {
    ...dated,
    escapes: flag(
      'Tab, line break, carriage return and backslash in values are \\t, \\n, \\r and \\\\; without it blanks take their place.',
      { default: false },
    ),
  },
  create: ({ escapes, json_date_key, json_date_format }) => ({
    framing: 'lines',
    textFields: true,
    parse: (frame) => parseLtsv(frame, escapes),
    formatter: ltsvFormatter({ dateKey: dateKeyOf(json_date_key), dateFormat: json_date_format, escapes }),
  }),
})
