import { createSocket, type Socket } from 'node:dgram'
import { targetText } from 'sluice/net'
import { AgentError, type Input, type InputContext, messageOf } from 'sluice/plugin'
import { GatewayEvents } from './gateway-events.js'
import type { LorawanOptions } from './options.js'

/** Listens for gateways. Throws an AgentError where devices, gateways or keys are none. */
export function lorawanInput(options: LorawanOptions, context: InputContext): Input {
  const events = new GatewayEvents(options, context)
  return {
    async run(signal) {
      if (signal.aborted) return
      const socket = open(options)
      let isOpen = true
      socket.on('message', (bytes, { address, port }) => {
        events.take(bytes, (ack) => {
          // An acknowledgement may come late, when nobody listens any more; one that is lost only spoils the gateway's statistics.
          if (isOpen) socket.send(ack, port, address, () => undefined)
        })
      })
      try {
        await bound(socket, options, context, signal)
      } finally {
        isOpen = false
        socket.close()
      }
    },
  }
}

function open({ listen, receive_buffer_size: recvBufferSize }: LorawanOptions): Socket {
  const type = listen.includes(':') ? 'udp6' : 'udp4'
  return createSocket({ type, ...(recvBufferSize === undefined ? {} : { recvBufferSize }) })
}

/** Resolves when the signal is aborted, rejects when the socket fails. */
function bound(socket: Socket, options: LorawanOptions, context: InputContext, signal: AbortSignal): Promise<void> {
  const { listen: host, port } = options
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      const where = targetText({ host, port })
      reject(new AgentError('LORAWAN_LISTEN', `listen on ${where}: ${messageOf(error)}`, { cause: error }))
    })
    socket.bind({ address: host, port }, () => {
      context.log.info('listening', { addresses: targetText({ host, port: socket.address().port }) })
    })
  })
}
