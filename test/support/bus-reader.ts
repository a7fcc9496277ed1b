import { systemClock } from '../../src/base/clock.js'
import type { BusState, CanSource } from '../../src/can-bus/index.js'
import type { CanFrame } from '../../src/can/frame.js'
import { RecordingLogger } from './plugin-context.js'

const longestWaitMs = 30_000

type CountingContext = ReturnType<typeof countingContext>

/** A context of a plugin that keeps its counters. */
function countingContext() {
  const counts: { [name: string]: number } = {}
  const count = (name: string, amount = 1): void => void (counts[name] = (counts[name] ?? 0) + amount)
  return { clock: systemClock, log: new RecordingLogger(), count, counts }
}

/** Reads a bus all the time and keeps what came, each frame in the form of can-utils' logs. */
export class BusReader<Source extends CanSource> {
  readonly lines: string[] = []
  readonly stamps: number[] = []
  readonly states: BusState[] = []
  readonly context = countingContext()
  readonly bus: Source
  frames = 0
  reads = 0
  sent = 0
  readonly #stop = new AbortController()
  #ended: Promise<void> | undefined

  constructor(make: (context: CountingContext, onState: (state: BusState) => void) => Source) {
    this.bus = make(this.context, (state) => void this.states.push(state))
  }

  start(): this {
    this.#ended = readAll(
      this.bus,
      this.#stop.signal,
      (frame, bus) => this.#take(frame, bus),
      () => this.reads++,
    )
    return this
  }

  get lost(): number {
    return this.context.counts['lost_frames'] ?? 0
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#ended
    this.bus.close()
  }

  #take(frame: CanFrame, bus: string): void {
    this.frames++
    if (frame.sent) this.sent++
    this.lines.push(`${bus} ${frameText(frame)}`)
    this.stamps.push(frame.seconds * 1e6 + Math.floor(frame.nanoseconds / 1000))
  }
}

async function readAll(
  source: CanSource,
  signal: AbortSignal,
  take: (frame: CanFrame, bus: string) => void,
  read: () => void,
): Promise<void> {
  while (await source.next(take, signal)) read()
}

/** Waits until something holds; throws when it does not for long. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + longestWaitMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${longestWaitMs} ms: ${what}`)
    await systemClock.sleep(10)
  }
}

/** A frame as `candump -L` writes it (can-utils, lib.h). */
export function frameText({ id, extended, error, fd, remote, dlc, length, data, ...flags }: CanFrame): string {
  const word = error ? (id | 0x2000_0000) >>> 0 : id
  const name = word
    .toString(16)
    .toUpperCase()
    .padStart(extended || error ? 8 : 3, '0')
  const bytes = Buffer.from(data.subarray(0, length)).toString('hex').toUpperCase()
  if (remote) return `${name}#R${length > 0 ? length : ''}`
  if (fd) return `${name}##${(flags.bitRateSwitch ? 1 : 0) | (flags.errorState ? 2 : 0)}${bytes}`
  return `${name}#${bytes}${dlc > 8 ? `_${dlc.toString(16).toUpperCase()}` : ''}`
}
