import type { Cancel } from '../base/clock.js'
import type { PluginContext } from '../plugin/context.js'
import { type Balance, chooser, type Choose } from './balance.js'
import { Member } from './member.js'
import type { Server } from './server.js'

export interface GroupSettings<S extends Server> {
  /** In the order of the configuration; one at least. */
  readonly servers: readonly S[]
  readonly balance: Balance
  /** Failures in a row after which a server is offline. */
  readonly maxFailures: number
  /** Between two tries whether a server that is offline can be connected to. */
  readonly probeMs: number
  /** Resolves when it can be. */
  readonly probe: (server: S, signal: AbortSignal) => Promise<void>
}

/** A server that can be connected to but fails at its work is left alone for longer each time, up to this. */
const longestWaitMs = 300_000

/** Probes of a fleet whose server came back do not come in step: each wait is this much shorter or longer, at most. */
const spread = 0.25

/**
 * Several servers for one purpose: which of them is next, and which are passed over because they failed. One that is offline is
 * probed until it can be connected to, and is then one of those that are chosen from; no timer runs while all are well. Logs
 * changes only.
 */
export class ServerGroup<S extends Server> {
  readonly #settings: GroupSettings<S>
  readonly #context: PluginContext
  readonly #random: () => number
  readonly #members: readonly Member<S>[]
  readonly #choose: Choose<Member<S>>
  /** The one that failed last is the last of them. */
  readonly #offline = new Set<Member<S>>()
  /** Timers and probes under way. */
  readonly #probes = new Map<Member<S>, Cancel>()
  #isClosed = false

  constructor(settings: GroupSettings<S>, context: PluginContext, random: () => number = Math.random) {
    this.#settings = settings
    this.#context = context
    this.#random = random
    this.#members = settings.servers.map((server) => new Member(server))
    this.#choose = chooser(settings.balance)
  }

  /**
   * One that was not tried: an online one, else an online one that stands by. Where all are offline one is tried all the same, so
   * that nobody is refused without a try. Undefined when that is done. `key` is what `source_hash` goes by.
   */
  next(tried: ReadonlySet<Member<S>>, key = ''): Member<S> | undefined {
    const online = this.#members.filter((member) => member.isOnline && !tried.has(member))
    const preferred = online.filter(({ server }) => !server.isStandby)
    const candidates = preferred.length > 0 ? preferred : online
    if (candidates.length > 0) return this.#choose(candidates, key)
    const [longestOffline] = this.#offline
    return tried.size === 0 ? longestOffline : undefined
  }

  /** It did what was asked, be it to say no. */
  succeeded(member: Member<S>): void {
    if (member.succeeded()) this.#isBack(member)
  }

  failed(member: Member<S>, reason: string): void {
    this.#context.count('failed_attempts')
    const wentOffline = member.failed(this.#settings.maxFailures)
    if (member.isOnline) return
    this.#offline.delete(member)
    this.#offline.add(member)
    if (!wentOffline) return
    // Which one stands in the message: the log holds back what it has just said.
    this.#context.log.warn(`server ${member.where} is offline`, { reason })
    this.#probeLater(member, this.#waitMs(member))
  }

  /** Ends every probe. What fails later is not probed any more. */
  close(): void {
    for (const cancel of this.#probes.values()) cancel()
    this.#probes.clear()
    this.#isClosed = true
  }

  #waitMs({ relapses }: Member<S>): number {
    const { probeMs } = this.#settings
    return Math.max(probeMs, Math.min(longestWaitMs, probeMs * 2 ** Math.min(relapses, 32)))
  }

  /** A single server is asked anyway: there is nothing to find out beforehand. */
  #probeLater(member: Member<S>, waitMs: number): void {
    if (this.#isClosed || this.#members.length === 1) return
    const spreadMs = waitMs * (1 + spread * (2 * this.#random() - 1))
    this.#probes.set(
      member,
      this.#context.clock.after(spreadMs, () => void this.#probe(member)),
    )
  }

  async #probe(member: Member<S>): Promise<void> {
    const stop = new AbortController()
    this.#probes.set(member, () => stop.abort())
    try {
      await this.#settings.probe(member.server, stop.signal)
    } catch {
      // That it is offline still is no news.
      if (!stop.signal.aborted) this.#probeLater(member, this.#settings.probeMs)
      return
    }
    if (!stop.signal.aborted && member.answeredProbe()) this.#isBack(member)
  }

  #isBack(member: Member<S>): void {
    this.#offline.delete(member)
    this.#probes.get(member)?.()
    this.#probes.delete(member)
    this.#context.log.info(`server ${member.where} is back`)
  }
}
