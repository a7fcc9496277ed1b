import { closeSync } from 'node:fs'
import { type DescriptorWatch, type Libc, LibcError } from 'sluice/libc'
import { AgentError } from 'sluice/plugin'
import type { EdgeBatch } from './edge-batch.js'
import { EdgeRate } from './edge-rate.js'
import { findLine, type FoundLine } from './find-line.js'
import { flagsOf, type LineSettings } from './line-settings.js'
import { levelOf, lineInfo, requestLine } from './uapi.js'

/** Who has the line, for whoever else asks the kernel. */
const consumer = 'sluice'

/** A line that this agent has: its level, and its edges as they come. */
export class WatchedLine {
  readonly settings: LineSettings
  readonly name: string
  readonly chip: string
  readonly offset: number
  readonly rate = new EdgeRate()
  readonly #libc: Libc
  readonly #descriptor: number
  readonly #watch: DescriptorWatch

  /** Throws an AgentError: `GPIO_NO_LINE`, `GPIO_AMBIGUOUS_LINE`, `GPIO_BUSY`, `GPIO_REFUSED`. */
  constructor(libc: Libc, folder: string, settings: LineSettings) {
    const found = findLine(libc, folder, settings)
    try {
      this.#descriptor = take(libc, found, settings)
    } finally {
      closeSync(found.chip)
    }
    this.settings = settings
    this.name = settings.name ?? (found.name || settings.line)
    this.chip = found.label
    this.offset = found.offset
    this.#libc = libc
    this.#watch = libc.watch(this.#descriptor)
  }

  /** 1 where the line is active. Throws an AgentError `GPIO_LOST`. */
  level(): number {
    try {
      return levelOf(this.#libc, this.#descriptor)
    } catch (error) {
      throw this.#lost(error)
    }
  }

  /** Waits for edges; none where the signal is aborted first. Throws an AgentError `GPIO_LOST`. */
  async edges(batch: EdgeBatch, signal: AbortSignal): Promise<void> {
    batch.count = 0
    await this.#watch.readable(signal)
    if (signal.aborted) return
    try {
      batch.read(this.#descriptor)
    } catch (error) {
      throw this.#lost(error)
    }
  }

  close(): void {
    this.#watch.close()
    closeSync(this.#descriptor)
  }

  #lost(cause: unknown): AgentError {
    const message = `line "${this.name}" of "${this.chip}": expected it to stay, got "${String(cause)}"; its chip may be gone`
    return new AgentError('GPIO_LOST', message, { cause })
  }
}

function take(libc: Libc, { chip, offset }: FoundLine, settings: LineSettings): number {
  try {
    const debounceUs = Math.round(settings.debounce * 1000)
    return requestLine(libc, chip, { offset, flags: flagsOf(settings), debounceUs, consumer })
  } catch (error) {
    if (!(error instanceof LibcError)) throw error
    throw error.reason === 'EBUSY'
      ? busy(settings, lineInfo(libc, chip, offset).consumer, error)
      : refused(settings, error)
  }
}

function busy({ line }: LineSettings, owner: string, cause: LibcError): AgentError {
  return new AgentError('GPIO_BUSY', `line "${line}": expected it to be free, got one that "${owner}" has`, { cause })
}

/** A chip without interrupts has no edges, an old kernel no times of day, and not every chip a bias. */
function refused({ line, edge, bias }: LineSettings, cause: LibcError): AgentError {
  const wanted = `line "${line}": expected an input with edge: ${edge}, bias: ${bias}`
  const advice = 'a chip without interrupts has only edge: none, and Linux must be 5.11 or later'
  return new AgentError('GPIO_REFUSED', `${wanted}, got "${cause.message}"; ${advice}`, { cause })
}
