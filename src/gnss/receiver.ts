import type { Value } from '../event/event.js'
import { readJson } from '../event/json-reader.js'
import { isRecord } from '../event/record.js'
import type { PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import { Epochs } from './epochs.js'
import type { Fix } from './fix.js'
import { GpsdReports } from './gpsd.js'
import { readSentence } from './sentence.js'

const brace = 0x7b

/** Lines of a receiver, or of gpsd, to fixes; which of the two a line is of shows in its first character. */
export class Receiver {
  readonly #context: PluginContext
  readonly #epochs: Epochs
  readonly #gpsd: GpsdReports

  constructor(context: PluginContext) {
    this.#context = context
    this.#epochs = new Epochs(context.clock)
    this.#gpsd = new GpsdReports(context)
  }

  /** Answers a fix where the line completes one; lines that are none are counted. */
  take(line: Uint8Array): Fix | undefined {
    if (line.length === 0) return undefined
    return line[0] === brace ? this.#report(line) : this.#sentence(line)
  }

  /** The fix that the last sentences make, where nothing more will come of it. */
  flush(): Fix | undefined {
    return this.#epochs.flush()
  }

  #report(line: Uint8Array): Fix | undefined {
    const report = this.#parsed(line)
    return isRecord(report) ? this.#gpsd.take(report) : undefined
  }

  #parsed(line: Uint8Array): Value | undefined {
    try {
      return readJson(line)
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      this.#context.count('bad_reports')
      return undefined
    }
  }

  #sentence(line: Uint8Array): Fix | undefined {
    const sentence = readSentence(Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1'))
    const taken = typeof sentence === 'string' ? sentence : this.#epochs.take(sentence)
    if (typeof taken !== 'string') return taken
    this.#context.count(taken)
    return undefined
  }
}
