import { ByteSink } from '../../event/byte-sink.js'
import { mustBeMap, readEntryTime } from '../../event/entry-reader.js'
import { toIsoText } from '../../event/event-time.js'
import { JsonTranscoder } from '../../event/json-transcoder.js'
import { MsgpackReader } from '../../event/msgpack-reader.js'

/** One entry as `{"tag": …, "time": …, "record": …}`. Throws `EVENT_CORRUPT` for what is none. */
export function entryJson(tag: string, entry: Uint8Array): string {
  const reader = new MsgpackReader(entry)
  const time = toIsoText(readEntryTime(reader))
  mustBeMap(reader)
  const sink = new ByteSink(256)
  new JsonTranscoder(reader, sink).writeValue()
  return `{"tag":${JSON.stringify(tag)},"time":"${time}","record":${Buffer.from(sink.take()).toString()}}`
}
