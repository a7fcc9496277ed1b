import { join } from 'node:path'

import { systemClock } from '../../base/clock.js'
import type { Damage } from '../../log/disk/frame-reader.js'
import type { Frame } from '../../log/disk/frame.js'
import { nodeFiles } from '../../log/disk/node-files.js'
import { type Sight, sightings, windowsOf } from '../../log/disk/sight.js'
import { AgentError } from '../../plugin/errors.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseOptions } from './arguments.js'
import { type ByteStream, writeBytes } from './byte-output.js'
import { type Choice, choiceOf } from './choice.js'
import { EventLines } from './event-lines.js'
import { placeOf } from './place.js'
import { readable } from './readable.js'
import { storageOptions } from './storage.js'

/** Text is handed on in pieces of about this size. */
const pieceBytes = 64 * 1024

const options = {
  ...storageOptions,
  lane: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  pending: { type: 'string' },
  limit: { type: 'string' },
} as const

/** `sluice log cat`: the events on disk as JSON lines, lane by lane, each from its oldest. */
export function cat(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return readable('log cat', show(args, terminal, process.stdout))
}

async function show(args: readonly string[], terminal: Terminal, stream: ByteStream): Promise<ExitCode> {
  const values = parseOptions('log cat', args, options)
  const place = await placeOf('log cat', values, terminal)
  if (!place) return exitCodes.config
  const choice = await choiceOf(values, place, systemClock.wall())
  return new Cat(choice, terminal, stream).run()
}

/** One run over the log: what it has to write, and what it had to leave out. */
class Cat {
  readonly #choice: Choice
  readonly #terminal: Terminal
  readonly #stream: ByteStream
  readonly #lines: EventLines
  #isWhole = true
  #isHeard = true

  constructor(choice: Choice, terminal: Terminal, stream: ByteStream) {
    this.#choice = choice
    this.#terminal = terminal
    this.#stream = stream
    this.#lines = new EventLines(choice)
  }

  async run(): Promise<ExitCode> {
    for (const lane of this.#choice.lanes) await this.#showLane(lane)
    await this.#flush()
    return this.#isWhole || !this.#isHeard ? exitCodes.ok : exitCodes.failed
  }

  get #isDone(): boolean {
    return this.#lines.isFull || !this.#isHeard
  }

  async #showLane(lane: string): Promise<void> {
    const isPending = this.#choice.pendingIn(lane)
    const folder = join(this.#choice.folder, lane)
    if (this.#isDone) return
    for await (const sight of sightings(nodeFiles, folder, (path, error) => this.#leaveOut(path, error.message))) {
      if (sight.summary && !this.#choice.isSegmentWanted(lane, sight.summary)) continue
      await this.#showSegment(sight, (frame) => this.#choice.isTagWanted(frame.tag) && isPending(frame))
      if (this.#isDone) return
    }
  }

  async #showSegment(sight: Sight, isWanted: (frame: Frame) => boolean): Promise<void> {
    for await (const { frames, damage } of windowsOf(sight)) {
      for (const each of damage) this.#tell(sight, each)
      for (const frame of frames) {
        if (!isWanted(frame)) continue
        this.#add(sight, frame)
        if (this.#lines.bytes >= pieceBytes) await this.#flush()
        if (this.#isDone) return
      }
    }
  }

  #add({ path }: Sight, frame: Frame): void {
    try {
      this.#lines.add(frame)
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      this.#leaveOut(path, `chunk ${frame.sequence}: ${error.message}`)
    }
  }

  /** What an agent is writing just now, or was when it was killed, is no damage. */
  #tell({ path, size, isNewest, summary }: Sight, { at, bytes }: Damage): void {
    if (isNewest && !summary && at + bytes >= size) return
    this.#leaveOut(path, `${bytes} damaged bytes at ${at}; sluice log check tells more`)
  }

  #leaveOut(path: string, message: string): void {
    this.#isWhole = false
    this.#terminal.err(`${this.#terminal.paint('warn', 'warning')}: ${path}: left out: ${message}`)
  }

  async #flush(): Promise<void> {
    if (this.#lines.bytes === 0 || !this.#isHeard) return
    this.#isHeard = await writeBytes(this.#stream, this.#lines.take())
  }
}
