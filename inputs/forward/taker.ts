import {
  type Fields,
  inflate,
  isCompressed,
  type Message,
  readMessage,
  type RecentChunks,
  Refusal,
} from 'sluice/forward'
import { type Ack, countEntries, type InputContext, toEventTime } from 'sluice/plugin'

export interface TakerSettings {
  /** The tag that events get in place of their own. */
  readonly tag: string | undefined
  /** What is put before their own. */
  readonly tagPrefix: string | undefined
  /** Most bytes of entries once they are decompressed. */
  readonly inflatedBytes: number
  readonly recent: RecentChunks | undefined
}

/** What is known of a sender, and how it is told. */
export interface Sender {
  readonly fields: Fields | undefined
  /** Called before the message with this chunk is taken. */
  readonly expected: () => void
  /** Called once the promise of the `ack` level holds for the chunk, or will not. */
  readonly told: (chunk: Uint8Array, error?: Error) => void
}

interface Taking {
  readonly tag: string
  readonly fields: Fields | undefined
  readonly ack: Ack | undefined
  readonly message: Message
}

/** As many as the log keeps. */
const longestTagBytes = 65_535

/** Takes messages: all events of one, or none. */
export class Taker {
  readonly #settings: TakerSettings
  readonly #context: InputContext

  constructor(settings: TakerSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
  }

  /** Throws, or rejects where the message has to be decompressed first, with the reason for which it is refused. */
  take(bytes: Uint8Array, sender: Sender): Promise<void> | undefined {
    const message = readMessage(bytes, () => toEventTime(this.#context.clock.wall()))
    const { chunk, signal = 0 } = message.options
    if (signal !== 0) throw notLogs(signal)
    const tag = this.#tagOf(message)
    if (!chunk) return this.#read({ tag, fields: sender.fields, ack: undefined, message })
    sender.expected()
    const ack = this.#ackOf(tag, chunk, sender)
    return ack && this.#answering({ tag, fields: sender.fields, ack, message }, ack)
  }

  #tagOf({ tag }: Message): string {
    const { tagPrefix, tag: instead = tag } = this.#settings
    const made = tagPrefix === undefined ? instead : tagPrefix + tag
    if (Buffer.byteLength(made) <= longestTagBytes) return made
    throw new Refusal('invalid_tag', `tag: expected at most ${longestTagBytes} bytes`)
  }

  /** Undefined where the chunk was sent before: then it is not taken again. */
  #ackOf(tag: string, chunk: Uint8Array, { told }: Sender): Ack | undefined {
    const settled: Ack = (error) => told(chunk, error)
    const { recent } = this.#settings
    if (!recent || isBlank(chunk)) return settled
    const ack = recent.begin(`${Buffer.from(chunk).toString('latin1')} ${tag}`, settled)
    if (!ack) this.#context.count('repeated_chunks')
    return ack
  }

  /** Whoever waits for a chunk that is refused learns so too. */
  #answering(taking: Taking, ack: Ack): Promise<void> | undefined {
    const refused = (error: unknown): never => {
      ack(error as Error)
      throw error
    }
    try {
      return this.#read(taking)?.catch(refused)
    } catch (error) {
      return refused(error)
    }
  }

  #read(taking: Taking): Promise<void> | undefined {
    const { entries, count, options } = taking.message
    if (count !== undefined) return this.#emit(taking, entries, count)
    if (!isCompressed(options.compressed)) return this.#emit(taking, entries, countEntries(entries))
    const settings = { limit: this.#settings.inflatedBytes, memory: this.#context }
    return inflate(entries, options.compressed, settings).then((inflated) =>
      this.#emit(taking, inflated, countEntries(inflated)),
    )
  }

  #emit({ tag, fields, ack, message }: Taking, entries: Uint8Array, count: number): undefined {
    const { size } = message.options
    if (size !== undefined && size !== count) this.#context.count('wrong_sizes')
    if (count > 0) this.#context.emitEntries(tag, fields ? fields.addTo(entries, count) : entries, count, ack)
    else ack?.()
  }
}

/** An id without text, or of zeros alone, tells no message from another: what has it was not sent before. */
function isBlank(chunk: Uint8Array): boolean {
  return chunk.subarray(1).every((byte) => byte === 0)
}

function notLogs(signal: number): Refusal {
  const what = signal === 1 ? 'metrics' : signal === 2 ? 'traces' : 'something else'
  return new Refusal('signal', `fluent_signal: expected 0, for logs, got ${what}; let the sender match its logs alone`)
}
