import type { CheckedLane, ServiceSettings } from '../config/pipeline.js'
import type { FlushSettings } from '../flush/flusher.js'
import type { RetrySettings } from '../flush/retry.js'
import type { AppenderSettings } from '../log/appender.js'
import type { inputOptions, outputOptions } from '../plugin/common-options.js'
import type { InputDefinition } from '../plugin/define.js'
import type { ValuesOf } from '../plugin/options.js'

type InputValues = ValuesOf<typeof inputOptions>
type OutputValues = ValuesOf<typeof outputOptions>

export function retrySettings(service: ServiceSettings): RetrySettings {
  return { baseMs: service['scheduler.base'], capMs: service['scheduler.cap'] }
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
  definition: Pick<InputDefinition, 'full' | 'ack'>,
  options: InputValues,
  lane: Pick<CheckedLane, 'mode' | 'full'>,
): AppenderSettings {
  const natural = definition.ack === 'stored' && lane.mode === 'memory' ? 'delivered' : definition.ack
  return { id, full: options.full ?? lane.full ?? definition.full, ack: options.ack ?? natural ?? 'received' }
}

/** The id that chunks have whose events a filter made: no input's. */
export const filterInput = {
  nameOf: (filter: string): string => `filter/${filter}`,
  idOf: (name: string): string | undefined => (name.startsWith('filter/') ? name.slice(7) : undefined),
} as const
