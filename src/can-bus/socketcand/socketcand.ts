import type { Socket } from 'node:net'

import { unlessAborted } from '../../base/unless-aborted.js'
import type { CanFrame } from '../../can/frame.js'
import { connect, SocketReads } from '../../net/index.js'
import type { PluginContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { BusState, CanBus, CanFilter, TakeFrame } from '../can-bus.js'
import { LineFrames } from '../line-frames.js'
import { type Link, LinkKeeper } from '../link-keeper.js'
import { MessageReader } from './message-reader.js'

export interface SocketcandSettings {
  readonly host: string
  /** 29536 unless said. */
  readonly port?: number
  /** The bus as the server names it. */
  readonly interface: string
  /** Frames that none of these lets pass are left out here: the protocol has no filters for all frames. */
  readonly filters?: readonly CanFilter[]
  readonly onState?: (state: BusState) => void
}

interface Connection extends Link {
  write(text: string): void
}

const usualPort = 29_536
const retryMs = 1000
const connectTimeoutMs = 10_000
const greetTimeoutMs = 5000
const longestGreeting = 4096
const messageEnd = 0x3e

/** Bytes that may wait to be sent; frames beyond are refused. */
const mostWaiting = 2 ** 16

/** A bus of another machine that runs socketcand: classic frames, over TCP. A connection that is lost is made again. */
export class Socketcand implements CanBus {
  readonly #settings: SocketcandSettings
  readonly #keeper: LinkKeeper<Connection>
  readonly #frames: LineFrames

  constructor(settings: SocketcandSettings, context: Pick<PluginContext, 'clock' | 'count' | 'log'>) {
    const { interface: name, filters = [], onState } = settings
    this.#settings = settings
    this.#frames = new LineFrames({ reader: new MessageReader(), delimiter: messageEnd, bus: name, filters, context })
    const open = (signal: AbortSignal): Promise<Connection> => opened(settings, context, signal)
    this.#keeper = new LinkKeeper({ name, context, open, retryMs, onState })
  }

  next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    return this.#keeper.next(this.#frames, take, signal)
  }

  /** Takes the frame for sending; whether the bus took it the protocol does not tell. Frames of CAN FD it does not have. */
  async send(frame: CanFrame): Promise<void> {
    const { interface: name, host } = this.#settings
    if (frame.fd || frame.error) throw new AgentError('CAN_BUS_FRAME', `${name}: socketcand sends classic frames only`)
    const connection = this.#keeper.link
    if (!connection) throw new AgentError('CAN_BUS_ABSENT', `${name}: there is no connection to ${host}`)
    connection.write(sendMessage(frame))
  }

  close(): void {
    this.#keeper.close()
  }
}

function sendMessage({ id, extended, remote, length, data }: CanFrame): string {
  const name = id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0')
  if (remote) return `< sendrtr ${name} ${length} >`
  const bytes = Array.from(data.subarray(0, length), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
  return `< ${['send', name, length, ...bytes].join(' ')} >`
}

/** Connects, opens the bus and asks for all its frames (protocol.md, modes NO_BUS and RAW). */
async function opened(
  { host, port = usualPort, interface: name }: SocketcandSettings,
  { clock }: Pick<PluginContext, 'clock'>,
  signal: AbortSignal,
): Promise<Connection> {
  const socket = await connect({ host, port }, { timeoutMs: connectTimeoutMs, signal })
  const reads = new SocketReads(socket)
  const cancel = clock.after(greetTimeoutMs, () =>
    reads.fail(new AgentError('CAN_BUS_SOCKETCAND', `${host}:${port}: it did not answer as socketcand does`)),
  )
  try {
    const greeting = new Greeting(reads, signal)
    await greeting.expect('hi')
    socket.write(`< open ${name} >`)
    await greeting.expect('ok')
    socket.write('< rawmode >')
    await greeting.expect('ok')
    return connectionOf(socket, reads, greeting.rest)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    cancel()
  }
}

/** The answers before the first frame, one by one. */
class Greeting {
  readonly #reads: SocketReads
  readonly #signal: AbortSignal
  #text = ''

  constructor(reads: SocketReads, signal: AbortSignal) {
    this.#reads = reads
    this.#signal = signal
  }

  /** What came behind the last answer. */
  get rest(): Uint8Array {
    return Buffer.from(this.#text, 'latin1')
  }

  async expect(word: string): Promise<void> {
    let end = this.#text.indexOf('>')
    while (end < 0) {
      const bytes = await unlessAborted(this.#reads.next(), this.#signal)
      if (!bytes || this.#text.length > longestGreeting) throw refused(word, this.#text)
      this.#text += Buffer.from(bytes).toString('latin1')
      end = this.#text.indexOf('>')
    }
    const answer = this.#text.slice(0, end + 1).trim()
    this.#text = this.#text.slice(end + 1)
    if (answer !== `< ${word} >`) throw refused(word, answer)
  }
}

function connectionOf(socket: Socket, reads: SocketReads, rest: Uint8Array): Connection {
  let first = rest.length > 0 ? rest : undefined
  const takeFirst = (): Uint8Array | undefined => {
    const bytes = first
    first = undefined
    return bytes
  }
  return {
    read: async () => takeFirst() ?? reads.next(),
    atHand: async () => takeFirst() ?? reads.atHand(),
    write(text) {
      if (socket.writableLength > mostWaiting) throw new AgentError('CAN_BUS_FULL', 'socketcand takes no frames')
      socket.write(text)
    },
    close: () => void socket.destroy(),
  }
}

function refused(expected: string, got: string): AgentError {
  const text = got.replaceAll(/[^ -~]/g, '?').slice(0, 200)
  return new AgentError('CAN_BUS_SOCKETCAND', `socketcand: expected "< ${expected} >", got "${text}"`)
}
