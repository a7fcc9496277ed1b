import type { Clock } from '../../base/clock.js'
import type { WillMessage } from '../wire/connect-packet.js'
import { MqttRefusal } from '../wire/mqtt-refusal.js'
import type { PacketMemory } from '../wire/packet-cutter.js'
import { Session, type SessionOwner } from './session.js'

export interface SessionsSettings {
  /** Sessions without a connection; the one that has been so for longest makes way. */
  readonly maxAbsent: number
  readonly memory: PacketMemory
  readonly clock: Pick<Clock, 'monotonic'>
  /** Called when the time of a will has come. */
  readonly publish: (will: WillMessage) => void
}

export interface OpenedSession {
  readonly session: Session
  /** It was there before. */
  readonly isPresent: boolean
}

/** The sessions of all clients by their identifiers, in memory. */
export class Sessions {
  readonly #settings: SessionsSettings
  readonly #present = new Map<string, Session>()
  /** Those without a connection, in the order in which they were left. */
  readonly #absent = new Map<string, Session>()

  constructor(settings: SessionsSettings) {
    this.#settings = settings
  }

  /** A client begins a connection; one that it has elsewhere ends. */
  open(clientId: string, clean: boolean, owner: SessionOwner): OpenedSession {
    this.#present.get(clientId)?.owner?.takenOver()
    const known = this.#absent.get(clientId)
    if (known && clean) this.#end(known)
    const isPresent = known !== undefined && !clean
    const session = isPresent ? known : new Session(clientId, this.#settings.memory)
    this.#absent.delete(clientId)
    this.#present.set(clientId, session)
    if (session.will) this.forget(session.will.message)
    session.will = undefined
    session.owner = owner
    return { session, isPresent }
  }

  /** Keeps a will until `leave` gets it or `forget` does. Throws an MqttRefusal where there is no room for it. */
  hold(will: WillMessage): void {
    if (!this.#settings.memory.reserve(bytesOf(will)))
      throw new MqttRefusal('quota_exceeded', 'no room for the will; come again later')
  }

  forget(will: WillMessage): void {
    this.#settings.memory.release(bytesOf(will))
  }

  /** The connection of a session is gone; the will is published now or after its delay, at the latest when the session ends. */
  leave(session: Session, will: WillMessage | undefined): void {
    const now = this.#settings.clock.monotonic()
    session.owner = undefined
    session.endsAtMs = now + session.lifetimeMs
    if (will) session.will = { message: will, atMs: now + will.delaySeconds * 1000 }
    this.#present.delete(session.clientId)
    this.#absent.set(session.clientId, session)
    this.#sweepOne(session, now)
    for (const oldest of this.#absent.values()) {
      if (this.#absent.size <= this.#settings.maxAbsent) break
      this.#end(oldest)
    }
  }

  /** Publishes wills and ends sessions whose time has come; to be called now and then. */
  sweep(nowMs: number): void {
    for (const session of this.#absent.values()) this.#sweepOne(session, nowMs)
  }

  #sweepOne(session: Session, nowMs: number): void {
    if (nowMs >= session.endsAtMs) this.#end(session)
    else if (nowMs >= (session.will?.atMs ?? Infinity)) this.#publishWill(session)
  }

  #end(session: Session): void {
    this.#absent.delete(session.clientId)
    this.#publishWill(session)
    session.unreleased.clear()
  }

  #publishWill(session: Session): void {
    const { will } = session
    session.will = undefined
    if (!will) return
    this.forget(will.message)
    this.#settings.publish(will.message)
  }
}

function bytesOf({ topic, payload }: WillMessage): number {
  return topic.length * 2 + payload.length
}
