import { createSocket } from 'node:dgram'
import type { ListenAddress } from 'sluice/net'
import { AgentError, type InputContext, messageOf, TokenBucket } from 'sluice/plugin'

/**
 * Answers a second at most. A datagram can name any sender: two servers that answer each other must not do so without end.
 */
const mostAnswers = 100

const alive = Buffer.of(0)

/** Answers each datagram with a zero byte until the signal is aborted (Fluentd Forward Protocol Specification v1, "Heartbeat"). */
export function answerHeartbeats(address: ListenAddress, context: InputContext, signal: AbortSignal): Promise<void> {
  if (!('host' in address) || signal.aborted) return Promise.resolve()
  const { host, port } = address
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const bucket = new TokenBucket(mostAnswers, context.clock.monotonic())
  socket.on('message', (_datagram, from) => {
    if (bucket.take(1, context.clock.monotonic()) > 0) return context.count('unanswered_heartbeats')
    socket.send(alive, from.port, from.address, () => undefined)
  })
  return new Promise<void>((resolve, reject) => {
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      reject(
        new AgentError('FORWARD_HEARTBEAT', `listen on udp ${host}:${port}: ${messageOf(error)}`, { cause: error }),
      )
    })
    socket.bind({ address: host, port }, () =>
      context.log.info('answering heartbeats', { port: socket.address().port }),
    )
  }).finally(() => socket.close())
}
