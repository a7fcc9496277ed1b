import type { Socket } from 'node:net'
import { framingOf, type FramingOptions, streamParser } from 'sluice/framing'
import { ingestParser, type IngestSettings, readStreamServer, serve, type StreamServerOptions } from 'sluice/net'
import { EntryWriter, type Input, type InputContext, type Parser, RecordStream } from 'sluice/plugin'
import { readSocket, senderOf } from './read-socket.js'

export interface Settings extends IngestSettings, FramingOptions, StreamServerOptions {
  readonly idle_timeout: number
}

export function tcpInput(settings: Settings, context: InputContext): Input {
  const server = { ...readStreamServer(settings), connected: reader(settings, context) }
  return { run: (signal) => serve(server, context, signal) }
}

/** Reads each connection as a stream of its own. */
function reader(settings: Settings, context: InputContext): (socket: Socket) => Promise<void> {
  const { tag, separator: delimiter, buffer_size: maxFrame, source_address_key: key, idle_timeout: idleMs } = settings
  const framing = framingOf(settings)
  const parserOf = (): Parser => streamParser(ingestParser(settings, context), framing)
  // A parser that does not fit is told of before anybody connects.
  parserOf()
  const writer = new EntryWriter()
  return (socket) => {
    const stream = new RecordStream({ tag, parser: parserOf(), maxFrame, delimiter, framing, writer }, context)
    const fields = key === undefined ? undefined : { [key]: senderOf(socket) }
    return readSocket(socket, { stream, fields, idleMs, context })
  }
}
