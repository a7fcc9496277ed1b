import { KernelFile } from 'sluice/host'
import { AgentError, every, type EventRecord, type Input, type InputContext } from 'sluice/plugin'
import { columns, type NetCounters, parseNetDev } from './net-dev.js'

interface Settings {
  readonly interval: number
  readonly interface: string | undefined
  readonly verbose: boolean
  readonly test_at_init: boolean
  readonly tag: string
}

type Before = ReadonlyMap<string, NetCounters>

/** The first reading is what the next is compared with, so the first record comes one interval after the start. */
export function netifInput(settings: Settings, context: InputContext, root = '/proc'): Input {
  return {
    async run(signal) {
      const file = new KernelFile(`${root}/net/dev`)
      let before: Before | undefined
      try {
        await every(settings.interval, context, () => {
          const now = parseNetDev(file.read()).filter(({ name }) => isMeant(name, settings.interface))
          if (now.length === 0) tellNone(settings, context, before === undefined)
          if (before) emitDifference(before, now, settings, context)
          before = new Map(now.map((counters) => [counters.name, counters]))
        }).run(signal)
      } finally {
        file.close()
      }
    },
  }
}

function isMeant(name: string, prefix: string | undefined): boolean {
  return prefix === undefined ? name !== 'lo' : name.startsWith(prefix)
}

function tellNone(settings: Settings, context: InputContext, first: boolean): void {
  const { interface: prefix } = settings
  const wanted = prefix === undefined ? 'an interface other than lo' : `an interface that begins with "${prefix}"`
  const message = `interface: expected ${wanted}, got none`
  if (first && settings.test_at_init) throw new AgentError('NETIF_NO_INTERFACE', `${message}; check its name`)
  context.log.warn(`${message}; there are no records until there is one`)
}

function emitDifference(before: Before, now: readonly NetCounters[], settings: Settings, context: InputContext): void {
  const record: Record<string, number> = {}
  for (const counters of now) {
    const last = before.get(counters.name)
    if (!last) continue // it just came: the next reading is compared with this one
    const difference = differenceOf(last, counters, settings.verbose)
    if (difference) Object.assign(record, difference)
    else context.count('counter_resets')
  }
  if (Object.keys(record).length > 0) context.emit(settings.tag, record)
}

/** What went over one interface, or nothing when one of its counters went back: it was taken out and put back, or reset. */
function differenceOf(before: NetCounters, now: NetCounters, verbose: boolean): EventRecord | undefined {
  const record: Record<string, number> = {}
  for (const [index, { field, rare }] of columns.entries()) {
    const difference = (now.values[index] ?? 0) - (before.values[index] ?? 0)
    if (difference < 0) return undefined
    if (verbose || !rare) record[`${now.name}.${field}`] = difference
  }
  return record
}
