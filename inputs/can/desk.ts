import {
  BusDecoders,
  decodeOptionsOf,
  Deltas,
  FrameReporter,
  Network,
  type ReportSettings,
  tellDecoded,
} from 'sluice/can'
import { type BusState, errorWords, type TakeFrame } from 'sluice/can-bus'
import type { InputContext } from 'sluice/plugin'
import type { CanOptions } from './options.js'

/** Behind the tag of events that tell the state of a bus. */
const stateSuffix = '.state'

/** Places of a DBC file that are told in the log; `sluice can dbc check` tells all of them. */
const mostTold = 5

/** Takes the frames of all sources, and emits what each read brought in one piece. */
export class Desk {
  readonly #options: CanOptions
  readonly #context: InputContext
  readonly #decoders: BusDecoders
  readonly #reporter: FrameReporter
  readonly #counts: Deltas
  readonly #network: Network | undefined

  /** Reads the DBC files. Throws `CAN_DBC_FILE` for one that cannot be read. */
  constructor(options: CanOptions, report: Omit<ReportSettings, 'decodersOf'>, context: InputContext) {
    const decoders = new BusDecoders(options.dbc ?? [], decodeOptionsOf(options))
    this.#options = options
    this.#context = context
    this.#decoders = decoders
    const settings = { ...report, decodersOf: (bus: string) => decoders.of(bus) }
    this.#reporter = new FrameReporter(settings)
    if (options.network !== undefined) this.#network = this.#networkOf(options.network, settings)
    this.#counts = new Deltas((name, amount) => context.count(name, amount))
    this.#tellProblems()
  }

  readonly take: TakeFrame = (frame, bus) => {
    if (frame.error) for (const word of errorWords(frame)) this.#context.count(`error_${word}`)
    if (this.#network?.take(frame, bus) !== true) this.#reporter.take(frame, bus)
  }

  /** Emits the events of the frames that were taken; false where reading should wait for room. */
  emit(): boolean {
    this.#tellCounts()
    const reporter = this.#reporter
    if (reporter.count === 0) return true
    const hasRoom = this.#context.emitEntries(this.#options.tag, reporter.entries, reporter.count)
    reporter.clear()
    return hasRoom
  }

  state(bus: string, state: BusState): void {
    if (this.#options.states) this.#context.emit(this.#options.tag + stateSuffix, { bus, state })
  }

  #networkOf(protocol: 'j1939' | 'nmea2000', report: ReportSettings): Network {
    return new Network({
      protocol,
      report,
      events: this.#reporter.events,
      onFault: (fault) => this.#context.count(`transfers_${fault}`),
      onRecord: ({ suffix, record }, { seconds, nanoseconds }, bus) =>
        this.#context.emit(`${this.#options.tag}.${suffix}`, { bus, ...record }, { seconds, nanoseconds }),
    })
  }

  #tellCounts(): void {
    const { counts: told, forgotten } = this.#reporter
    const counts = this.#counts
    counts.tell('deselected_frames', told.deselected)
    counts.tell('unknown_frames', told.unknown)
    counts.tell('unchanged_frames', told.thinned)
    counts.tell('forgotten_messages', forgotten)
    tellDecoded(counts, this.#decoders.counts)
  }

  #tellProblems(): void {
    for (const { file, messages, problems, problemCount } of this.#decoders.files) {
      this.#context.log.info('DBC file read', { file, messages: messages.length, problems: problemCount })
      for (const { line, column, text } of problems.slice(0, mostTold))
        this.#context.log.warn(`${file}:${line}:${column}: ${text}`)
    }
  }
}
