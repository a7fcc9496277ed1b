import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ackOf } from './forward-ack.js'
import { numberedEntries, packed } from './forward-input.js'

/** Events of one message. */
const perMessage = 20
const clients = 6
/** How long a client waits for an acknowledgement before it sends the message again over another connection. */
const patienceMs = 400
const pauseMs = 10

interface Sent {
  readonly numbers: readonly number[]
  readonly message: Buffer
  readonly ack: string
}

/** Clients of the forward protocol that send numbered events, each message again under its id until it is acknowledged. */
export class ForwardStorm {
  /** The numbers below this one were sent. */
  sent = 0
  /** Messages that were sent more than once, each time but the first. */
  repeats = 0
  /** Those whose message was acknowledged. */
  readonly acknowledged = new Set<number>()
  readonly #port: number
  readonly #random: () => number
  readonly #impatience: number
  #watching: (() => void) | undefined

  /** `impatience` is how often a client closes its connection before the answer, of all messages. */
  constructor(port: number, random: () => number, impatience: number) {
    this.#port = port
    this.#random = random
    this.#impatience = impatience
  }

  /** Sends until so many events more were acknowledged, and on until `end` has come true and all that was sent is acknowledged. */
  async blow(enough: number, end: () => Promise<unknown>): Promise<void> {
    const goal = this.acknowledged.size + enough
    const reached = new Promise<void>((resolve) => {
      this.#watching = () => this.acknowledged.size >= goal && resolve()
    })
    let isOver = false
    const working = Array.from({ length: clients }, () => this.#work(() => isOver))
    await reached
    await end()
    isOver = true
    await Promise.all(working)
  }

  async #work(isOver: () => boolean): Promise<void> {
    let socket: Socket | undefined
    while (!isOver()) {
      const sent = this.#next()
      for (;;) {
        socket = await this.#attempt(sent, socket)
        if (socket) break
        this.repeats++
        await sleep(pauseMs)
      }
      for (const n of sent.numbers) this.acknowledged.add(n)
      this.#watching?.()
    }
    socket?.destroy()
  }

  #next(): Sent {
    const from = this.sent
    this.sent += perMessage
    const chunk = `chunk-${from}`
    const numbers = Array.from({ length: perMessage }, (_, at) => from + at)
    const message = packed('storm', numberedEntries(perMessage, from), { chunk, size: perMessage })
    return { numbers, message, ack: Buffer.from(ackOf(chunk)).toString('latin1') }
  }

  #connect(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    return socket.on('error', () => undefined) // 'close' says so too
  }

  /** The connection, over which the message was acknowledged; undefined where it was not. */
  async #attempt({ message, ack }: Sent, kept: Socket | undefined): Promise<Socket | undefined> {
    const socket = kept ?? this.#connect()
    const answered = answerOf(socket, ack.length)
    const isCut = this.#random() < this.#impatience
    socket.write(message, () => isCut && socket.destroy())
    if ((await answered) === ack) return socket
    socket.destroy()
    return undefined
  }
}

/** So many bytes, or fewer where no more came in time. */
async function answerOf(socket: Socket, length: number): Promise<string> {
  let text = ''
  const noted = (bytes: Buffer): void => {
    text += bytes.toString('latin1')
    if (text.length >= length) over.abort()
  }
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), patienceMs)
  const closed = (): void => over.abort()
  socket.on('data', noted).on('close', closed)
  await once(over.signal, 'abort')
  clearTimeout(timer)
  socket.off('data', noted).off('close', closed)
  return text
}
