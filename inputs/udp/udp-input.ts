import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { framingOf, type FramingOptions } from 'sluice/framing'
import { ingestParser, type IngestSettings, targetText } from 'sluice/net'
import { AgentError, type Input, type InputContext, messageOf, RecordStream, type StreamFraming } from 'sluice/plugin'

export interface Settings extends IngestSettings, FramingOptions {
  readonly listen: string
  readonly port: number
  readonly receive_buffer_size: number | undefined
}

export function udpInput(settings: Settings, context: InputContext): Input {
  const framing = framingOf(settings)
  return {
    async run(signal) {
      if (signal.aborted) return
      const socket = open(settings)
      socket.on('message', receiver(settings, framing, context))
      try {
        await bound(socket, settings, context, signal)
      } finally {
        socket.close()
      }
    },
  }
}

function open({ listen, receive_buffer_size: recvBufferSize }: Settings): Socket {
  const type = listen.includes(':') ? 'udp6' : 'udp4'
  return createSocket({ type, ...(recvBufferSize === undefined ? {} : { recvBufferSize }) })
}

/** Resolves when the signal is aborted, rejects when the socket fails. */
function bound(socket: Socket, settings: Settings, context: InputContext, signal: AbortSignal): Promise<void> {
  const { listen: host, port } = settings
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      const where = targetText({ host, port })
      reject(new AgentError('UDP_LISTEN', `listen on ${where}: ${messageOf(error)}`, { cause: error }))
    })
    socket.bind({ address: host, port }, () => {
      context.log.info('listening', { addresses: targetText({ host, port: socket.address().port }) })
    })
  })
}

/** Takes each datagram by itself. Nobody can be told to wait: what finds no room is dropped as `full` says. */
function receiver(
  settings: Settings,
  framing: StreamFraming | undefined,
  context: InputContext,
): (datagram: Uint8Array, from: RemoteInfo) => void {
  const { tag, separator: delimiter, buffer_size: maxFrame, source_address_key: key } = settings
  const parser = ingestParser(settings, context)
  const stream = new RecordStream({ tag, parser, maxFrame, delimiter, framing }, context)
  return (datagram, { address: host, port }) => {
    stream.whole(datagram, key === undefined ? undefined : { [key]: `udp://${targetText({ host, port })}` })
  }
}
