import type { HttpExchange } from '../http/http-exchange.js'
import type { Routes } from '../http/router.js'
import type { AgentStatus } from '../observe/status.js'
import { type Health, type HealthBounds, liveness, readiness } from './health.js'
import type { LoopLag } from './loop-lag.js'

export interface HealthParts {
  readonly status: () => AgentStatus
  readonly loopLag: () => LoopLag
  readonly bounds: HealthBounds
}

/** For supervisors: 200 or 503, and why. */
export function healthRoutes({ status, loopLag, bounds }: HealthParts): Routes {
  return {
    'GET /health/live': (exchange) => answer(exchange, liveness(loopLag(), bounds)),
    'GET /health/ready': (exchange) => answer(exchange, readiness(status(), bounds)),
  }
}

function answer(exchange: HttpExchange, { good, checks }: Health): true {
  return exchange.json(good ? 200 : 503, { status: good ? 'good' : 'bad', checks }, { 'cache-control': 'no-store' })
}
