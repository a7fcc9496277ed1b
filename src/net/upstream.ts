import type { PluginContext } from '../plugin/context.js'
import { AgentError, messageOf, PartialError, PermanentError, RetryLater } from '../plugin/errors.js'
import type { Member } from './member.js'
import type { Server } from './server.js'
import { type GroupSettings, ServerGroup } from './server-group.js'

/**
 * Where an output sends to: one server, or several of which another one takes over when one fails. A single server is not
 * watched: the engine knows how its flushes fare.
 */
export class Upstream<S extends Server> {
  /** In the order of the configuration. */
  readonly servers: readonly S[]
  readonly #group: ServerGroup<S>
  readonly #context: PluginContext

  constructor(settings: GroupSettings<S>, context: PluginContext) {
    this.servers = settings.servers
    this.#group = new ServerGroup(settings, context)
    this.#context = context
  }

  /** All of them, for `Output.destination`. */
  get where(): string {
    return this.servers.map(({ where }) => where).join(', ')
  }

  /**
   * Has one server do the work, and the next one where it fails, until one of them did it or all that are online were tried;
   * then it throws the last error. PermanentError, PartialError and RetryLater are what a server answers, and are thrown as they
   * are, as everything is once the signal is aborted.
   */
  async run<T>(signal: AbortSignal, work: (server: S) => Promise<T>): Promise<T> {
    const [only, ...others] = this.servers
    if (only && others.length === 0) return work(only)
    const tried = new Set<Member<S>>()
    let failure: unknown
    for (let member = this.#group.next(tried); member; member = this.#group.next(tried)) {
      if (tried.size > 0) this.#context.count('failovers')
      tried.add(member)
      const outcome = await this.#attempt(member, signal, work)
      if ('result' in outcome) return outcome.result
      failure = outcome.failure
    }
    throw failure
  }

  /** Ends every probe. Connections are the caller's. */
  close(): void {
    this.#group.close()
  }

  async #attempt<T>(
    member: Member<S>,
    signal: AbortSignal,
    work: (server: S) => Promise<T>,
  ): Promise<{ readonly result: T } | { readonly failure: unknown }> {
    member.active++
    try {
      const result = await work(member.server)
      this.#group.succeeded(member)
      return { result }
    } catch (error) {
      if (isAnswer(error)) this.#group.succeeded(member)
      else if (!isStopped(signal)) this.#group.failed(member, messageOf(error))
      if (isAnswer(error) || signal.aborted) throw error
      return { failure: error }
    } finally {
      member.active--
    }
  }
}

function isAnswer(error: unknown): boolean {
  return error instanceof PermanentError || error instanceof PartialError || error instanceof RetryLater
}

/** Whoever stops says nothing about the server; a flush whose time ran out (`flush_timeout`) does. */
function isStopped({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof AgentError && reason.code === 'FLUSH_TIMEOUT')
}
