import type { Clock } from '../base/clock.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { HttpLimits } from '../http/limits.js'
import { FixedAccount, type MemoryAccount } from '../http/memory-account.js'
import { routerOf } from '../http/router.js'
import { serveHttp } from '../http/serve-http.js'
import type { Stage } from '../http/stage.js'
import { Counters } from '../observe/counters.js'
import type { AgentStatus } from '../observe/status.js'
import type { Logger } from '../plugin/context.js'
import type { Latest } from '../plugin/latest.js'
import type { AdminSettings } from './admin-settings.js'
import { reloadRoute } from './fluent-bit/reload-route.js'
import { fluentBitRoutes } from './fluent-bit/routes.js'
import { guard } from './guard.js'
import { readiness } from './health.js'
import { healthRoutes } from './health-routes.js'
import { latestRoutes } from './latest-routes.js'
import { type LoopLag, LoopLagMeter } from './loop-lag.js'
import { metricsRoute } from './metrics-route.js'
import { type FailureCounts, failureTotals, RecentFailures, samplesPerPeriod } from './recent-failures.js'
import type { Reloads } from './reloads.js'
import { type TagRoutes, tagRoutes } from './tag-routes.js'
import { Tap, type Tapped } from './tap/tap.js'
import { tapStage } from './tap/tap-stage.js'
import { tokenTest } from './token.js'

export interface AdminParts {
  readonly status: () => AgentStatus
  /** The lanes of the log. */
  readonly lanes: readonly Tapped[]
  readonly latest: Latest
  readonly routes: TagRoutes
  /** Undefined where the configuration is no file that could be read again. */
  readonly reloads?: Reloads | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** Small ones: nobody sends a body, and few ask at once. */
const limits: HttpLimits = {
  headerBytes: 16_384,
  headerCount: 100,
  bodyBytes: 16_384,
  inflatedBytes: 16_384,
  headerMs: 10_000,
  requestMs: 10_000,
  idleMs: 60_000,
  connections: 64,
  connectionsPerAddress: 64,
  requestsPerConnection: 10_000,
  drainMs: 1000,
}

/** What the bodies of requests may hold together. */
const memoryBytes = 1024 * 1024

/** Serves until the signal is aborted. Throws an AgentError where it cannot listen, or its token cannot be read. */
export async function serveAdmin(settings: AdminSettings, parts: AdminParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts
  const counters = new Counters()
  const isToken = await tokenTest(settings.token)
  const areClientsKnown = settings.tls?.clientCertificate === 'require'
  const stages = [guard({ isToken, areClientsKnown }), ...(await tellingStages(settings, parts, counters))]
  await serveHttp(
    {
      listen: [settings.listen],
      tls: settings.tls,
      limits,
      stages: stages.map((stage) => ({ id: 'admin', stage })),
      listening: ([address = '']) => log.info('serves HTTP', { address }),
    },
    { clock, log, count: (name, amount = 1) => counters.add(name, amount), ...accountOf(memoryBytes) },
    signal,
  )
}

/** Requests are no events: they have a small budget of their own. */
function accountOf(bytes: number): MemoryAccount {
  const account = new FixedAccount(bytes)
  return { reserve: (wanted) => account.reserve(wanted), release: (held) => account.release(held) }
}

/** What there is to ask for, and what runs beside it so that there are answers. */
async function tellingStages(settings: AdminSettings, parts: AdminParts, counters: Counters): Promise<Stage[]> {
  const { status, clock, lanes } = parts
  const { health: bounds, failures } = settings
  const lag = await LoopLagMeter.start()
  const recentFailures = new RecentFailures(failures.periodMs)
  const tap = new Tap(lanes)
  const recent = (): FailureCounts => recentFailures.note(failureTotals(status()), clock.monotonic())
  const reload = reloadRoute(parts.reloads, settings.hotReload)
  const loopLag = (): LoopLag => lag.read()
  const view = () => {
    const now = status()
    return { status: now, loopLag: loopLag(), health: readiness(now, bounds), counters: counters.toJSON(), taps: tap }
  }
  const routes = {
    ...fluentBitRoutes({ status, clock, bounds: failures, recent, reload }),
    ...healthRoutes({ status, loopLag, bounds }),
    ...metricsRoute(view),
    ...latestRoutes(parts.latest),
    ...tagRoutes(parts.routes),
    'GET /ledger': (exchange: HttpExchange) => exchange.json(200, status().ledger),
  }
  const sampleMs = failures.periodMs / samplesPerPeriod
  return [
    { handle: routerOf(routes), run: (signal) => lag.run(clock, signal) },
    { ...tapStage({ tap, ...parts }), run: (signal) => repeat(recent, sampleMs, clock, signal) },
  ]
}

async function repeat(work: () => void, intervalMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (; !signal.aborted; await clock.sleep(intervalMs, signal)) work()
}
