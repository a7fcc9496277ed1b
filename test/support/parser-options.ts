import type { ParserOptions } from '../../src/parse/parser.js'

/** The options of a parser whose user stated none. */
export const parserDefaults: ParserOptions = {
  time_key: undefined,
  time_format: undefined,
  time_keep: false,
  time_offset: undefined,
  time_zone: undefined,
  time_system_timezone: false,
  time_strict: true,
  types: undefined,
  decode_field: undefined,
  decode_field_as: undefined,
  skip_empty_values: true,
}
