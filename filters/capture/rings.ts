import { type Event, EntryWriter, readEvents } from 'sluice/plugin'
import { EventRing, type RingMemory } from './event-ring.js'

export interface RingsSettings {
  readonly ringBytes: number
  readonly maxRings: number
}

/** An event that was held, and which of all that came it is. */
interface Arrived {
  readonly event: Event
  readonly arrival: number
}

interface NamedRing {
  readonly tag: string
  readonly ring: EventRing
}

/** Counts what became of events that were held. */
export type Tell = (what: string, count: number) => void

/** All rings of a filter, by source, tag and key. */
export class Rings {
  readonly #settings: RingsSettings
  readonly #memory: RingMemory
  readonly #tell: Tell
  readonly #writer = new EntryWriter()
  readonly #bySource = new Map<string, Map<string, NamedRing>>()
  #count = 0
  #arrivals = 0

  constructor(settings: RingsSettings, memory: RingMemory, tell: Tell) {
    this.#settings = settings
    this.#memory = memory
    this.#tell = tell
  }

  /** Holds an event; what its ring has from before `since`, in microseconds, is forgotten. */
  hold(source: string, key: string, event: Event, since: number): void {
    const { ring } = this.#ring(source, key, event.tag)
    ring.usedAt = ++this.#arrivals
    this.#forgetBefore(ring, since)
    this.#writer.clear()
    this.#writer.writeEvent(event.time.seconds, event.time.nanoseconds, event.record)
    const pushedOut = ring.push(this.#writer.peek(), this.#arrivals)
    if (pushedOut === undefined) this.#tell('not_held', 1)
    else if (pushedOut > 0) this.#tell('pushed_out', pushedOut)
  }

  /** Gives out what a source's rings have of a span of time, in the order in which it came; what is older is forgotten. */
  release(source: string, start: number, end: number): Event[] {
    const rings = [...(this.#bySource.get(source)?.values() ?? [])]
    const released = rings.flatMap((named) => this.#drain(named, start, end))
    return released.sort((a, b) => a.arrival - b.arrival).map(({ event }) => event)
  }

  /** Forgets all that a source has. */
  forget(source: string): void {
    for (const key of this.#bySource.get(source)?.keys() ?? []) this.#close(source, key)
  }

  #drain({ tag, ring }: NamedRing, start: number, end: number): readonly Arrived[] {
    this.#forgetBefore(ring, start)
    const arrivals: number[] = []
    const later: [entry: Uint8Array, arrival: number][] = []
    this.#writer.clear()
    for (let entry = ring.first(); entry; entry = ring.first()) {
      const { firstMicros: micros, firstArrival: arrival } = ring
      if (micros > end) later.push([Buffer.from(entry), arrival])
      else if (micros < start) this.#tell('expired', 1)
      else {
        this.#writer.append(entry)
        arrivals.push(arrival)
      }
      ring.shift()
    }
    for (const [entry, arrival] of later) ring.push(entry, arrival)
    const events = readEvents({ tag, entries: this.#writer.peek(), count: arrivals.length })
    return Array.from(events, (event, index) => ({ event, arrival: arrivals[index] ?? 0 }))
  }

  #forgetBefore(ring: EventRing, since: number): void {
    let expired = 0
    for (; ring.count > 0 && ring.firstMicros < since; expired++) ring.shift()
    if (expired > 0) this.#tell('expired', expired)
  }

  #ring(source: string, key: string, tag: string): NamedRing {
    const rings = this.#bySource.get(source) ?? new Map<string, NamedRing>()
    const name = key === '' ? tag : `${tag} ${key}`
    const known = rings.get(name)
    if (known) return known
    if (this.#count >= this.#settings.maxRings) this.#closeOldest()
    const named = { tag, ring: new EventRing(this.#settings.ringBytes, this.#memory) }
    this.#count++
    this.#bySource.set(source, rings.set(name, named))
    return named
  }

  #closeOldest(): void {
    let oldest: readonly [source: string, key: string, usedAt: number] | undefined
    for (const [source, rings] of this.#bySource) {
      for (const [key, { ring }] of rings) {
        if (!oldest || ring.usedAt < oldest[2]) oldest = [source, key, ring.usedAt]
      }
    }
    if (oldest) this.#close(oldest[0], oldest[1])
  }

  #close(source: string, key: string): void {
    const rings = this.#bySource.get(source)
    const named = rings?.get(key)
    if (!rings || !named) return
    if (named.ring.count > 0) this.#tell('ring_closed', named.ring.count)
    named.ring.close()
    rings.delete(key)
    if (rings.size === 0) this.#bySource.delete(source)
    this.#count--
  }
}
