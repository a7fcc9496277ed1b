import { dated, dateKeyOf, defineCodec, flag } from 'sluice/plugin'
import { logfmtFormatter } from './format.js'
import { parseLogfmt } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes lines of key=value, with quotes where a value has blanks.',
  options: {
    ...dated,
    logfmt_no_bare_keys: flag('A key without a value is an error; otherwise its value is true.', { default: false }),
  },
  create: ({ logfmt_no_bare_keys, json_date_key, json_date_format }) => ({
    framing: 'lines',
    textFields: true,
    parse: (frame) => parseLogfmt(frame, !logfmt_no_bare_keys),
    formatter: logfmtFormatter(dateKeyOf(json_date_key), json_date_format),
  }),
})
