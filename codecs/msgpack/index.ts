import { defineCodec } from 'sluice/plugin'
import { joinEntries } from './format.js'
import { parseMsgpack } from './parse.js'

export default defineCodec({
  summary: 'Reads msgpack records, with or without their times, and writes entries as Fluentd takes them.',
  options: {},
  create: () => ({
    framing: 'msgpack',
    parse: parseMsgpack,
    formatter: { contentType: 'application/msgpack', format: joinEntries },
  }),
})
