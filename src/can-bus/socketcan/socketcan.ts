import { emptyFrame } from '../../can/frame.js'
import type { CanFrame } from '../../can/frame.js'
import { type Libc, LibcError, loadLibc } from '../../libc/index.js'
import type { PluginContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { BusState, CanBus, CanFilter, TakeFrame } from '../can-bus.js'
import { stateOf } from '../error-words.js'
import { type Link, readLink } from './link.js'
import { RawSocket } from './raw-socket.js'

export interface SocketCanSettings {
  /** Such as `can0`. */
  readonly interface: string
  /** The kernel keeps back what none of these lets pass, at most 512; without any, all is taken. */
  readonly filters?: readonly CanFilter[]
  /** Error frames too; without them nobody hears of the states `warning`, `passive` and `bus_off`. True unless said. */
  readonly errors?: boolean
  /** Also what is sent here by `send`, once it was on the bus. */
  readonly own?: boolean
  /** After frames were given, the next ones may gather for so long: one read then takes many. 0 reads as soon as one is there. */
  readonly restMs?: number
  /** Bytes that may wait in the kernel, where the system allows it. */
  readonly receiveBufferBytes?: number
  /** Told once for each change, the first one included. */
  readonly onState?: (state: BusState) => void
}

/** A frame on a bus of 1 Mbit/s takes 50 µs at least: so 100 of them gather at most. */
const usualRestMs = 5

/** The kernel counts about 800 bytes for a frame: five thousand frames, which are 300 ms of a bus that is full. */
const usualBufferBytes = 2 ** 22

/** What waits in the kernel at the end is given too, unless frames keep coming as fast as they are read: of 1024 each. */
const mostLastReads = 8

/** The kernel tells a socket when its interface goes, not when it comes: so it is looked for. */
const lookMs = 500

/** What a call fails with while the interface is down, and once it is gone (can.rst, raw_notify in net/can/raw.c). */
const downReason = 'ENETDOWN'
const goneReasons: readonly string[] = ['ENODEV', 'ENXIO', 'EBADF']

/** The queue of an interface is full: it has room again as soon as the bus takes a frame. */
const fullReason = 'ENOBUFS'
const sendRetryMs = 2
const longestSendMs = 1000

/**
 * A CAN interface of the kernel. It may be absent, down, removed and back: it is waited for, and the state told. Frames have the
 * kernel's time of reception. Reading takes all that waits by one call, between two rests; nothing waits in a thread.
 */
export class SocketCan implements CanBus {
  readonly #settings: SocketCanSettings
  readonly #context: Pick<PluginContext, 'clock' | 'count' | 'log'>
  readonly #frame = emptyFrame()
  readonly #restMs: number
  #libc: Libc | undefined
  #socket: RawSocket | undefined
  #state: BusState | undefined
  #gave = false
  #readsLeft = mostLastReads
  #take: TakeFrame = () => undefined
  readonly #taken: TakeFrame = (frame, bus) => this.#given(frame, bus)

  constructor(settings: SocketCanSettings, context: Pick<PluginContext, 'clock' | 'count' | 'log'>) {
    this.#settings = settings
    this.#context = context
    this.#restMs = settings.restMs ?? usualRestMs
  }

  async next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    this.#libc ??= await loadLibc()
    this.#take = take
    if (this.#gave && this.#restMs > 0) await this.#context.clock.sleep(this.#restMs, signal)
    while (!signal.aborted) {
      if (this.#receive()) return true
      await this.#wait(signal)
    }
    return this.#socket !== undefined && this.#readsLeft-- > 0 && this.#receive()
  }

  async send(frame: CanFrame): Promise<void> {
    this.#libc ??= await loadLibc()
    const { clock } = this.#context
    const until = clock.monotonic() + longestSendMs
    while (!this.#trySend(frame)) {
      if (clock.monotonic() > until) throw new AgentError('CAN_BUS_FULL', `${this.#name}: the bus takes no frames`)
      await clock.sleep(sendRetryMs)
    }
  }

  close(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  get #name(): string {
    return this.#settings.interface
  }

  /** Whether there were frames. */
  #receive(): boolean {
    this.#gave = false
    this.#whileThere(() => this.#opened()?.receive(this.#frame, this.#taken, this.#name))
    const lost = this.#socket?.takeLost() ?? 0
    if (lost > 0) this.#context.count('lost_frames', lost)
    return this.#gave
  }

  #given(frame: CanFrame, bus: string): void {
    const state = frame.error ? stateOf(frame) : undefined
    if (state) this.#become(state)
    this.#gave = true
    this.#take(frame, bus)
  }

  /** Until a frame waits, or the interface may be there again. */
  async #wait(signal: AbortSignal): Promise<void> {
    if (this.#socket && this.#state !== 'down') return this.#socket.readable(signal)
    await this.#context.clock.sleep(lookMs, signal)
    if (this.#state === 'down') this.#look()
  }

  #trySend(frame: CanFrame): boolean {
    try {
      const socket = this.#opened()
      if (!socket) throw new AgentError('CAN_BUS_ABSENT', `${this.#name}: there is no such CAN interface`)
      socket.send(frame)
      return true
    } catch (error) {
      if (!(error instanceof LibcError)) throw error
      if (error.reason === fullReason || error.reason === 'EAGAIN') return false
      this.#lose(error)
      throw new AgentError('CAN_BUS_SEND', `${this.#name}: ${error.message}${hintOf(error)}`, { cause: error })
    }
  }

  /** The socket, made where it is not and the interface is there. */
  #opened(): RawSocket | undefined {
    if (this.#socket || !this.#libc) return this.#socket
    const link = this.#look()
    if (!link) return undefined
    const { filters = [], errors = true, own = false, receiveBufferBytes = usualBufferBytes } = this.#settings
    this.#socket = new RawSocket(this.#libc, link.index, { filters, errors, own, receiveBufferBytes })
    return this.#socket
  }

  #look(): Link | undefined {
    const link = readLink(this.#name)
    if (!link) this.#become('absent')
    else if (!link.up) this.#become('down')
    else if (this.#state === undefined || this.#state === 'absent' || this.#state === 'down') this.#become('active')
    return link
  }

  /** Does what ends early where the interface is down or gone. */
  #whileThere(call: () => void): void {
    try {
      call()
    } catch (error) {
      if (!(error instanceof LibcError) || !this.#lose(error)) throw error
    }
  }

  /** Takes note that the interface is down or gone; false where an error says neither. */
  #lose({ reason }: LibcError): boolean {
    if (reason === downReason) this.#become('down')
    else if (!goneReasons.includes(reason)) return false
    else {
      this.close()
      this.#become('absent')
    }
    return true
  }

  #become(state: BusState): void {
    if (state === this.#state) return
    this.#state = state
    this.#context.log[state === 'active' ? 'info' : 'warn']('bus state', { bus: this.#name, state })
    this.#settings.onState?.(state)
  }
}

function hintOf({ reason }: LibcError): string {
  return reason === 'EINVAL' ? '; a frame of CAN FD needs an interface that is set up for it' : ''
}
