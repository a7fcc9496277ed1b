import { type Formatter, refuseBatch, writeEach } from 'sluice/plugin'
import { compressBlock } from 'sluice/snappy'
import { type LineSettings, lineReader, type Stream } from './lines.js'
import { writeJsonPush } from './json.js'
import { writeProtobufPush } from './protobuf.js'

/** A push of every event, grouped by labels. Loki puts the lines of a stream in the order of their times by itself. */
export function lokiFormatter(encoding: 'json' | 'protobuf', settings: LineSettings): Formatter {
  const lineOf = lineReader(settings)
  const isJson = encoding === 'json'
  return {
    contentType: isJson ? 'application/json' : 'application/x-protobuf',
    ...(isJson ? {} : { headers: { 'content-encoding': 'snappy' } }),
    format(chunks, refuse = refuseBatch) {
      const streams = new Map<string, Stream>()
      writeEach(chunks, refuse, (event) => {
        const { labels, line, metadata } = lineOf(event)
        streamOf(streams, labels).entries.push({ time: event.time, line, metadata })
        return undefined
      })
      if (streams.size === 0) return new Uint8Array()
      return isJson ? writeJsonPush(streams.values()) : compressBlock(writeProtobufPush(streams.values()))
    },
  }
}

function streamOf(streams: Map<string, Stream>, labels: Stream['labels']): Stream {
  const key = JSON.stringify(labels)
  const known = streams.get(key)
  if (known) return known
  const stream: Stream = { labels, entries: [] }
  streams.set(key, stream)
  return stream
}
