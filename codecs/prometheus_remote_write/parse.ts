import { numberEvents, type Parsed } from 'sluice/plugin'
import { fromWire } from 'sluice/protobuf'
import { uncompressBlock } from 'sluice/snappy'
import { eventsOf, type Series } from './series.js'
import { seriesOfRequest, writeRequest } from './write-1.js'
import { request, seriesOfSymbols } from './write-2.js'

type Proto = 'prometheus.WriteRequest' | 'io.prometheus.write.v2.Request'

/** Parses whole bodies, which are blocks of Snappy; events are read as they are asked for. */
export function remoteWriteParser(proto: Proto, most: number): (frame: Uint8Array) => Iterable<Parsed> {
  const seriesIn = (body: Uint8Array): Iterable<Series> =>
    proto === 'prometheus.WriteRequest'
      ? seriesOfRequest(fromWire(writeRequest, body))
      : seriesOfSymbols(fromWire(request, body), most)
  return (frame) => (frame.length === 0 ? [] : numberEvents(eventsOf(seriesIn(uncompressBlock(frame, most)))))
}
