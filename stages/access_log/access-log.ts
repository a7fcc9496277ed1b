import type { HttpExchange, Stage, StageContext } from 'sluice/http'

import { combinedLine } from './combined.js'
import { requestRecord } from './request-record.js'
import { sampler } from './sampler.js'

export interface Settings {
  readonly tag: string | undefined
  readonly format: 'combined' | 'json'
  readonly sample: number
  readonly query: boolean
}

export function accessLog({ tag, format, sample, query }: Settings, context: StageContext): Stage {
  const isTold = sampler(sample)
  const tell = tag === undefined ? lineTeller({ format, query }, context) : eventTeller({ tag, query }, context)
  return {
    onResponse(exchange) {
      if (!isSuccess(exchange) || isTold()) tell(exchange)
    },
  }
}

type Teller = (exchange: HttpExchange) => void

/** Nobody waits for these events: what there is no room for is given up, or the memory would grow with every request. */
function eventTeller({ tag, query }: { readonly tag: string; readonly query: boolean }, context: StageContext): Teller {
  return (exchange) => {
    if (context.hasRoom) context.emit(tag, requestRecord(exchange, { query, endMs: context.clock.monotonic() }))
    else context.drop('no_room', 1)
  }
}

/** At the level `info`, of which the log of the agent writes every line. */
function lineTeller({ format, query }: Pick<Settings, 'format' | 'query'>, { clock, log }: StageContext): Teller {
  if (format === 'combined') return (exchange) => log.info(combinedLine(exchange, { query, wallMs: clock.wall() }))
  return (exchange) => log.info(JSON.stringify(requestRecord(exchange, { query, endMs: clock.monotonic() })))
}

function isSuccess({ response: { statusCode }, isAnswered }: HttpExchange): boolean {
  return isAnswered && statusCode >= 200 && statusCode < 300
}
