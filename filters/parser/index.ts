import { AgentError, compileAccessor, defineFilter, flag, list, text } from 'sluice/plugin'
import { parseField } from './parse-field.js'

export default defineFilter({
  summary: 'Parses the text of a field and puts what is found in its place.',
  options: {
    key_name: text("Field whose text is parsed; it may be an accessor such as `$a['b']`.", { required: true }),
    parser: list('Formats to try, in order; the first that fits is taken: names from `parsers`, or codecs.', {
      required: true,
      refers: 'parser',
    }),
    preserve_key: flag('Keep the field that was parsed.', { default: false }),
    reserve_data: flag('Keep all other fields.', { default: false }),
  },
  unsupported: {
    unescape_key: 'leave it out: text is kept as it came',
    nest_key: 'use the filter `nest` behind this one',
    hash_value_field: 'use the filter `nest` behind this one',
  },
  ignored: { 'unescape_key=off': '', 'unescape_key=false': '' },
  create({ key_name, parser, preserve_key, reserve_data }, context) {
    const read = compileAccessor(key_name)
    if (!read) throw new AgentError('FILTER_PARSER_KEY', `key_name: expected the name of a field, got "${key_name}"`)
    const parsers = parser.map((name) => context.parser(name))
    const settings = { key: key_name, read, parsers, preserveKey: preserve_key, reserveData: reserve_data }
    return { apply: (event) => parseField(event, settings, context) }
  },
})
