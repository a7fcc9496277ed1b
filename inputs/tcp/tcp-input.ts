import type { Socket } from 'node:net'
import { ingestParser, type IngestSettings, serve } from 'sluice/net'
import { EntryWriter, type Input, type InputContext, messageOf, RecordStream } from 'sluice/plugin'
import { readSocket, senderOf } from './read-socket.js'

export interface Settings extends IngestSettings {
  readonly max_connections: number
  readonly idle_timeout: number
}

export function tcpInput(settings: Settings, context: InputContext): Input {
  const { listen: host, port, max_connections: maxConnections } = settings
  const connected = reader(settings, context)
  return {
    run: (signal) =>
      serve(
        {
          target: { host, port },
          maxConnections,
          connected,
          listening: (chosen = port) => context.log.info('listening', { host, port: chosen }),
          refused: () => {
            context.count('refused_connections')
            context.log.warn('closing connections beyond max_connections', { max_connections: maxConnections })
          },
          failed: (error) => {
            context.count('broken_connections')
            context.log.warn('connection broke off', { reason: messageOf(error) })
          },
        },
        signal,
      ),
  }
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
