import { framingOf, type FramingOptions } from 'sluice/framing'
import {
  type DatagramServerSettings,
  ingestParser,
  type IngestSettings,
  serveDatagrams,
  type TakeDatagram,
  targetText,
} from 'sluice/net'
import { type Input, type InputContext, RecordStream, type StreamFraming } from 'sluice/plugin'

export interface Settings extends IngestSettings, FramingOptions, DatagramServerSettings {}

export function udpInput(settings: Settings, context: InputContext): Input {
  const framing = framingOf(settings)
  return { run: (signal) => serveDatagrams(settings, context, signal, receiver(settings, framing, context)) }
}

/** Takes each datagram by itself. Nobody can be told to wait: what finds no room is dropped as `full` says. */
function receiver(settings: Settings, framing: StreamFraming | undefined, context: InputContext): TakeDatagram {
  const { tag, separator: delimiter, buffer_size: maxFrame, source_address_key: key } = settings
  const parser = ingestParser(settings, context)
  const stream = new RecordStream({ tag, parser, maxFrame, delimiter, framing }, context)
  return (datagram, { address: host, port }) => {
    stream.whole(datagram, key === undefined ? undefined : { [key]: `udp://${targetText({ host, port })}` })
  }
}
