import type { HttpExchange, Stage, StageContext } from 'sluice/http'
import type { EventRecord } from 'sluice/plugin'

import { combinedLine } from './combined.js'
import { requestRecord } from './request-record.js'
import { sampler } from './sampler.js'

export interface Settings {
  readonly tag: string | undefined
  /** By default `combined` for lines of the log, `json` for events. */
  readonly format: 'combined' | 'json' | undefined
  readonly sample: number
  readonly query: boolean
}

export function accessLog({ tag, format, sample, query }: Settings, context: StageContext): Stage {
  const isTold = sampler(sample)
  const tell = tag === undefined ? lineTeller({ format, query }, context) : eventTeller({ tag, format, query }, context)
  return {
    onResponse(exchange) {
      if (!isSuccess(exchange) || isTold()) tell(exchange)
    },
  }
}

type Teller = (exchange: HttpExchange) => void

/** Nobody waits for these events: what there is no room for is given up, or the memory would grow with every request. */
function eventTeller(
  settings: Omit<Settings, 'sample' | 'tag'> & { readonly tag: string },
  context: StageContext,
): Teller {
  const { tag, format, query } = settings
  const { clock } = context
  const recordOf = (exchange: HttpExchange): EventRecord =>
    format === 'combined'
      ? { log: combinedLine(exchange, { query, wallMs: clock.wall() }) }
      : requestRecord(exchange, { query, endMs: clock.monotonic() })
  return (exchange) => {
    if (context.hasRoom) context.emit(tag, recordOf(exchange))
    else context.drop('no_room', 1)
  }
}

/** At the level `info`, of which the log of the agent writes every line. */
function lineTeller({ format, query }: Pick<Settings, 'format' | 'query'>, { clock, log }: StageContext): Teller {
  if (format === 'json')
    return (exchange) => log.info(JSON.stringify(requestRecord(exchange, { query, endMs: clock.monotonic() })))
  return (exchange) => log.info(combinedLine(exchange, { query, wallMs: clock.wall() }))
}

function isSuccess({ response: { statusCode }, isAnswered }: HttpExchange): boolean {
  return isAnswered && statusCode >= 200 && statusCode < 300
}
