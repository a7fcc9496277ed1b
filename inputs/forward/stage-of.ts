import type { Stage } from 'sluice/net'
import type { Connection } from './connection.js'

export interface Deadlines {
  /** Longest that a client may take for its part. */
  readonly readMs: number
  /** Longest that a connection may be idle; 0 for no end of it. */
  readonly idleMs: number
}

/** A message must come on at a kibibyte a second, be it in one read or in many. */
const leastBytesPerMs = 1.024

/** What is looked at now and then of a connection. */
export function stageOf(connection: Connection, { readMs, idleMs }: Deadlines): Stage {
  const { phase, stream, acks, socket } = connection
  switch (phase) {
    case 'client':
      return { name: 'slow_handshake', mark: 0, limitMs: readMs }
    case 'message':
      if (stream.pending === 0) return { name: 'idle', mark: stream.messages, limitMs: idleMs }
      return { name: 'slow_message', mark: progress(connection, readMs), limitMs: readMs }
    case 'room':
      return { name: 'no_memory', mark: stream.messages, limitMs: stream.isHolding ? readMs : 0 }
    case 'acks':
      return { name: 'unread_acks', mark: taken(connection), limitMs: acks.unread ? readMs : 0 }
    case 'end':
      return { name: 'idle', mark: socket.bytesRead, limitMs: readMs }
  }
}

/** Another number for each message, and for each part of one that must come within the time. */
function progress({ stream }: Connection, readMs: number): number {
  const parts = Math.floor(stream.pending / (readMs * leastBytesPerMs))
  return stream.messages * 2 ** 20 + parts
}

/** Bytes that the kernel has taken. */
function taken({ socket }: Connection): number {
  return socket.bytesWritten - socket.writableLength
}
