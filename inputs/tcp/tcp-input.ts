import type { Socket } from 'node:net'
import { serve } from 'sluice/net'
import { type Input, type InputContext, messageOf, RecordStream } from 'sluice/plugin'

interface Settings {
  readonly tag: string
  readonly parser: string | undefined
  readonly listen: string
  readonly port: number
  readonly format: 'json' | 'none'
  readonly separator: string | undefined
  readonly buffer_size: number
  readonly source_address_key: string | undefined
  readonly max_connections: number
  readonly idle_timeout: number
}

export function tcpInput(settings: Settings, context: InputContext): Input {
  const { listen: host, port, max_connections: maxConnections } = settings
  return {
    run: (signal) =>
      serve(
        {
          target: { host, port },
          maxConnections,
          connected: (socket) => readSocket(socket, settings, context),
          listening: (chosen = port) => context.log.info('listening', { host, port: chosen }),
          refused: () => context.count('refused_connections'),
          failed: (error) => context.log.debug(`connection ended: ${messageOf(error)}`),
        },
        signal,
      ),
  }
}

/** While there is no room the socket is not read: its sender's kernel tells it to wait. */
async function readSocket(socket: Socket, settings: Settings, context: InputContext): Promise<void> {
  const stream = streamOf(socket, settings, context)
  socket.setTimeout(settings.idle_timeout, () => socket.destroy())
  for await (const bytes of socket as AsyncIterable<Uint8Array>) {
    if (!stream.push(bytes)) await context.room()
  }
  stream.end()
}

function streamOf({ remoteAddress = '' }: Socket, settings: Settings, context: InputContext): RecordStream {
  const { tag, parser, format, separator: delimiter, buffer_size: maxFrame, source_address_key: key } = settings
  const shared = { tag, parser: context.parser(parser ?? format), maxFrame, delimiter }
  return new RecordStream(key === undefined ? shared : { ...shared, fields: { [key]: remoteAddress } }, context)
}
