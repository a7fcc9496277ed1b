import { existsSync } from 'node:fs'
import type { DiskCounters } from './diskstats.js'

/**
 * `part`: a partition, whose bytes its disk counts too. `stacked`: device mapper, RAID, loop, memory: made of other devices or
 * of none. `disk`: a device of its own.
 */
type Kind = 'disk' | 'stacked' | 'part'

/** Tells, by /sys/block, what lies behind a name, so that no byte is counted twice. Remembers as long as the name stays. */
export class DiskKinds {
  readonly #root: string
  #known = new Map<string, Kind>()

  constructor(root: string) {
    this.#root = root
  }

  /** The devices that `wanted` means, of all that there are. */
  chosen(all: readonly DiskCounters[], wanted: string | undefined): readonly DiskCounters[] {
    this.#learn(all)
    if (wanted === undefined) return all.filter(({ name }) => this.#known.get(name) === 'disk')
    const exact = all.filter(({ name }) => name === wanted)
    if (exact.length > 0) return exact
    return all.filter(({ name }) => name.includes(wanted) && this.#known.get(name) !== 'part')
  }

  #learn(all: readonly DiskCounters[]): void {
    this.#known = new Map(all.map(({ name }) => [name, this.#known.get(name) ?? this.#look(name)]))
  }

  #look(name: string): Kind {
    const path = `${this.#root}/block/${name.replaceAll('/', '!')}` // so sysfs writes names such as cciss/c0d0
    if (!existsSync(path)) return 'part'
    return existsSync(`${path}/device`) ? 'disk' : 'stacked'
  }
}
