import type { Clock } from '../base/clock.js'
import type { Batch } from '../plugin/define.js'
import { type Datagrams, openDatagrams } from './datagram-sender.js'
import { KeptConnections } from './kept-connections.js'
import { type Outgoing, SendingOutput } from './sending-output.js'
import { targetText } from './target.js'

export interface DatagramParts {
  readonly target: { readonly host: string; readonly port: number }
  readonly clock: Clock
  readonly encode: (batch: Batch) => Outgoing<Datagrams>
}

/** The kernel takes a datagram at once, or something is wrong. */
const timeoutMs = 10_000

/** A socket that was idle for longer is closed, so that the name is looked up again. */
const idleMs = 30_000

/** An output that sends each event in a UDP datagram. */
export function datagramOutput({ target, clock, encode }: DatagramParts): SendingOutput<Datagrams> {
  const open = (signal: AbortSignal) => openDatagrams(target, { timeoutMs, clock }, signal)
  const connections = new KeptConnections({ open, keep: true, idleMs, clock })
  return new SendingOutput({ where: targetText(target), connections, encode })
}
