import { join } from 'node:path'

import type { FrameFields } from './frame.js'
import { type Group, segmentHeadBytes, segmentName, type SegmentHead, type Summary } from './segment-format.js'

/** What the log knows of one segment file: enough to know whether it is worth opening. */
export class SegmentFile {
  readonly path: string
  readonly run: string
  /** Sequence of its first chunk that no older segment has. */
  readonly first: number
  /** Sequence of its last chunk. */
  last: number
  /** Bytes that are durable. */
  size = segmentHeadBytes
  /** When its newest chunk was sealed: milliseconds since 1970, and of the boot that is named. */
  time = 0
  uptime = 0
  boot = ''
  /** Nothing of it is read any more: its file is not there, or its chunks were dropped. */
  gone = false
  /** Events of each input that some output still has to get. */
  readonly pending = new Map<string, number>()
  readonly #groups = new Map<string, Group>()

  constructor(folder: string, { run, first }: SegmentHead, from = first) {
    this.path = join(folder, segmentName(first))
    this.run = run
    this.first = Math.max(first, from)
    this.last = this.first - 1
  }

  static ofSummary(folder: string, head: SegmentHead, summary: Summary, size: number): SegmentFile {
    const segment = new SegmentFile(folder, head)
    segment.last = summary.last
    segment.time = summary.time
    segment.uptime = summary.uptime
    segment.boot = summary.boot
    segment.size = size
    for (const group of summary.groups) segment.#groups.set(keyOf(group), group)
    return segment
  }

  get groups(): Iterable<Group> {
    return this.#groups.values()
  }

  get summary(): Summary {
    const { last, time, uptime, boot } = this
    return { last, time, uptime, boot, groups: [...this.#groups.values()] }
  }

  /** A chunk of this many bytes, its frame's among them, was written. */
  add(chunk: FrameFields, bytes: number): void {
    const { tag, input, output } = chunk
    const key = keyOf(chunk)
    const group = this.#groups.get(key) ?? { tag, input, output, chunks: 0, events: 0, bytes: 0 }
    group.chunks++
    group.events += chunk.count
    group.bytes += bytes
    this.#groups.set(key, group)
    this.last = chunk.sequence
    this.time = chunk.time
    this.uptime = chunk.uptime
    this.boot = chunk.boot
  }

  await(input: string, events: number): void {
    this.pending.set(input, (this.pending.get(input) ?? 0) + events)
  }
}

function keyOf({ tag, input, output }: Pick<Group, 'tag' | 'input' | 'output'>): string {
  return `${tag}\n${input}\n${output}`
}
