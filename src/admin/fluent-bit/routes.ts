import { hostname } from 'node:os'

import type { Clock } from '../../base/clock.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { Handler, Routes } from '../../http/router.js'
import type { AgentStatus } from '../../observe/status.js'
import { prometheusText } from '../../http/exposition.js'
import type { FailureBounds, FailureCounts } from '../recent-failures.js'
import { metricsJson } from './metrics-json.js'
import { type FluentBitRun, metricsV1, metricsV2, metricsV2Text } from './metrics-text.js'
import { pluginsJson, rootJson, uptimeJson } from './service-json.js'
import { storageJson } from './storage-json.js'

export interface FluentBitParts {
  readonly status: () => AgentStatus
  readonly clock: Clock
  readonly bounds: FailureBounds
  /** What failed within the period that the bounds are for. */
  readonly recent: () => FailureCounts
  /** Answers who wants the configuration to be read again. */
  readonly reload: Handler
}

/** What Fluent Bit's users ask of port 2020, answered in its shapes. */
export function fluentBitRoutes({ status, clock, bounds, recent, reload }: FluentBitParts): Routes {
  const run = (): FluentBitRun => ({ hostname: hostname(), now: clock.wall() })
  const asJson = (value: () => unknown) => (exchange: HttpExchange) => json(exchange, 200, value())
  const asText = (text: () => string) => (exchange: HttpExchange) =>
    exchange.reply(200, text(), { 'content-type': prometheusText.contentType })
  const isWell = (): boolean => isWithin(recent(), bounds)
  return {
    'GET /': asJson(() => rootJson(status())),
    'GET /api/v1/uptime': asJson(() => uptimeJson(status())),
    'GET /api/v1/plugins': asJson(() => pluginsJson(status())),
    'GET /api/v1/metrics': asJson(() => metricsJson(status())),
    'GET /api/v1/metrics/prometheus': asText(() => metricsV1(status(), run())),
    'GET /api/v1/storage': asJson(() => storageJson(status())),
    'GET /api/v1/health': (exchange) => word(exchange, isWell()),
    'GET /api/v2/metrics': asText(() => metricsV2Text(status(), run())),
    'GET /api/v2/metrics/prometheus': asText(() => metricsV2(status(), run())),
    'GET /api/v2/health': (exchange) => json(exchange, isWell() ? 200 : 500, healthJson(recent(), bounds)),
    'GET /api/v2/reload': asJson(() => ({ hot_reload_count: status().reloads })),
    'POST /api/v2/reload': reload,
    'PUT /api/v2/reload': reload,
  }
}

/** Whether no more failed than the bounds bear. */
function isWithin({ errors, retryFailures }: FailureCounts, bounds: FailureBounds): boolean {
  return errors <= bounds.errors && retryFailures <= bounds.retryFailures
}

/** Of Fluent Bit, src/http_server/api/v2/health.c; the period is in seconds. */
function healthJson(recent: FailureCounts, bounds: FailureBounds): object {
  return {
    status: isWithin(recent, bounds) ? 'ok' : 'error',
    errors: recent.errors,
    retries_failed: recent.retryFailures,
    error_limit: bounds.errors,
    retry_failure_limit: bounds.retryFailures,
    period_limit: Math.round(bounds.periodMs / 1000),
  }
}

function word(exchange: HttpExchange, isWell: boolean): true {
  return exchange.reply(isWell ? 200 : 500, isWell ? 'ok\n' : 'error\n', { 'content-type': 'text/plain' })
}

/** In one line without an end, as Fluent Bit writes it. */
function json(exchange: HttpExchange, status: number, value: unknown): true {
  return exchange.reply(status, JSON.stringify(value), { 'content-type': 'application/json' })
}
