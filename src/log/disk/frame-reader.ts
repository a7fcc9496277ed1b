import type { LogFile } from './files.js'
import { findHead, type Frame, frameKind, headBytes, readFrame, readHead } from './frame.js'

/** Bytes of a file that hold no whole frame. */
export interface Damage {
  readonly at: number
  readonly bytes: number
}

/** Some whole frames of a file, one behind the other, and what was found between them. */
export interface FrameWindow {
  readonly frames: readonly Frame[]
  readonly damage: readonly Damage[]
}

/** Gives the memory that a window is read into; frames are views of it. */
export type Allocate = (bytes: number) => Buffer

/** As much at a time as pays for a disk, unless memory is small. */
export const usualWindowBytes = 1024 * 1024

/**
 * Reads the frames of a segment file in order, a window at a time, so that memory stays small however large the file is. A
 * damaged frame is passed over: by its size where its head is whole, else up to the next whole head.
 */
export class FrameReader {
  readonly #file: LogFile
  readonly #windowBytes: number
  #end: number
  #at: number
  #summary: Buffer | undefined

  /** Frames stand between these two places of the file. */
  // oxlint-disable-next-line max-params -- where, and how much at a time
  constructor(file: LogFile, start: number, end: number, windowBytes = usualWindowBytes) {
    this.#file = file
    this.#windowBytes = windowBytes
    this.#at = start
    this.#end = end
  }

  /** Where the next window begins. */
  get at(): number {
    return this.#at
  }

  /** More was written to the file. */
  extend(end: number): void {
    this.#end = end
  }

  /** The body of the summary, once a window had it. */
  get summary(): Buffer | undefined {
    return this.#summary
  }

  /** The next window, with at least one frame unless only damage is left; undefined at the end. */
  async next(allocate: Allocate): Promise<FrameWindow | undefined> {
    if (this.#at >= this.#end) return undefined
    const window = await this.#read(this.#windowBytes, allocate)
    if (window.need === 0 || window.frames.length > 0 || window.damage.length > 0) return this.#pass(window)
    return this.#pass(await this.#read(window.need, allocate))
  }

  async #read(bytes: number, allocate: Allocate): Promise<Parsed> {
    const memory = allocate(Math.min(bytes, this.#end - this.#at))
    const read = await this.#file.read(memory, this.#at)
    if (read < memory.length) this.#end = this.#at + read
    return parseWindow(memory.subarray(0, read), this.#end - this.#at)
  }

  #pass({ frames, damage, passed, summary }: Parsed): FrameWindow {
    const at = this.#at
    this.#at += passed
    if (summary) this.#summary = Buffer.from(summary)
    return { frames, damage: damage.map((each) => ({ at: each.at + at, bytes: each.bytes })) }
  }
}

interface Parsed extends FrameWindow {
  /** Bytes of the window that are done with. */
  readonly passed: number
  /** Bytes that the next frame takes where the window holds only part of it, else 0. */
  readonly need: number
  readonly summary: Buffer | undefined
}

/** Parses what was read, of which `left` bytes are left in the file. */
export function parseWindow(bytes: Buffer, left: number): Parsed {
  const frames: Frame[] = []
  const damage: Damage[] = []
  let summary: Buffer | undefined
  let at = 0
  let need = 0
  while (at < bytes.length) {
    const head = readHead(bytes, at)
    if (!head) {
      const end = damageEnd(bytes, at, left)
      if (end === at) break
      damage.push({ at, bytes: end - at })
      at = end
    } else if (at + head.size > left) {
      damage.push({ at, bytes: left - at })
      at = left
    } else if (at + head.size > bytes.length) {
      need = head.size
      break
    } else {
      const frame = readFrame(bytes, at, head)
      if (!frame) damage.push({ at, bytes: head.size })
      else if (head.kind === frameKind.events) frames.push(frame)
      else if (head.kind === frameKind.summary) summary = Buffer.from(frame.entries)
      at += head.size
    }
  }
  return { frames, damage: joined(damage), passed: at, need, summary }
}

/** What is no head reaches up to the next one; a head may begin in the last bytes of the window, unless the file ends there. */
function damageEnd(bytes: Buffer, at: number, left: number): number {
  const next = findHead(bytes, at + 1)
  if (next >= 0) return next
  return bytes.length >= left ? left : Math.max(at, bytes.length - headBytes + 1)
}

function joined(damage: readonly Damage[]): Damage[] {
  const whole: Damage[] = []
  for (const each of damage) {
    const last = whole.at(-1)
    if (last && last.at + last.bytes === each.at)
      whole[whole.length - 1] = { at: last.at, bytes: last.bytes + each.bytes }
    else whole.push(each)
  }
  return whole
}
