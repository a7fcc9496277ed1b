import type { ByteSink } from './byte-sink.js'

export function writeMapHeader(sink: ByteSink, count: number): void {
  if (count < 16) sink.byte(0x80 | count)
  else if (count < 0x10000) sink.markedU16(0xde, count)
  else sink.markedU32(0xdf, count)
}

export function writeArrayHeader(sink: ByteSink, count: number): void {
  if (count < 16) sink.byte(0x90 | count)
  else if (count < 0x10000) sink.markedU16(0xdc, count)
  else sink.markedU32(0xdd, count)
}

/**
 * The header of a map whose fields were written before they were counted: there is a byte for it at `header`, which is all
 * that most need; behind it the fields move up where it takes more.
 */
export function endMap(sink: ByteSink, header: number, count: number): void {
  if (count < 16) sink.bytes[header] = 0x80 | count
  else widen(sink, header, count, writeMapHeader)
}

/** The same of an array. */
export function endArray(sink: ByteSink, header: number, count: number): void {
  if (count < 16) sink.bytes[header] = 0x90 | count
  else widen(sink, header, count, writeArrayHeader)
}

function widen(sink: ByteSink, header: number, count: number, write: typeof writeMapHeader): void {
  sink.insert(header + 1, count < 0x10000 ? 2 : 4)
  const end = sink.at
  sink.at = header
  write(sink, count)
  sink.at = end
}
