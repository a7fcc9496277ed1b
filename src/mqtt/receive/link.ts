import type { Duplex } from 'node:stream'
import type { InputContext } from '../../plugin/context.js'
import { malformed, MqttRefusal } from '../wire/mqtt-refusal.js'
import { PacketCutter, type PacketSink } from '../wire/packet-cutter.js'
import { packetTypes } from '../wire/packet-types.js'

/** How long the other side has to take the last words and go. */
const farewellMs = 2000

export interface LinkSettings {
  readonly maxPacketBytes: number
  /** Longest that a packet may take to come, or what was sent to be taken. */
  readonly stallMs: number
  /** What the first byte of all must be: what speaks another protocol is told at once. */
  readonly firstByte: number
  readonly context: Pick<InputContext, 'clock' | 'reserve' | 'release' | 'hasRoom' | 'room'>
}

/** Whoever reads packets from a link. */
export interface LinkOwner extends Pick<PacketSink, 'packet'> {
  /** All packets that one read brought were given. */
  flush(): void
  /** Whether packets may come, as far as it goes by the owner. Who says no calls `look` when that changes. */
  readonly isReady: boolean
  /** Messages must wait, and what is behind them; all else may come. Who says yes calls `look` when that changes. */
  readonly isBusy: boolean
  /** A packet was refused by the link or by `packet`, and nothing behind it is read. The owner closes the link. */
  failed(error: unknown): void
}

/**
 * The bytes of one connection: packets in, answers out, and no more of either held than the limits allow. While there is no room for
 * events it is read up to the next message: who has nothing to say but that it is there is heard.
 */
export class Link {
  readonly #stream: Duplex
  readonly #owner: LinkOwner
  readonly #settings: LinkSettings
  readonly #cutter: PacketCutter
  readonly #sink: PacketSink
  /** When the last packet came, in the milliseconds of the clock. */
  heardAt: number
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>
  #rest: Buffer | undefined
  #hasBegun = false
  #isPaused = false
  #isTaking = false
  #waitsForRoom = false
  /** Whether messages may come with this read. */
  #takesMessages = false
  /** What is left of a read begins with a message that must wait. */
  #isHeldBack = false
  #withinSince: number | undefined
  #blockedSince: number | undefined
  #closingSince: number | undefined

  constructor(stream: Duplex, owner: LinkOwner, settings: LinkSettings) {
    this.#stream = stream
    this.#owner = owner
    this.#settings = settings
    this.#cutter = new PacketCutter(settings.maxPacketBytes, settings.context)
    this.#sink = {
      takes: (first) => this.#takes(first),
      packet: owner.packet.bind(owner),
    }
    this.heardAt = this.#now
    this.ended = stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve))
    // It ends the stream, which is all that there is to know; one that nobody listens for would end the process.
    stream.on('error', () => undefined)
    stream.on('end', () => this.close())
    stream.on('drain', () => {
      this.#blockedSince = undefined
      this.look()
    })
  }

  get isClosing(): boolean {
    return this.#closingSince !== undefined
  }

  /** The other side is listened to. */
  get isReading(): boolean {
    return !this.isClosing && !this.#isPaused
  }

  /** Is to be called once the owner is ready for packets. */
  start(): void {
    this.#stream.on('data', (bytes: Buffer) => this.#read(bytes))
  }

  send(bytes: Buffer): void {
    if (this.isClosing || this.#stream.write(bytes)) return
    this.#blockedSince ??= this.#now
  }

  /** Says these last words, reads what still comes without heeding it, and ends. */
  close(words?: Uint8Array): void {
    if (this.isClosing) return
    this.#closingSince = this.#now
    this.#cutter.close()
    this.#rest = undefined
    // To close over bytes that nobody has read resets the connection, which may take the last words away.
    this.#stream.resume()
    if (words) this.#stream.end(words)
    else this.#stream.end()
  }

  /** Reads on if that may be, and not otherwise. */
  look(): void {
    // Who is told of a promise within a read need not be: it is looked at behind it.
    if (this.#isTaking) return
    while (this.#mayRead()) {
      const rest = this.#rest
      if (!rest) return this.#resume()
      this.#rest = undefined
      this.#take(rest)
    }
    if (this.isClosing || this.#isPaused) return
    this.#isPaused = true
    this.#stream.pause()
  }

  /** Looks whether something takes too long; to be called now and then. */
  sweep(nowMs: number): void {
    const { stallMs } = this.#settings
    if (this.#closingSince !== undefined) {
      if (nowMs - this.#closingSince > farewellMs) this.#stream.destroy()
    } else if (nowMs - (this.#blockedSince ?? nowMs) > stallMs) {
      this.#owner.failed(new MqttRefusal('implementation_specific', `took nothing for ${stallMs} ms`))
      this.#stream.destroy()
    } else if (!this.#isPaused && nowMs - (this.#withinSince ?? nowMs) > stallMs) {
      this.#owner.failed(new MqttRefusal('implementation_specific', `a packet took more than ${stallMs} ms`))
    }
  }

  get #now(): number {
    return this.#settings.context.clock.monotonic()
  }

  #mayRead(): boolean {
    if (this.isClosing || this.#blockedSince !== undefined || !this.#owner.isReady) return false
    if (!this.#isHeldBack) return true
    if (this.#owner.isBusy) return false
    if (this.#settings.context.hasRoom) return true
    this.#waitForRoom()
    return false
  }

  #takes(first: number): boolean {
    this.#isHeldBack = !this.#takesMessages && (first & 0xf0) === packetTypes.publish
    return !this.#isHeldBack
  }

  #waitForRoom(): void {
    if (this.#waitsForRoom) return
    this.#waitsForRoom = true
    const hasRoom = (): void => {
      this.#waitsForRoom = false
      this.look()
    }
    void this.#settings.context.room().then(hasRoom)
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    // What was not listened to was not slow.
    this.heardAt = this.#now
    if (this.#withinSince !== undefined) this.#withinSince = this.#now
    this.#stream.resume()
  }

  #read(bytes: Buffer): void {
    if (this.isClosing) return
    if (this.#rest) this.#rest = Buffer.concat([this.#rest, bytes])
    else this.#take(bytes)
    this.look()
  }

  #take(bytes: Buffer): void {
    const { count } = this.#cutter
    this.#isTaking = true
    this.#isHeldBack = false
    this.#takesMessages = this.#settings.context.hasRoom && !this.#owner.isBusy
    const failure = this.#give(bytes)
    this.#isTaking = false
    if (failure === undefined) this.#heard(count)
    else this.#owner.failed(failure)
  }

  /** What went wrong, if anything did. */
  #give(bytes: Buffer): unknown {
    let failure: unknown
    try {
      if (!this.#hasBegun) this.#begin(bytes)
      const taken = this.#cutter.push(bytes, this.#sink)
      if (taken < bytes.length && !this.isClosing) this.#rest = bytes.subarray(taken)
    } catch (error) {
      failure = error
    }
    // What came before the packet that was refused was taken, and is answered.
    try {
      this.#owner.flush()
    } catch (error) {
      failure ??= error
    }
    return failure
  }

  #begin(bytes: Buffer): void {
    this.#hasBegun = true
    if (bytes[0] !== this.#settings.firstByte) throw malformed('MQTT')
  }

  #heard(before: number): void {
    const now = this.#now
    const isNew = this.#cutter.count !== before
    if (isNew) this.heardAt = now
    if (!this.#cutter.isWithin) this.#withinSince = undefined
    else if (isNew || this.#withinSince === undefined) this.#withinSince = now
  }
}
