import { dated, dateKeyOf, defineCodec, list, text } from 'sluice/plugin'
import { csvFormatter } from './format.js'
import { csvParser } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes comma-separated values, one record a line.',
  options: {
    ...dated,
    columns: list('Names of the columns, in order; without it the first line names them.'),
    delimiter: text('Character between two values; `\\t` is a tab.', {
      default: ',',
      pattern: String.raw`^([^"\r\n]|\\t)$`,
      expects: 'one character',
    }),
  },
  create({ columns, delimiter, json_date_key, json_date_format }) {
    const separator = delimiter === String.raw`\t` ? '\t' : delimiter
    const names = columns?.flatMap((name) => (columns.length === 1 ? name.split(/[\s,]+/) : [name]))
    const settings = {
      columns: names,
      delimiter: separator,
      dateKey: dateKeyOf(json_date_key),
      dateFormat: json_date_format,
    }
    return { framing: 'lines', textFields: true, parse: csvParser(settings), formatter: csvFormatter(settings) }
  },
})
