import type { RemoteInfo, Socket } from 'node:dgram'
import { AgentError, type Input, type InputContext, messageOf, RecordStream } from 'sluice/plugin'

interface Settings {
  readonly tag: string
  readonly parser: string | undefined
  readonly listen: string
  readonly port: number
  readonly format: 'json' | 'none'
  readonly separator: string | undefined
  readonly source_address_key: string | undefined
  readonly receive_buffer_size: number | undefined
}

/** The most that UDP can carry. */
const largestDatagram = 65_535

export function udpInput(settings: Settings, context: InputContext): Input {
  return {
    async run(signal) {
      if (signal.aborted) return
      const socket = await open(settings)
      try {
        await receive(socket, settings, context, signal)
      } finally {
        socket.close()
      }
    },
  }
}

async function open({ listen, receive_buffer_size: recvBufferSize }: Settings): Promise<Socket> {
  const { createSocket } = await import('node:dgram')
  const type = listen.includes(':') ? 'udp6' : 'udp4'
  return createSocket({ type, ...(recvBufferSize === undefined ? {} : { recvBufferSize }) })
}

/** Reads datagrams until the signal is aborted, or the socket fails. */
function receive(socket: Socket, settings: Settings, context: InputContext, signal: AbortSignal): Promise<void> {
  const { listen: host, port } = settings
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => {
      reject(new AgentError('NET_LISTEN', `listen on ${host}:${port}: ${messageOf(error)}`, { cause: error }))
    })
    socket.on('message', receiver(settings, context))
    socket.bind({ address: host, port }, () => {
      context.log.info('listening', { host, port: socket.address().port })
    })
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function receiver(settings: Settings, context: InputContext): (datagram: Uint8Array, from: RemoteInfo) => void {
  const { tag, format, separator: delimiter, source_address_key: key } = settings
  const parser = context.parser(settings.parser ?? format)
  const shared = { tag, parser, maxFrame: largestDatagram, delimiter }
  const only = new RecordStream(shared, context)
  return (datagram, { address }) => {
    const stream = key === undefined ? only : new RecordStream({ ...shared, fields: { [key]: address } }, context)
    stream.push(datagram)
    stream.end()
  }
}
