import { grown, KernelFile } from 'sluice/host'
import { every, type Input, type InputContext } from 'sluice/plugin'
import { DiskKinds } from './disk-kinds.js'
import { type DiskCounters, parseDiskstats } from './diskstats.js'

interface Settings {
  readonly interval: number
  readonly dev_name: string | undefined
  readonly tag: string
}

export interface Roots {
  readonly proc: string
  readonly sys: string
}

type Before = ReadonlyMap<string, DiskCounters>

/** The first reading is what the next is compared with, so the first record comes one interval after the start. */
export function diskInput(
  settings: Settings,
  context: InputContext,
  roots: Roots = { proc: '/proc', sys: '/sys' },
): Input {
  return {
    async run(signal) {
      const file = new KernelFile(`${roots.proc}/diskstats`)
      const kinds = new DiskKinds(roots.sys)
      let before: Before | undefined
      try {
        await every(settings.interval, context, () => {
          const now = kinds.chosen(parseDiskstats(file.read()), settings.dev_name)
          if (now.length === 0) context.log.warn(noDisk(settings))
          if (before) emitDifference(before, now, settings, context)
          before = new Map(now.map((disk) => [disk.name, disk]))
        }).run(signal)
      } finally {
        file.close()
      }
    },
  }
}

function noDisk({ dev_name: name }: Settings): string {
  const wanted = name === undefined ? 'a disk' : `a disk "${name}"`
  return `expected ${wanted} in /proc/diskstats, got none; there are no records until there is one`
}

/** A disk that just came has nothing to be compared with, and one whose counters went back tells nothing: they add nothing. */
function emitDifference(before: Before, now: readonly DiskCounters[], settings: Settings, context: InputContext): void {
  let readSize = 0
  let writeSize = 0
  let compared = 0
  for (const disk of now) {
    const last = before.get(disk.name)
    if (!last) continue
    const read = grown(last.readBytes, disk.readBytes)
    const written = grown(last.writtenBytes, disk.writtenBytes)
    if (read === undefined || written === undefined) {
      context.count('counter_resets')
      continue
    }
    readSize += read
    writeSize += written
    compared++
  }
  if (compared > 0) context.emit(settings.tag, { read_size: readSize, write_size: writeSize })
}
