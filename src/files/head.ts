import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** What the beginning of a file looked like: a file whose beginning changed is another file, though it has the same inode. */
export interface Head {
  readonly size: number
  readonly crc: number
}

export const noHead: Head = { size: 0, crc: 0 }

/** Enough for a line with its time; two logs that agree in so much are one. */
const headBytes = 256

/** The head of a file of which `known` bytes will not change any more. */
export async function readHead(file: FileHandle, known: number): Promise<Head> {
  const wanted = Math.min(known, headBytes)
  if (wanted === 0) return noHead
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, 0)
  return { size: bytesRead, crc: crc32(buffer.subarray(0, bytesRead)) }
}

export async function hasHead(file: FileHandle, head: Head): Promise<boolean> {
  const found = await readHead(file, head.size)
  return found.size === head.size && found.crc === head.crc
}

/** Whether it is as long as a head can be. */
export function isWhole(head: Head): boolean {
  return head.size === headBytes
}

/** Whether a longer head can be had once `known` bytes were read. */
export function canGrow(head: Head, known: number): boolean {
  return head.size < Math.min(known, headBytes)
}
