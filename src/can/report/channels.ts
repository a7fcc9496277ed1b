import type { SignalDecoders } from '../decode/decoders.js'
import type { CanFrame } from '../frame.js'
import { type Channel, channelOf } from './channel.js'
import type { FramePattern } from './frame-pattern.js'
import type { ThinningRules } from './thinning.js'

/** More than any vehicle has; a bus of noise must not fill the memory. */
const mostChannels = 10_000

export interface ChannelSettings {
  readonly isSelected: FramePattern
  readonly thinning: ThinningRules
  readonly apart: boolean
  /** Undefined for a bus without DBC files. */
  decodersOf(bus: string): SignalDecoders | undefined
}

/** The channels of all frames that came so far. Where there are too many, all are forgotten, with what was told of them. */
export class Channels {
  readonly #settings: ChannelSettings
  readonly #ofBuses = new Map<string, Map<number, Channel>>()
  #lastBus = ''
  #ofLastBus = new Map<number, Channel>()
  #size = 0
  /** How often all were forgotten. */
  forgotten = 0

  constructor(settings: ChannelSettings) {
    this.#settings = settings
    this.#ofBuses.set(this.#lastBus, this.#ofLastBus)
  }

  of(frame: CanFrame, bus: string): Channel {
    if (bus !== this.#lastBus) this.#turnTo(bus)
    const key = keyOf(frame)
    return this.#ofLastBus.get(key) ?? this.#add(frame, bus, key)
  }

  #turnTo(bus: string): void {
    const known = this.#ofBuses.get(bus) ?? new Map<number, Channel>()
    this.#ofBuses.set(bus, known)
    this.#ofLastBus = known
    this.#lastBus = bus
  }

  #add(frame: CanFrame, bus: string, key: number): Channel {
    if (this.#size >= mostChannels) this.#forget(bus)
    const { isSelected, thinning, apart } = this.#settings
    const decoder = this.#settings.decodersOf(bus)?.find(frame)
    const identity = { bus, id: frame.id, extended: frame.extended, message: decoder?.message.name }
    const channel = channelOf({ identity, decoder, thinning, apart, isSelected: isSelected(identity) })
    this.#ofLastBus.set(key, channel)
    this.#size++
    return channel
  }

  #forget(bus: string): void {
    this.forgotten++
    this.#size = 0
    this.#ofBuses.clear()
    this.#turnTo(bus)
  }
}

/** A number for each identifier; remote requests and error frames of the same bits are others. */
function keyOf({ id, extended, remote, error }: CanFrame): number {
  return id + (extended ? 2 ** 29 : 0) + (remote ? 2 ** 30 : 0) + (error ? 2 ** 31 : 0)
}
