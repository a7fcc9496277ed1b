import { type Clock, systemClock } from '../../base/clock.js'
import { EntryWriter } from '../../event/entry-writer.js'
import type { EventRecord } from '../../event/event.js'
import { type EventTime, toEventTime } from '../../event/event-time.js'
import type { Ack, InputContext, Logger, StateStore } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { Formats } from '../formats.js'
import type { Counts, News, Room, Run } from './messages.js'
import { noState } from './one-for-all.js'
import { WorkerKeys } from './worker-keys.js'
import { portLogger } from './worker-log.js'
import type { WorkerPort } from './worker-port.js'

/** So much may be held, or have been given back, before the agent is told for that alone: small bodies come and go within a turn. */
const untoldBytes = 64 * 1024

/**
 * The context of an input, or a server, that runs in a worker: what it is given within one turn of the event loop goes to the agent at
 * its end, all of it together, and what the agent has to say comes back.
 */
export class WorkerContext implements InputContext {
  readonly id: string
  readonly log: Logger
  readonly clock: Clock = systemClock
  readonly state: StateStore
  readonly keys: WorkerKeys
  readonly #port: WorkerPort
  readonly #formats: Pick<Formats, 'parser'>
  readonly #writer = new EntryWriter()
  readonly #acks = new Map<number, Ack>()
  readonly #counts = new Map<string, number>()
  readonly #drops = new Map<string, number>()
  readonly #endTurn = (): void => this.report()
  #runs: Run[] = []
  #firstRun = 0
  #heldBytes = 0
  #room: Room
  #isDue = false
  #waiting: (() => void)[] = []

  constructor(id: string, port: WorkerPort, room: Room, formats: Pick<Formats, 'parser'>) {
    this.id = id
    this.log = portLogger(port, id)
    this.state = noState(id)
    this.keys = new WorkerKeys(port)
    this.#port = port
    this.#formats = formats
    this.#room = room
  }

  emit(tag: string, record: EventRecord, time: EventTime = toEventTime(this.clock.wall()), ack?: Ack): boolean {
    const { size } = this.#writer
    this.#writer.writeEvent(time.seconds, time.nanoseconds, record)
    return this.#add(tag, this.#writer.size - size, 1, ack)
  }

  emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean {
    this.#writer.append(entries)
    return this.#add(tag, entries.length, count, ack)
  }

  get hasRoom(): boolean {
    return this.#room.hasRoom
  }

  room(): Promise<void> {
    return this.hasRoom ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Where there is none by what was heard last, the agent is asked again. */
  reserve(bytes: number): boolean {
    const { hasRoom, chargedBytes, freeBytes } = this.#room
    const isThere = hasRoom && this.#heldBytes + bytes <= chargedBytes + freeBytes
    if (isThere) this.#hold(bytes)
    else this.#changed()
    return isThere
  }

  release(bytes: number): void {
    this.#hold(-bytes)
  }

  drop(reason: string, count: number): void {
    add(this.#drops, reason, count)
    this.#changed()
  }

  count(name: string, amount = 1): void {
    add(this.#counts, name, amount)
    this.#changed()
  }

  parser(...asked: Parameters<InputContext['parser']>): ReturnType<InputContext['parser']> {
    return this.#formats.parser(...asked)
  }

  once(key: string, windowMs: number, take: () => Promise<void>): Promise<boolean> {
    return this.keys.once(key, windowMs, take)
  }

  /** What the agent tells. */
  hear({ kept, broken, room }: News): void {
    this.#room = room
    for (const run of kept) this.#settle(run)
    for (const [run, reason] of broken) this.#settle(run, new AgentError('ENGINE_WORKER_EVENTS', reason))
    if (room.hasRoom) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes
    if (Math.abs(this.#heldBytes - this.#room.chargedBytes) > untoldBytes) this.#changed()
  }

  #settle(run: number, error?: Error): void {
    const ack = this.#acks.get(run)
    this.#acks.delete(run)
    ack?.(error)
  }

  #add(tag: string, bytes: number, count: number, ack: Ack | undefined): boolean {
    if (ack) this.#acks.set(this.#firstRun + this.#runs.length, ack)
    this.#runs.push({ tag, bytes, count })
    this.#changed()
    return this.hasRoom
  }

  #changed(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(this.#endTurn)
  }

  /** Tells the agent what happened since the last time. */
  report(): void {
    this.#isDue = false
    const [runs, firstRun] = [this.#runs, this.#firstRun]
    this.#runs = []
    this.#firstRun += runs.length
    // Nobody has a buffer for nothing, so that it could be given away.
    const entries = this.#writer.size === 0 ? new Uint8Array() : this.#writer.take()
    const told = { counts: emptied(this.#counts), drops: emptied(this.#drops) }
    const turn = { entries, runs, firstRun, heldBytes: this.#heldBytes, ...told }
    this.#port.send({ kind: 'turn', turn }, [entries.buffer as ArrayBuffer])
  }
}

function add(counts: Map<string, number>, name: string, amount: number): void {
  counts.set(name, (counts.get(name) ?? 0) + amount)
}

function emptied(counts: Map<string, number>): Counts {
  const given = Object.fromEntries(counts)
  counts.clear()
  return given
}
