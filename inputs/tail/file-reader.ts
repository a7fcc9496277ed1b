import type { FollowedFile } from 'sluice/files'
import type { InputContext } from 'sluice/plugin'
import { type Cut, cutLines } from './cut-lines.js'
import type { LineEvents } from './line-events.js'
import { type Settings, tagOf } from './settings.js'

/** Blocks of one file that are read before the others have their turn. */
const turnBlocks = 16

/** Reads files in blocks and emits the lines of each block at once. */
export class FileReader {
  readonly #settings: Settings
  readonly #context: InputContext
  readonly #events: LineEvents
  /** All files share it: what a file has of an unfinished line is read again. */
  readonly #buffer: Buffer

  constructor(settings: Settings, context: InputContext, events: LineEvents) {
    this.#settings = settings
    this.#context = context
    this.#events = events
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(settings.buffer_chunk_size, settings.buffer_max_size + 2))
  }

  /** Reads on for a turn; answers whether there is more. */
  async turn(file: FollowedFile, signal: AbortSignal): Promise<boolean> {
    const seen = await file.handle.stat()
    const found = await file.look(seen)
    if (found === 'nothing') return false
    if (found === 'anew') this.#reportAnew(file)
    for (let blocks = 0; blocks < turnBlocks; blocks++) {
      const bytesRead = await this.#readBlock(file, false)
      if (signal.aborted) return false
      if (bytesRead === this.#buffer.length) continue
      file.note(seen)
      return false
    }
    return true
  }

  /** Reads what is left of a file that ends here: its last line needs no newline. */
  async last(file: FollowedFile, signal: AbortSignal): Promise<void> {
    while ((await this.#readBlock(file, true)) === this.#buffer.length && !signal.aborted);
  }

  #reportAnew({ path }: FollowedFile): void {
    this.#context.count('truncated_files')
    this.#context.log.info('file was truncated, reading it from its beginning', { path })
  }

  async #readBlock(file: FollowedFile, isLast: boolean): Promise<number> {
    const { bytesRead } = await file.handle.read(this.#buffer, 0, this.#buffer.length, file.offset)
    if (bytesRead === 0) return 0
    await file.learnHead(file.offset + bytesRead)
    const block = this.#buffer.subarray(0, bytesRead)
    const hasRoom = this.#emit(file, block, isLast && bytesRead < this.#buffer.length)
    if (!hasRoom) await this.#context.room()
    return bytesRead
  }

  #emit(file: FollowedFile, block: Buffer, isLast: boolean): boolean {
    const events = this.#events
    const { path, offset, skipping } = file
    const tag = tagOf(this.#settings.tag, path)
    events.begin(block, { path, offset, wallMs: this.#context.clock.wall(), file })
    const cut = cutLines(block, this.#rules, { skipping, isLast }, events)
    file.offset = offset + cut.consumed
    file.skipping = cut.skipping
    this.#countLong(cut)
    if (cut.whole === 0 && events.count === 0) return true
    const ack = cut.whole > 0 ? file.settled.upTo(offset + cut.whole) : undefined
    if (events.count > 0) return this.#context.emitEntries(tag, events.writer.peek(), events.count, ack)
    ack?.()
    return true
  }

  get #rules(): { maxLine: number; truncates: boolean } {
    return { maxLine: this.#settings.buffer_max_size, truncates: this.#settings.truncate_long_lines }
  }

  #countLong({ long }: Cut): void {
    if (long === 0) return
    if (this.#settings.truncate_long_lines) this.#context.count('truncated_lines', long)
    else this.#context.drop('line_too_long', long)
  }
}
