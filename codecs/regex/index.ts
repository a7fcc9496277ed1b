import { AgentError, defineCodec, Pattern, text } from 'sluice/plugin'
import { parseRegex } from './parse.js'

export default defineCodec({
  summary: 'Reads lines by a regular expression whose named groups are the fields.',
  options: {
    regex: text(
      'Regular expression in the syntax of Ruby, with a group `(?<name>…)` for each field; `/…/i` takes options.',
      { required: true },
    ),
  },
  create({ regex }) {
    const pattern = new Pattern(regex)
    if (pattern.names.length === 0) {
      const message = `regex: expected at least one named group such as (?<message>.*), got "${regex}"`
      throw new AgentError('CODEC_REGEX_GROUPS', message)
    }
    return { framing: 'lines', textFields: true, parse: (frame) => parseRegex(pattern, frame) }
  },
})
