import { dirname } from 'node:path'

import type { LogFiles } from './files.js'

/** Replaces a file as a whole, making its folder where it is missing: a power cut leaves the old one or the new one. */
export async function replaceFile(files: LogFiles, path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.new`
  await files.makeFolder(dirname(path))
  await files.remove(fresh).catch(() => undefined) // mostly there is none
  const file = await files.create(fresh)
  try {
    await file.write([bytes], 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(fresh, path)
  await files.syncFolder(dirname(path))
}
