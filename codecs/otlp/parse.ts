import { logEvents, logsRequest, metricEvents, metricsRequest, spanEvents, tracesRequest } from 'sluice/otlp'
import { numberEvents, type Parsed, readJson } from 'sluice/plugin'
import { fromJson, fromWire, type MessageType } from 'sluice/protobuf'

type Signal = 'logs' | 'metrics' | 'traces'
export type Encoding = 'protobuf' | 'json'
type Parse = (frame: Uint8Array) => Iterable<Parsed>

/** Parses whole bodies; events are read as they are asked for, so that a body is never held as objects all at once. */
export function parserOf(signal: Signal, encoding: Encoding): Parse {
  switch (signal) {
    case 'logs':
      return parser(logsRequest, encoding, logEvents)
    case 'metrics':
      return parser(metricsRequest, encoding, metricEvents)
    case 'traces':
      return parser(tracesRequest, encoding, spanEvents)
  }
}

function parser<T>(request: MessageType<T>, encoding: Encoding, eventsOf: (read: T) => Iterable<Parsed>): Parse {
  const read = encoding === 'json' ? fromJsonText : fromWire
  return (frame) => (frame.length === 0 ? [] : numberEvents(eventsOf(read(request, frame))))
}

function fromJsonText<T>(request: MessageType<T>, frame: Uint8Array): T {
  return fromJson(request, readJson(frame))
}
