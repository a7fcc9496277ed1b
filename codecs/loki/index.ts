import { choice, defineCodec, size } from 'sluice/plugin'
import { uncompressBlock } from 'sluice/snappy'
import { parseJsonPush } from './json.js'
import { parseProtobufPush } from './protobuf.js'

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
  create({ encoding, max_unpacked: most }) {
    const parse =
      encoding === 'json' ? parseJsonPush : (frame: Uint8Array) => parseProtobufPush(uncompressBlock(frame, most))
    return { framing: 'whole', parse: (frame) => (frame.length === 0 ? [] : parse(frame)) }
  },
})
