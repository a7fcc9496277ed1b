import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Who may read files that hold events. */
const mode = 0o640

/** Replaces a file as a whole: whatever happens, the old bytes or the new ones are there, and the new ones once this resolves. */
export async function replaceFile(path: string, bytes: string | Uint8Array): Promise<void> {
  const file = await open(`${path}.new`, 'w', mode)
  try {
    await file.writeFile(bytes)
    await syncData(file)
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
}

/** Adds lines to a file, all of them on disk once this resolves; a new file is in its folder then. */
export async function appendLines(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', mode)
  try {
    const { size } = await file.stat()
    await file.appendFile(size > 0 && (await endsTorn(file, size)) ? `\n${text}` : text)
    await syncData(file)
    if (size === 0) await syncFolder(dirname(path))
  } finally {
    await file.close()
  }
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

/**
 * What was written to a file is on disk once this resolves. Nobody may write to it meanwhile.
 *
 * A yes of fdatasync is not enough: when ext4 ends its journal because of an error, a transaction that is thrown away counts as done, and
 * a sync that comes a moment later finds nothing to wait for (Linux 6.1 to 6.18, jbd2_complete_transaction). To give a file the size
 * that it has is to ask the journal, which refuses then; a yes means that what came before it is true. Whoever knows the size, in
 * bytes, saves asking for it.
 */
export async function syncData(file: FileHandle, size?: number): Promise<void> {
  await file.datasync()
  await file.truncate(size ?? (await file.stat()).size)
}

/** Makes what was created, renamed and removed in a folder outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A power cut, or a full disk, left half a line, to which the next one must not be glued. */
async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() !== '\n'
}
