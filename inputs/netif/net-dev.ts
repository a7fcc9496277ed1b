import { wordsOf } from 'sluice/host'

/** What one line of /proc/net/dev counts, in the order of `columns`. */
export interface NetCounters {
  readonly name: string
  readonly values: readonly number[]
}

/** The columns of /proc/net/dev (proc_pid_net(5)) and the fields they become; rare ones are asked for by `verbose`. */
export const columns = [
  { field: 'rx.bytes', rare: false },
  { field: 'rx.packets', rare: false },
  { field: 'rx.errors', rare: false },
  { field: 'rx.drop', rare: true },
  { field: 'rx.fifo', rare: true },
  { field: 'rx.frame', rare: true },
  { field: 'rx.compressed', rare: true },
  { field: 'rx.multicast', rare: true },
  { field: 'tx.bytes', rare: false },
  { field: 'tx.packets', rare: false },
  { field: 'tx.errors', rare: false },
  { field: 'tx.drop', rare: true },
  { field: 'tx.fifo', rare: true },
  { field: 'tx.collisions', rare: true },
  { field: 'tx.carrier', rare: true },
  { field: 'tx.compressed', rare: true },
] as const

/** Two lines of headings have no colon behind a name and sixteen numbers; a number may follow its colon without a space. */
export function parseNetDev(text: string): NetCounters[] {
  const interfaces: NetCounters[] = []
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':')
    if (colon < 0) continue
    const values = wordsOf(line.slice(colon + 1)).map(Number)
    if (values.length >= columns.length) interfaces.push({ name: line.slice(0, colon).trim(), values })
  }
  return interfaces
}
