import type { Clock } from '../base/clock.js'
import type { CheckedLane, CheckedPipeline, ServiceSettings } from '../config/pipeline.js'
import { backfillLimit } from '../flush/backfill.js'
import type { FlushSettings } from '../flush/flusher.js'
import type { RetrySettings } from '../flush/retry.js'
import type { AppenderSettings } from '../log/appender.js'
import type { CursorSettings } from '../log/cursor.js'
import type { inputOptions, outputOptions } from '../plugin/common-options.js'
import type { InputDefinition } from '../plugin/define.js'
import type { InputLedger, Ledger } from '../observe/ledger.js'
import { AgentError } from '../plugin/errors.js'
import type { ValuesOf } from '../plugin/options.js'

type InputValues = ValuesOf<typeof inputOptions>
type OutputValues = ValuesOf<typeof outputOptions>

export function retrySettings(service: ServiceSettings): RetrySettings {
  return { baseMs: service['scheduler.base'], capMs: service['scheduler.cap'] }
}

/** How an output reads the log. Throws where it limits a backlog that it does not tell from what is new. */
export function cursorSettings(
  id: string,
  matches: CursorSettings['matches'],
  { order, max_age: maxAgeMs = Infinity, backfill_rate, backfill_per_day }: OutputValues,
  clock: Clock,
): CursorSettings {
  const isLimited = backfill_rate !== undefined || backfill_per_day !== undefined
  if (order === 'newest_first') {
    const rate = { perSecond: backfill_rate ?? Infinity, perDay: backfill_per_day ?? Infinity }
    return { id, matches, maxAgeMs, backfill: backfillLimit(rate, clock) }
  }
  if (!isLimited) return { id, matches, maxAgeMs }
  const option = backfill_rate === undefined ? 'backfill_per_day' : 'backfill_rate'
  throw new AgentError('FLUSH_NO_BACKFILL', `${option}: expected order newest_first beside it, got "${order}"`)
}

export function flushSettings(id: string, options: OutputValues, service: ServiceSettings): FlushSettings {
  return {
    id,
    maxBatchBytes: options.max_batch_bytes,
    maxBatchAgeMs: options.max_batch_age ?? service.flush,
    maxInFlight: options.max_in_flight,
    timeoutMs: options.flush_timeout,
    retryLimit: retryLimit(options.retry_limit),
    retry: retrySettings(service),
  }
}

/** How many retries a batch gets: the text of `retry_limit` was checked against its pattern. */
function retryLimit(text: string): number {
  if (text.toLowerCase() === 'no_retries') return 0
  return /^\d+$/.test(text) ? Number(text) : Infinity
}

export function appenderSettings(
  id: string,
  definition: Pick<InputDefinition, 'full' | 'fullWith' | 'ack'>,
  options: InputValues,
  lane: Pick<CheckedLane, 'mode' | 'full'>,
): AppenderSettings {
  const natural = definition.ack === 'stored' && lane.mode === 'memory' ? 'delivered' : definition.ack
  const full = definition.fullWith?.(options) ?? definition.full
  return { id, full: options.full ?? lane.full ?? full, ack: options.ack ?? natural ?? 'received' }
}

/** The id that chunks have whose events a filter made: no input's. */
export const filterInput = {
  nameOf: (filter: string): string => `filter/${filter}`,
  idOf: (name: string): string | undefined => (name.startsWith('filter/') ? name.slice(7) : undefined),
} as const

/** Where the events of chunks are accounted for that have this id for an input. */
export function ledgerOf(ledger: Ledger, input: string): InputLedger {
  const filter = filterInput.idOf(input)
  return filter === undefined ? ledger.input(input) : ledger.filter(filter)
}

/** Ids of outputs that take what waits though they are new. */
export function startOldestOf({ outputs }: Pick<CheckedPipeline, 'outputs'>): ReadonlySet<string> {
  return new Set(outputs.filter(({ options }) => options.start === 'oldest').map(({ id }) => id))
}
