import { basename, join } from 'node:path'

import type { Logger } from '../../plugin/context.js'
import { messageOf } from '../../plugin/errors.js'
import type { LogFile, LogFiles } from './files.js'
import type { Damage } from './frame-reader.js'
import { replaceFile } from './replace-file.js'

/** Where damaged bytes are kept for whoever wants to look into them; the log goes on without. */
export interface Quarantine {
  /** Copies bytes of a segment. The same damage found again is written to the same file. */
  keep(path: string, file: LogFile, damage: readonly Damage[]): Promise<void>
  /** Moves a whole file. */
  take(path: string): Promise<void>
}

/** The oldest files go when there is more, but for the newest; damage of a larger size is not copied but for its beginning. */
const mostBytes = 16 * 1024 * 1024

export function quarantineIn(folder: string, files: LogFiles, log: Logger): Quarantine {
  const into = join(folder, 'quarantine')

  /** Of a disk that has failed there may be no saving anything. */
  async function attempt(path: string, what: string, work: () => Promise<void>): Promise<void> {
    try {
      await files.makeFolder(into)
      await work()
      await keepWithin(into, files)
      log.error(`${path}: ${what}; kept in ${into}`)
    } catch (error) {
      log.error(`${path}: ${what}; not kept in ${into}: ${messageOf(error)}`)
    }
  }

  return {
    async keep(path, file, damage) {
      for (const { at, bytes } of damage) {
        await attempt(path, `${bytes} damaged bytes at ${at} passed over`, async () => {
          const memory = Buffer.alloc(Math.min(bytes, mostBytes))
          const read = await file.read(memory, at)
          await replaceFile(files, join(into, `${basename(path)}-${at}.bytes`), memory.subarray(0, read))
        })
      }
    },
    take: (path) => attempt(path, 'no segment that can be read', () => files.rename(path, join(into, basename(path)))),
  }
}

/** Names begin with the sequence of a segment: the oldest ones are the first. */
async function keepWithin(folder: string, files: LogFiles): Promise<void> {
  const names = [...(await files.list(folder))].sort()
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name), files)))
  let total = sizes.reduce((sum, size) => sum + size, 0)
  for (const [index, name] of names.slice(0, -1).entries()) {
    if (total <= mostBytes) return
    await files.remove(join(folder, name))
    total -= sizes[index] ?? 0
  }
}

async function sizeOf(path: string, files: LogFiles): Promise<number> {
  const file = await files.open(path, 'read')
  try {
    return await file.size()
  } finally {
    await file.close()
  }
}
