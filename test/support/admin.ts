import type { TestContext } from 'node:test'

import { type AdminSettings, readAdminSettings } from '../../src/admin/admin-settings.js'
import { serveAdmin } from '../../src/admin/serve-admin.js'
import type { Reloads } from '../../src/admin/reloads.js'
import type { Tapped } from '../../src/admin/tap/tap.js'
import type { Clock } from '../../src/base/clock.js'
import { adminOptions } from '../../src/config/admin-options.js'
import { LatestStore } from '../../src/engine/latest-store.js'
import type { AgentStatus } from '../../src/observe/status.js'
import type { Latest } from '../../src/plugin/latest.js'
import { FakeClock } from './fake-clock.js'
import { valuesOf } from './options.js'
import { RecordingLogger } from './plugin-context.js'
import { agentStatus } from './status.js'

interface GivenAdmin {
  readonly status?: () => AgentStatus
  readonly lanes?: readonly Tapped[]
  readonly clock?: Clock
  readonly latest?: Latest
  readonly reloads?: Reloads
  /** Settings of the service, besides a port. */
  readonly service?: { readonly [option: string]: unknown }
}

/** The settings that a service with these options gives. */
export function adminSettingsOf(service: GivenAdmin['service'] = {}): AdminSettings {
  return readAdminSettings(valuesOf(adminOptions, { http_port: 0, ...service }))
}

/** The admin server on a free port of loopback, until the test ends. Answers its address, such as `127.0.0.1:49152`. */
export async function startAdmin(t: TestContext, given: GivenAdmin = {}): Promise<string> {
  const log = new RecordingLogger()
  const stop = new AbortController()
  const { status = agentStatus, lanes = [], clock = new FakeClock(), reloads } = given
  const { latest = new LatestStore(clock) } = given
  const routes = { inputs: {}, takersOf: () => ({ filters: [], outputs: [] }) }
  const parts = { status: () => status(), lanes, latest, routes, clock, log, reloads }
  const ended = serveAdmin(adminSettingsOf(given.service), parts, stop.signal)
  t.after(() => {
    stop.abort()
    return ended.catch(() => undefined) // whoever started it was told
  })
  const line = await Promise.race([log.line('serves HTTP'), ended.then(() => undefined)])
  return String(line?.fields?.['address'])
}

/** The status and the body of an answer. */
export async function asked(url: string, init?: RequestInit): Promise<readonly [status: number, body: string]> {
  const answer = await fetch(url, init)
  return [answer.status, await answer.text()]
}
