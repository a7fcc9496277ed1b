import { type ListenAddress, serveDatagrams } from 'sluice/net'
import { type InputContext, TokenBucket } from 'sluice/plugin'

/**
 * Answers a second at most. A datagram can name any sender: two servers that answer each other must not do so without end.
 */
const mostAnswers = 100

const alive = Buffer.of(0)

/** Answers each datagram with a zero byte until the signal is aborted (Fluentd Forward Protocol Specification v1, "Heartbeat"). */
export function answerHeartbeats(address: ListenAddress, context: InputContext, signal: AbortSignal): Promise<void> {
  if (!('host' in address)) return Promise.resolve()
  const bucket = new TokenBucket(mostAnswers, context.clock.monotonic())
  const server = { listen: address.host, port: address.port, logged: 'answering heartbeats' }
  return serveDatagrams(server, context, signal, (_datagram, from, send) => {
    if (bucket.take(1, context.clock.monotonic()) > 0) context.count('unanswered_heartbeats')
    else send(alive, from)
  })
}
