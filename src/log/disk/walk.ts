import { crc32 } from 'node:zlib'

import type { LogFile } from './files.js'
import { findHead, type Frame, type FrameHead, headBytes, readFrame, readHead } from './frame.js'
import { segmentHeadBytes } from './segment-format.js'

/** What stands at one place of a segment file. */
export type Step =
  | {
      readonly kind: 'frame'
      readonly at: number
      readonly bytes: number
      readonly head: FrameHead
      readonly frame: Frame
    }
  /** A whole head with a body that is not what was written. */
  | {
      readonly kind: 'body'
      readonly at: number
      readonly bytes: number
      readonly head: FrameHead
      readonly sum: number
    }
  /** A whole head of a frame that would be longer than the file. */
  | { readonly kind: 'cut'; readonly at: number; readonly bytes: number; readonly head: FrameHead }
  /** No head; what stands in its place. */
  | { readonly kind: 'gap'; readonly at: number; readonly bytes: number; readonly found: Buffer }

const windowBytes = 1024 * 1024

/**
 * Every byte of a segment behind its head, frame by frame. What a FrameReader passes over in silence is told of one by one. Frames
 * are views of one memory.
 */
export async function* walkSegment(file: LogFile, size: number): AsyncGenerator<Step, void> {
  const window = new Window(file, size)
  let at = segmentHeadBytes
  while (at < size) {
    const found = await window.at(at, headBytes)
    const head = readHead(found, 0)
    const bytes = head ? Math.min(head.size, size - at) : (await nextHead(file, at + 1, size)) - at
    if (!head) yield { kind: 'gap', at, bytes, found: Buffer.from(found) }
    else if (head.size > size - at) yield { kind: 'cut', at, bytes, head }
    else yield stepOf(await window.at(at, bytes), at, head)
    at += bytes
  }
}

/** A part of a file, so that small frames do not cost a read each. */
class Window {
  readonly #file: LogFile
  readonly #size: number
  #memory: Buffer = Buffer.alloc(0)
  #begin = 0
  #end = 0

  constructor(file: LogFile, size: number) {
    this.#file = file
    this.#size = size
  }

  /** These bytes, as far as the file goes; they are there until the next call. */
  async at(at: number, bytes: number): Promise<Buffer> {
    const most = Math.min(bytes, this.#size - at)
    if (at < this.#begin || at + most > this.#end) await this.#read(at, most)
    return this.#memory.subarray(at - this.#begin, Math.min(at + most, this.#end) - this.#begin)
  }

  async #read(at: number, bytes: number): Promise<void> {
    const wanted = Math.min(Math.max(bytes, windowBytes), this.#size - at)
    if (this.#memory.length < wanted) this.#memory = Buffer.allocUnsafe(wanted)
    this.#begin = at
    this.#end = at + (await this.#file.read(this.#memory.subarray(0, wanted), at))
  }
}

function stepOf(bytes: Buffer, at: number, head: FrameHead): Step {
  // The file became shorter while it was read.
  if (bytes.length < head.size) return { kind: 'cut', at, bytes: head.size, head }
  const frame = readFrame(bytes, 0, head)
  if (frame) return { kind: 'frame', at, bytes: head.size, head, frame }
  return { kind: 'body', at, bytes: head.size, head, sum: crc32(bytes.subarray(headBytes)) }
}

/** Where the next whole head begins, at or behind `from`; `size` where there is none. */
async function nextHead(file: LogFile, from: number, size: number): Promise<number> {
  const memory = Buffer.allocUnsafe(Math.min(windowBytes, Math.max(size - from, 0)))
  // A head may begin in the last bytes of a window.
  for (let at = from; at < size; at += windowBytes - headBytes + 1) {
    const found = findHead(memory.subarray(0, await file.read(memory, at)), 0)
    if (found >= 0) return at + found
  }
  return size
}
