import type { Socket } from 'node:net'
import { peerAddress, peerPort, targetText } from 'sluice/net'
import type { Cancel, EventRecord, InputContext, RecordStream } from 'sluice/plugin'

export interface Reading {
  readonly stream: RecordStream
  /** Added to every record. */
  readonly fields: EventRecord | undefined
  /** Longest wait for the next bytes; 0 for no end of it. */
  readonly idleMs: number
  readonly context: InputContext
}

/**
 * Feeds the stream until the sender closes the connection, is silent for too long, or the connection breaks; that is thrown.
 * While there is no room the socket is not read: its sender's kernel tells it to wait, and nobody calls it silent.
 */
export async function readSocket(socket: Socket, { stream, fields, idleMs, context }: Reading): Promise<void> {
  let idle = false
  const watch = (): Cancel => {
    if (idleMs === 0) return () => undefined
    return context.clock.after(idleMs, () => {
      idle = true
      socket.destroy()
    })
  }
  let cancel = watch()
  try {
    for await (const bytes of socket as AsyncIterable<Uint8Array>) {
      cancel()
      if (!stream.push(bytes, fields)) await context.room()
      cancel = watch()
    }
    stream.end(fields)
  } catch (error) {
    stream.breakOff()
    if (!idle) throw error
    context.count('idle_connections')
  } finally {
    cancel()
  }
}

/** Where a connection comes from, as Fluent Bit writes it; senders on a unix socket have no address. */
export function senderOf(socket: Socket): string {
  const host = peerAddress(socket)
  return host === '' ? 'unix://' : `tcp://${targetText({ host, port: peerPort(socket) })}`
}
