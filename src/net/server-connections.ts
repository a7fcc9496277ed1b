import type { OutputContext } from '../plugin/context.js'
import type { ConnectionOptions } from './connection-options.js'
import { type Connections, type Keepable, KeptConnections } from './kept-connections.js'
import { probeByConnecting, type ProbeOptions } from './probe.js'
import type { Server, ServerOf } from './server.js'
import { serversOf } from './servers-of.js'
import type { Target } from './target.js'
import { groupSettings, type UpstreamValues } from './upstream-options.js'
import { Upstream } from './upstream.js'

export interface ServerConnectionsSettings<S extends Server, C extends Keepable> {
  readonly upstream: Upstream<S>
  readonly connectionsTo: (server: S) => Connections<C>
}

/** Kept connections to each server of a group; where one server fails, another one is worked with. */
export class ServerConnections<S extends Server, C extends Keepable> implements Connections<C> {
  readonly #upstream: Upstream<S>
  readonly #connections: ReadonlyMap<S, Connections<C>>

  constructor({ upstream, connectionsTo }: ServerConnectionsSettings<S, C>) {
    this.#upstream = upstream
    this.#connections = new Map(upstream.servers.map((server) => [server, connectionsTo(server)]))
  }

  /** What logs call all of them. */
  get where(): string {
    return this.#upstream.where
  }

  get servers(): readonly S[] {
    return this.#upstream.servers
  }

  use<T>(signal: AbortSignal, work: (connection: C) => Promise<T>): Promise<T> {
    return this.#upstream.run(signal, (server) => (this.#connections.get(server) as Connections<C>).use(signal, work))
  }

  close(): void {
    this.#upstream.close()
    for (const connections of this.#connections.values()) connections.close()
  }
}

type Opened = UpstreamValues & ConnectionOptions & ProbeOptions

/** The connections that an output's options ask for, to one server or to several; `targetOf` says which the one is. */
export function serverConnections<O extends Opened, C extends Keepable>(
  options: O,
  context: OutputContext,
  targetOf: (options: O) => Target,
  open: (server: ServerOf<O>, signal: AbortSignal) => Promise<C>,
): ServerConnections<ServerOf<O>, C> {
  const servers = serversOf(options, targetOf)
  const upstream = new Upstream({ ...groupSettings(options), servers, probe: probeByConnecting }, context)
  const connectionsTo = (server: ServerOf<O>): Connections<C> =>
    new KeptConnections({
      open: (signal) => open(server, signal),
      keep: server.options['net.keepalive'],
      idleMs: server.options['net.keepalive_idle_timeout'],
      clock: context.clock,
    })
  return new ServerConnections({ upstream, connectionsTo })
}
