import type { Socket } from 'node:net'
import {
  type Buffers,
  Door,
  type DoorSettings,
  type Fields,
  longestPing,
  MessageStream,
  notTaken,
  Refusal,
  refusalOf,
} from 'sluice/forward'
import { SocketReads } from 'sluice/net'
import type { InputContext } from 'sluice/plugin'
import { Acks } from './acks.js'
import type { Sender, Taker } from './taker.js'

export interface ConnectionSettings {
  /** Undefined where clients need to show nothing. */
  readonly door: DoorSettings | undefined
  readonly longestMessage: number
  /** The fields that are put into each record; `client` is the name that a client has shown itself with. */
  readonly fieldsOf: (socket: Socket, client: string | undefined) => Promise<Fields | undefined>
}

export interface ConnectionParts {
  readonly settings: ConnectionSettings
  readonly taker: Taker
  readonly buffers: Buffers
  readonly context: InputContext
}

/** What a connection waits for. */
export type Phase = 'client' | 'message' | 'room' | 'acks' | 'end'

/** One client, from its handshake to its end. */
export class Connection {
  readonly socket: Socket
  readonly stream: MessageStream
  readonly acks: Acks
  phase: Phase = 'message'
  readonly #parts: ConnectionParts
  readonly #reads: SocketReads
  #failure: Error | undefined

  constructor(socket: Socket, parts: ConnectionParts) {
    this.socket = socket
    this.#parts = parts
    this.stream = new MessageStream(parts.settings.longestMessage, parts.buffers)
    this.acks = new Acks(socket)
    this.#reads = new SocketReads(socket)
  }

  /** Resolves once the client has ended its side and has got all acknowledgements. Throws a Refusal, or what broke the connection. */
  async run(): Promise<void> {
    try {
      const { door, fieldsOf } = this.#parts.settings
      const client = door && (await this.#greet(new Door(door)))
      await this.#receive(await fieldsOf(this.socket, client))
      this.phase = 'end'
      await this.acks.until(() => this.acks.waiting === 0 || this.#failure !== undefined)
    } catch (error) {
      throw refusalOf(error)
    } finally {
      this.stream.close()
      this.acks.close()
    }
    if (this.#failure) throw this.#failure
  }

  /** Ends it as soon as it does not wait for room, where nobody can be woken: then the connection alone is closed. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#reads.fail(error)
    this.acks.wake()
    if (this.phase !== 'room') return
    this.stream.close()
    this.socket.destroy()
  }

  /** Ends our side and reads on: to close over bytes that nobody has read resets a connection, and with it what was written last. */
  async end(): Promise<void> {
    this.socket.end()
    await this.#reads.discard()
  }

  async #greet(door: Door): Promise<string> {
    const { longestMessage } = this.#parts.settings
    this.phase = 'client'
    this.stream.limit = longestPing
    this.socket.write(door.helo)
    const ping = await this.#message()
    if (!ping) throw new Refusal('invalid_handshake', 'handshake: expected a PING, got the end')
    const { pong, client, refusal } = door.open(ping)
    this.socket.write(pong)
    if (refusal) throw refusal
    this.stream.limit = longestMessage
    this.phase = 'message'
    return client
  }

  async #message(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = this.stream.next()
      if (message) return message
      if (!(await this.#read())) return undefined
    }
  }

  async #receive(fields: Fields | undefined): Promise<void> {
    const { taker } = this.#parts
    const sender = this.#sender(fields)
    do {
      for (let message = this.stream.next(); message; message = this.stream.next()) {
        if (!this.#mayTake) await this.#wait()
        const taking = taker.take(message, sender)
        if (taking) await taking
      }
      if (!this.#mayTake) await this.#wait()
    } while (await this.#read())
    if (this.stream.pending > 0) throw new Refusal('cut_off', `message: expected more, got the end`)
  }

  async #read(): Promise<boolean> {
    const bytes = await this.#reads.next()
    if (bytes) this.stream.push(bytes)
    return bytes !== undefined
  }

  get #mayTake(): boolean {
    return this.#parts.context.hasRoom && this.acks.hasRoom && !this.#failure
  }

  /** While there is no room for more the socket is not read: the client's own kernel makes it wait. */
  async #wait(): Promise<void> {
    const { context } = this.#parts
    while (!this.#mayTake) {
      if (this.#failure) throw this.#failure
      this.phase = context.hasRoom ? 'acks' : 'room'
      if (context.hasRoom) await this.acks.until(() => this.acks.hasRoom || this.#failure !== undefined)
      else await context.room()
      if (this.socket.destroyed && !this.#failure) break
    }
    this.phase = 'message'
  }

  #sender(fields: Fields | undefined): Sender {
    return {
      fields,
      expected: () => this.acks.expect(),
      told: (chunk, error) => {
        if (!error) return this.acks.give(chunk)
        this.acks.settle()
        this.fail(error instanceof Refusal ? error : notTaken(error))
      },
    }
  }
}
