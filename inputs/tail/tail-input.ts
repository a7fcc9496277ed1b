import { FileSet, FolderWatcher, type FollowedFile } from 'sluice/files'
import type { Input, InputContext } from 'sluice/plugin'
import { Bell } from './bell.js'
import { FileReader } from './file-reader.js'
import { type LineEvents, ParsedLines, PlainLines } from './line-events.js'
import type { Settings } from './settings.js'

/** After a change others are waited for this long: a busy writer costs a few reads a second, not one a line. */
const gatherMs = 10

/** Folders are searched no more often than this, however busy they are. */
const calmMs = 100

export function tailInput(settings: Settings, context: InputContext): Input {
  return { run: (signal) => new Tail(settings, context).run(signal) }
}

class Tail {
  readonly #settings: Settings
  readonly #context: InputContext
  readonly #files: FileSet
  readonly #reader: FileReader
  readonly #bell: Bell
  #refreshedAt = Number.NEGATIVE_INFINITY
  #refreshAt = 0
  #lookAt = 0

  constructor(settings: Settings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#files = new FileSet(settings, context)
    this.#reader = new FileReader(settings, context, lineEvents(settings, context))
    this.#bell = new Bell(context.clock)
  }

  async run(signal: AbortSignal): Promise<void> {
    const watcher = this.#settings.inotify_watcher && !this.#settings.exit_on_eof ? this.#watcher() : undefined
    try {
      while (!signal.aborted) {
        await this.#refreshIfDue(watcher)
        if (await this.#readAll(signal)) continue
        if (this.#settings.exit_on_eof) return await this.#finishAll(signal)
        await this.#wait(signal)
      }
    } finally {
      watcher?.close()
      await this.#files.close()
    }
  }

  #watcher(): FolderWatcher {
    const changed = (path: string | undefined): void => {
      if (this.#files.markChanged(path)) this.#bell.ring()
    }
    const moved = (): void => {
      this.#refreshAt = Math.min(this.#refreshAt, this.#refreshedAt + calmMs)
      this.#bell.ring()
    }
    return new FolderWatcher({ changed, moved }, this.#context.log)
  }

  async #refreshIfDue(watcher: FolderWatcher | undefined): Promise<void> {
    const now = this.#context.clock.monotonic()
    if (now < this.#refreshAt) return
    this.#refreshedAt = now
    this.#refreshAt = now + this.#settings.refresh_interval
    await this.#files.refresh()
    // What came between the search of a folder and its watch is found by searching again.
    if (watcher?.watch(this.#files.folders)) await this.#files.refresh()
  }

  /** Gives every file that may have more its turn; answers whether one was left with more. What is written meanwhile waits. */
  async #readAll(signal: AbortSignal): Promise<boolean> {
    let hasMore = false
    for (const file of this.#files.all) {
      if (signal.aborted) return false
      if (file.changed || this.#isOver(file)) hasMore = (await this.#read(file, signal)) || hasMore
    }
    return hasMore
  }

  async #read(file: FollowedFile, signal: AbortSignal): Promise<boolean> {
    try {
      const isOver = this.#isOver(file)
      file.changed = false
      const hasMore = await this.#reader.turn(file, signal)
      if (hasMore) file.changed = true
      if (isOver && !file.changed && !signal.aborted) {
        await this.#reader.last(file, signal)
        await this.#files.retire(file)
      }
      return hasMore
    } catch (error) {
      await this.#files.giveUp(file, error)
      return false
    }
  }

  #isOver({ goneSince }: FollowedFile): boolean {
    return goneSince !== undefined && this.#context.clock.monotonic() - goneSince >= this.#settings.rotate_wait
  }

  async #finishAll(signal: AbortSignal): Promise<void> {
    for (const file of this.#files.all) await this.#reader.last(file, signal)
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    const due = Math.min(this.#lookAt, this.#refreshAt)
    if (await this.#bell.wait(due - clock.monotonic(), signal)) await clock.sleep(gatherMs, signal)
    if (clock.monotonic() < this.#lookAt) return
    this.#lookAt = clock.monotonic() + this.#settings.watcher_interval
    this.#files.markChanged(undefined)
  }
}

function lineEvents(settings: Settings, context: InputContext): LineEvents {
  const { parser } = settings
  if (parser === undefined) return new PlainLines(settings)
  return new ParsedLines(
    settings,
    () => context.parser(parser),
    () => context.count('unparsed_lines'),
  )
}
