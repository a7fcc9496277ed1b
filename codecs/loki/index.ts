import { choice, defineCodec, size } from 'sluice/plugin'
import { parseJsonPush } from './json.js'
import { parseProtobufPush } from './protobuf.js'
import { unpack } from './snappy.js'

export default defineCodec({
  summary: 'Reads what clients push to Loki: streams of log lines with labels, in JSON or protocol buffers.',
  options: {
    encoding: choice(
      'What a body is: `application/json`, or `application/x-protobuf`, which is a protocol buffer in a Snappy block.',
      ['json', 'protobuf'],
      { default: 'json' },
    ),
    max_unpacked: size('Most bytes that a Snappy block may hold.', { default: '16MiB', minimum: 1024 }),
  },
  load: async () => ({ pbf: await import('pbf'), snappy: (await import('snappyjs')).default }),
  create({ encoding, max_unpacked: most }, _context, { pbf, snappy }) {
    const parse =
      encoding === 'json'
        ? parseJsonPush
        : (frame: Uint8Array) => parseProtobufPush(unpack(frame, most, snappy), pbf.PbfReader)
    return { framing: 'whole', parse: (frame) => (frame.length === 0 ? [] : parse(frame)) }
  },
})
