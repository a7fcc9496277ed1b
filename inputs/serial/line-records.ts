import {
  type EntryWriter,
  type EventRecord,
  type InputContext,
  type Parser,
  RecordStream,
  type StreamFraming,
} from 'sluice/plugin'

export interface LineSettings {
  readonly tag: string
  readonly parser: Parser
  /** Each read is a frame. */
  readonly whole: boolean
  readonly maxFrame: number
  readonly delimiter: string | undefined
  readonly framing: StreamFraming | undefined
  readonly writer: EntryWriter
  readonly context: InputContext
}

/** The bytes of one open line to events. It knows whether a frame was found since it was asked last, whatever the frame held. */
export class LineRecords {
  readonly #settings: LineSettings
  #stream: RecordStream
  #answered = false

  constructor(settings: LineSettings) {
    this.#settings = settings
    this.#stream = this.#begin()
  }

  /** Longest that a frame may be complete without being known for it, in milliseconds; 0 where that is known at once. */
  get idleMs(): number {
    return this.#settings.framing?.idleMs ?? 0
  }

  /** False when reading should wait for room. */
  push(bytes: Uint8Array, fields: EventRecord | undefined): boolean {
    return this.#settings.whole ? this.#stream.whole(bytes, fields) : this.#stream.push(bytes, fields)
  }

  /** Whether a frame was found since the last call. */
  takeAnswered(): boolean {
    const answered = this.#answered
    this.#answered = false
    return answered
  }

  /** What is unfinished will not be finished: it is dropped as `cut_off`. */
  breakOff(): void {
    this.#stream.breakOff()
    this.#stream = this.#begin()
  }

  #begin(): RecordStream {
    const { tag, parser, maxFrame, delimiter, framing, writer, context } = this.#settings
    const noting: Parser = {
      framing: parser.framing,
      parse: (frame) => {
        this.#answered = true
        return parser.parse(frame)
      },
    }
    return new RecordStream({ tag, parser: noting, maxFrame, delimiter, framing, writer }, context)
  }
}
