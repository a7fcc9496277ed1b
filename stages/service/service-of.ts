import type { DatabaseClients } from 'sluice/databases'
import type { Service, StageContext } from 'sluice/http'
import { AgentError, type EventRecord, type EventTime, isRecord, type Value } from 'sluice/plugin'

import { stateOf } from './state.js'

export interface ServiceParts {
  readonly context: StageContext
  readonly options: unknown
  readonly signal: AbortSignal
  readonly clients: DatabaseClients
  readonly broadcast: Service['broadcast']
}

/** What a service has of the agent. */
export function serviceOf({ context, options, signal, clients, broadcast }: ServiceParts): Service {
  const { id, log, clock, latest, state } = context
  return {
    id,
    options,
    log,
    clock,
    signal,
    latest,
    state: stateOf(state),
    broadcast,
    client: async <T>(kind: Parameters<Service['client']>[0], settings?: Parameters<Service['client']>[1]) =>
      (await clients.open(kind, settings)) as T,
    emit(tag, record, time) {
      checkEvent(tag, record)
      return context.emit(tag, record, time)
    },
    emitAcked(tag, record, time) {
      checkEvent(tag, record)
      const acked = emittedAcked(context, { tag, record, time })
      acked.catch(() => undefined) // who does not await it wants to know nothing
      return acked
    },
  }
}

interface Given {
  readonly tag: string
  readonly record: EventRecord
  readonly time: EventTime | undefined
}

async function emittedAcked(context: StageContext, { tag, record, time }: Given): Promise<void> {
  await context.room()
  await new Promise<void>((resolve, reject) => {
    context.emit(tag, record, time, (error) => (error ? reject(error) : resolve()))
  })
}

/** Modules have no types that anybody would have checked. */
function checkEvent(tag: unknown, record: unknown): void {
  if (typeof tag === 'string' && tag !== '' && isRecord(record as Value)) return
  throw new AgentError('SERVICE_EVENT', 'emit: expected a tag such as "sensor.label" and a record, a map of values')
}
