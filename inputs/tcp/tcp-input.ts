import type { Socket } from 'node:net'
import { ingestParser, type IngestSettings, readStreamServer, serve, type StreamServerOptions } from 'sluice/net'
import { EntryWriter, type Input, type InputContext, RecordStream } from 'sluice/plugin'
import { readSocket, senderOf } from './read-socket.js'

export interface Settings extends IngestSettings, StreamServerOptions {
  readonly idle_timeout: number
}

export function tcpInput(settings: Settings, context: InputContext): Input {
  const server = { ...readStreamServer(settings), connected: reader(settings, context) }
  return { run: (signal) => serve(server, context, signal) }
}

/** Reads each connection as a stream of its own. */
function reader(settings: Settings, context: InputContext): (socket: Socket) => Promise<void> {
  const { tag, separator: delimiter, buffer_size: maxFrame, source_address_key: key, idle_timeout: idleMs } = settings
  const writer = new EntryWriter()
  return (socket) => {
    const parser = ingestParser(settings, context)
    const stream = new RecordStream({ tag, parser, maxFrame, delimiter, writer }, context)
    const fields = key === undefined ? undefined : { [key]: senderOf(socket) }
    return readSocket(socket, { stream, fields, idleMs, context })
  }
}
