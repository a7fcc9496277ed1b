/**
 * What the log needs of a file system. The tests have one that forgets whatever was not synced, as a power cut does.
 *
 * All paths are absolute. Every method rejects with the system's own error, whose `code` says what is wrong (ENOSPC, EROFS, EIO, …).
 */
export interface LogFiles {
  /** Makes a folder and those above it; harmless where it is there. Their entries are durable when this resolves. */
  makeFolder(path: string): Promise<void>
  /** Names in a folder, in any order. */
  list(path: string): Promise<readonly string[]>
  /** A new, empty file; fails where there is one. */
  create(path: string): Promise<LogFile>
  open(path: string, mode: 'read' | 'change'): Promise<LogFile>
  /** Atomic: a power cut leaves the old file or the new one. Durable once the folder is synced. */
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** What was created, renamed and removed in a folder is durable when this resolves. */
  syncFolder(path: string): Promise<void>
}

/** An open file. */
export interface LogFile {
  size(): Promise<number>
  /** Whether it is still to be found by its name: what is written to a file that somebody removed, or mounted something over, goes with it. */
  named(): Promise<boolean>
  /** Fills `into` as far as the file goes; answers how many bytes were read. */
  read(into: Uint8Array, position: number): Promise<number>
  /** Writes all the parts one behind the other. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>
  truncate(size: number): Promise<void>
  /** What was written is durable when this resolves (fdatasync). */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Whether an error says that there is no such file. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
