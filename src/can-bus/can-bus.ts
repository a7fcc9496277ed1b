import type { CanFrame } from '../can/frame.js'

/** Takes a frame, which is lent for the call, and the name of the bus that it was on. */
export type TakeFrame = (frame: CanFrame, bus: string) => void

/**
 * Frames of one bus, or of several. A bus that is absent, or goes away, is waited for: that is no end and no error. What is lost on the
 * way is counted as `lost_frames`.
 */
export interface CanSource {
  /**
   * Waits for frames and gives all that are at hand. False at the end: there will be no more, or the signal was aborted and nothing is at
   * hand. One call at a time.
   */
  next(take: TakeFrame, signal: AbortSignal): Promise<boolean>
  /** Frees what it holds; harmless when that is done. */
  close(): void
}

export interface CanBus extends CanSource {
  /** Sends a frame as soon as there is room for it. Throws an AgentError `CAN_BUS_…` where the bus is not there, or takes none. */
  send(frame: CanFrame): Promise<void>
}

/**
 * How a bus is: `absent` (there is no such interface), `down` (it is not switched on), `active`, `warning` and `passive` (the states of
 * the controller by its error counters, ISO 11898-1:2015, 12.1.4: below 96, from 96, from 128 on), `bus_off` (it takes no part any more).
 */
export type BusState = 'absent' | 'down' | 'active' | 'warning' | 'passive' | 'bus_off'

/** Lets frames pass whose identifier is, or with `inverted` is not, `id` in the bits of `mask`, and which are `extended` or not. */
export interface CanFilter {
  readonly id: number
  readonly mask: number
  readonly extended: boolean
  readonly inverted?: boolean
}
