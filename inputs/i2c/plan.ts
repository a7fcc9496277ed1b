import type { EventRecord } from 'sluice/plugin'

/** One reading: bytes that are written first, a pause, then bytes of a register, or what the device has to say. */
export interface Reading {
  readonly write?: Uint8Array | undefined
  readonly delayMs?: number | undefined
  readonly at?: number | undefined
  readonly length: number
}

/** How a device is read, whatever it is. */
export interface Plan {
  /** Bytes that make it measure. */
  readonly init: readonly Uint8Array[]
  /** Milliseconds until the first values are there. */
  readonly settleMs: number
  /** What is read once, after the start, such as constants of the factory. */
  readonly once: readonly Reading[]
  readonly readings: readonly Reading[]
  /** Given what was read once, makes a record of the answers to `readings`; throws an AgentError where they make no sense. */
  decoder(once: readonly Uint8Array[]): (answers: readonly Uint8Array[]) => EventRecord
}
