import { choice, defineCodec, flag, list, map, size } from 'sluice/plugin'
import { uncompressBlock } from 'sluice/snappy'
import { lokiFormatter } from './format.js'
import { parseJsonPush } from './json.js'
import { parseProtobufPush } from './protobuf.js'

export default defineCodec({
  summary: 'Reads and writes what clients push to Loki: streams of log lines with labels, in JSON or protocol buffers.',
  options: {
    encoding: choice(
      'What a body is: `application/json`, or `application/x-protobuf`, which is a protocol buffer in a Snappy block.',
      ['json', 'protobuf'],
      { default: 'json' },
    ),
    max_unpacked: size('Most bytes that a Snappy block may hold.', { default: '16MiB', minimum: 1024 }),
    labels: map(
      'Labels to write, each with its value or where an event has it, such as `bus: $bus`; `job: sluice` where there would be none.',
      { default: {} },
    ),
    label_keys: list('Fields that are written as labels of the same names, and not in the line.', { default: [] }),
    remove_keys: list('Further fields that are not written in the line.', { default: [] }),
    line_format: choice('How the fields of a record are written as a line.', ['json', 'key_value'], {
      default: 'json',
    }),
    drop_single_key: flag('Where one field is left for the line, the line is its value.', { default: false }),
    structured_metadata: map('Structured metadata to write, as `labels` has it.', { default: {} }),
  },
  create({ encoding, max_unpacked: most, ...written }) {
    const parse =
      encoding === 'json' ? parseJsonPush : (frame: Uint8Array) => parseProtobufPush(uncompressBlock(frame, most))
    const formatter = lokiFormatter(encoding, {
      labels: written.labels,
      metadata: written.structured_metadata,
      labelKeys: written.label_keys.map(fieldName),
      removeKeys: written.remove_keys.map(fieldName),
      lineFormat: written.line_format,
      dropSingleKey: written.drop_single_key,
    })
    return { framing: 'whole', parse: (frame) => (frame.length === 0 ? [] : parse(frame)), formatter }
  },
})

/** Fluent Bit has a `$` in front of them. */
function fieldName(key: string): string {
  return key.replace(/^\$/, '')
}
