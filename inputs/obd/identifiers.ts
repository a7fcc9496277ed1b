import { DataReader, type ObdLink } from 'sluice/can'
import { compileLayout } from 'sluice/layout'
import type { InputContext } from 'sluice/plugin'
import type { ObdOptions } from './options.js'

type Identifiers = NonNullable<ObdOptions['identifiers']>

/** What is read with one interval. */
export interface TimedReader {
  readonly intervalMs: number
  readonly reader: DataReader
}

/** A reader for each interval. Throws an AgentError where fields make no sense. */
export function identifierReaders(link: ObdLink, identifiers: Identifiers, context: InputContext): TimedReader[] {
  const intervals = [...new Set(identifiers.map(({ interval }) => interval))]
  return intervals.map((intervalMs) => {
    const items = identifiers.filter(({ interval }) => interval === intervalMs).map(itemOf)
    return { intervalMs, reader: new DataReader(link, items, troubleOf(context)) }
  })
}

function itemOf({ id, ecu, fields }: Identifiers[number]) {
  return { identifier: id, ecu: ecu?.toUpperCase(), read: compileLayout(fields) }
}

function troubleOf(context: InputContext) {
  return {
    refused: (identifier: string, ecu: string, reason: string) => {
      context.count('refused_requests')
      context.log.warn('an ECU refuses an identifier', { ecu, identifier, reason })
    },
    silent: (identifier: string) => context.log.warn('no ECU answers to an identifier', { identifier }),
    malformed: () => context.count('malformed_answers'),
  }
}
