import type { AdminSettings, AdminValues } from '../admin/admin-settings.js'
import type { TagRoutes } from '../admin/tag-routes.js'
import type { Reloads } from '../admin/reloads.js'
import type { Clock } from '../base/clock.js'
import type { RetrySettings } from '../flush/retry.js'
import type { Log } from '../observe/log.js'
import { loggerOf } from './contexts.js'
import { runInput } from './input-runner.js'
import type { Pipeline } from './pipeline.js'
import type { StatusSource } from './status.js'

/** The service, for whoever makes instances, where it has an HTTP server. */
export function adminInstances(service: AdminValues & { readonly http_server: boolean }) {
  return service.http_server ? [{ id: 'service', service }] : []
}

/** Throws an AgentError for what the server must not be told. */
export async function adminSettings({ service }: { readonly service: AdminValues }): Promise<AdminSettings> {
  const { readAdminSettings } = await import('../admin/admin-settings.js')
  return readAdminSettings(service)
}

interface AdminParts {
  readonly status: StatusSource
  readonly routes: TagRoutes
  readonly clock: Clock
  readonly log: Log
  /** Back-off of a server that cannot listen: no reason to stop delivering. */
  readonly retry: RetrySettings
  readonly reloads?: Reloads | undefined
  /** Called each time it cannot serve. */
  readonly failed?: ((error: unknown) => void) | undefined
}

/** The HTTP server that tells of an agent, which nothing of is loaded before it starts; undefined where there is none. */
export function adminOf({ admin, lanes, latest }: Pipeline, parts: AdminParts): Admin | undefined {
  if (!admin) return undefined
  const { status, routes, clock, retry, reloads, failed } = parts
  const log = loggerOf(parts.log, 'admin')
  const input = {
    async run(signal: AbortSignal): Promise<void> {
      const { serveAdmin } = await import('../admin/serve-admin.js')
      const tapped = lanes.all.map(({ lane }) => lane)
      const told = { status: () => status.read(), lanes: tapped, latest, routes, reloads }
      await serveAdmin(admin, { ...told, clock, log }, signal)
    },
  }
  return new Admin((signal) => runInput({ input, log, clock, retry, failed }, signal))
}

export class Admin {
  readonly #run: (signal: AbortSignal) => Promise<void>
  readonly #stop = new AbortController()
  #ended = Promise.resolve()

  constructor(run: (signal: AbortSignal) => Promise<void>) {
    this.#run = run
  }

  start(): void {
    this.#ended = this.#run(this.#stop.signal)
  }

  /** Resolves once it serves nobody any more. */
  stop(): Promise<void> {
    this.#stop.abort()
    return this.#ended
  }
}
