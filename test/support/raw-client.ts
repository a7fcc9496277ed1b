import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { within } from './within.js'

/** Longer than any deadline that a test sets. */
const longestMs = 15_000

/** A client that says exactly what it is told, byte by byte if need be, and keeps all that it hears. */
export class RawClient {
  readonly socket: Socket
  /** All that came, as latin1, once the server has closed. */
  readonly closed: Promise<string>
  #text = ''
  #isClosed = false
  #watching: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text
      this.#changed()
    })
    socket.on('error', () => undefined) // to be reset is one way to be closed
    const end = new Promise<string>((resolve) =>
      socket.once('close', () => {
        this.#isClosed = true
        this.#changed()
        resolve(this.#text)
      }),
    )
    this.closed = within(longestMs, end, 'the server closes the connection')
    this.closed.catch(() => undefined) // told to whoever waits for it
  }

  /** Connected, until the test ends. */
  static async connect(t: TestContext, port: number, allowHalfOpen = false): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen })
    t.after(() => void socket.destroy())
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  get text(): string {
    return this.#text
  }

  send(text: string | Buffer): void {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  }

  /** All that came so far, as soon as it has what is looked for. */
  async until(pattern: RegExp): Promise<string> {
    const found = async (): Promise<string> => {
      while (!pattern.test(this.#text)) {
        if (this.#isClosed) throw new Error(`closed before ${pattern} came, after ${JSON.stringify(this.#text)}`)
        await new Promise<void>((resolve) => this.#watching.push(resolve))
      }
      return this.#text
    }
    return within(longestMs, found(), `${pattern} comes`)
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}

/** What a server says to these bytes until it closes the connection. */
export async function say(t: TestContext, port: number, text: string | Buffer): Promise<string> {
  const client = await RawClient.connect(t, port)
  client.send(text)
  return client.closed
}

/** Statuses of all answers in a text. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}
