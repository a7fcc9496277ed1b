import { defineCodec, list, text } from 'sluice/plugin'
import { gelfFormatter } from './format.js'
import { parseGelf } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes messages of Graylog (GELF 1.1): a host, a short message, a time, and fields of any name.',
  options: {
    host: text('Host of messages whose record has none when they are written; by default the name of this machine.', {
      filled: true,
    }),
    host_key: text('Field that is written as the host.', { default: 'host', filled: true, aliases: ['gelf_host_key'] }),
    short_message_key: list(
      'Fields of which the first that has text is written as the short message; all of the record, as JSON, where none has.',
      { default: ['short_message', 'message', 'log', 'msg'], aliases: ['gelf_short_message_key'] },
    ),
    full_message_key: text('Field that is written as the full message.', {
      default: 'full_message',
      filled: true,
      aliases: ['gelf_full_message_key'],
    }),
    level_key: text('Field that is written as the level: a number from 0 to 7, or a word such as `warning`.', {
      default: 'level',
      filled: true,
      aliases: ['gelf_level_key'],
    }),
    tag_key: text('Additional field that gets the tag.', { filled: true, aliases: ['gelf_tag_key'] }),
  },
  ignored: { gelf_timestamp_key: 'the time of a message is that of its event' },
  create: ({ host, ...given }) => ({
    framing: 'json',
    parse: parseGelf,
    formatter: gelfFormatter({
      host,
      hostKey: given.host_key,
      shortMessageKeys: given.short_message_key,
      fullMessageKey: given.full_message_key,
      levelKey: given.level_key,
      tagKey: given.tag_key,
    }),
  }),
})
