import { AgentError } from '../../base/agent-error.js'
import { didYouMean } from '../../base/nearest.js'
import type { Dbc, DbcMessage } from '../dbc/dbc.js'
import { identifierKey } from '../dbc/identifier.js'
import type { CanFrame } from '../frame.js'
import { type DecodeCounts, emptyCounts } from './counts.js'
import { MessageDecoder } from './decoder.js'
import { type LabelStyle, SignalFields } from './fields.js'
import { pgnOf, sourceOf } from '../j1939/id.js'
import { plansOf } from './plan.js'
import { QualityCheck, type QualityRule } from './quality.js'

export interface DecodeOptions {
  /** `number` unless given. */
  readonly labels?: LabelStyle
  /**
   * Whether messages of 29 bits are those of J1939: found by parameter group, and with values for "not available" and
   * "error". Unless given, each as its file says; one that is only likely to be has no such values.
   */
  readonly j1939?: boolean
  readonly quality?: readonly QualityRule[]
  /** Fields that records have besides the signals: a signal of that name is told with `_` behind it. */
  readonly reserved?: readonly string[]
}

/** The decoders of one bus. */
export class SignalDecoders {
  readonly counts: DecodeCounts
  readonly decoders: readonly MessageDecoder[]
  readonly #byIdentifier = new Map<number, MessageDecoder>()
  /** By parameter group and source, and by parameter group alone. */
  readonly #bySource = new Map<number, MessageDecoder>()
  readonly #byGroup = new Map<number, MessageDecoder>()

  constructor(decoders: readonly MessageDecoder[], counts: DecodeCounts) {
    this.decoders = decoders
    this.counts = counts
    for (const decoder of decoders) this.#add(decoder)
  }

  /** The decoder of a frame's message: of its identifier, else of its parameter group from its source, else from any. */
  find(frame: CanFrame): MessageDecoder | undefined {
    if (frame.remote || frame.error) return undefined
    const found = this.#byIdentifier.get(identifierKey(frame))
    return found || !frame.extended || this.#byGroup.size === 0 ? found : this.#findGroup(frame.id)
  }

  /** The decoder of a parameter group, such as that of a message which came in several frames; from the source, if given. */
  findGroup(group: number, source?: number): MessageDecoder | undefined {
    const bySource = source === undefined ? undefined : this.#bySource.get(group * 256 + source)
    return bySource ?? this.#byGroup.get(group)
  }

  #findGroup(id: number): MessageDecoder | undefined {
    return this.findGroup(pgnOf(id), sourceOf(id))
  }

  /** Of messages that share a group, the first stands for sources that none is of. */
  #add(decoder: MessageDecoder): void {
    const { message, j1939 } = decoder
    this.#byIdentifier.set(identifierKey(message), decoder)
    if (!j1939) return
    const group = pgnOf(message.id)
    this.#bySource.set(group * 256 + sourceOf(message.id), decoder)
    if (!this.#byGroup.has(group)) this.#byGroup.set(group, decoder)
  }
}

/**
 * Compiles the decoders of all messages that the DBC files of one bus have; of one that several files have, the last counts.
 * They count in `counts`, which those of other buses may share. Throws `CAN_QUALITY` for a rule that does not fit them.
 */
export function compileDecoders(
  dbcs: readonly Dbc[],
  options: DecodeOptions = {},
  counts: DecodeCounts = emptyCounts(),
): SignalDecoders {
  const messages = new Map<number, DbcMessage>()
  for (const dbc of dbcs) for (const message of dbc.messages) messages.set(identifierKey(message), message)
  const rules = rulesByMessage(options.quality ?? [], [...messages.values()])
  const compiled = Array.from(messages.values(), (message) =>
    compile(message, options, counts, rules.get(message.name)),
  )
  return new SignalDecoders(compiled, counts)
}

function compile(
  message: DbcMessage,
  options: DecodeOptions,
  counts: DecodeCounts,
  rule?: QualityRule,
): MessageDecoder {
  const j1939 = message.extended && (options.j1939 ?? message.j1939 !== 'no')
  const plans = plansOf(message, j1939 && (options.j1939 ?? message.j1939 === 'yes'))
  const signals = plans.map(({ signal }) => signal)
  const fields = new SignalFields(signals, { labels: options.labels ?? 'number', reserved: options.reserved ?? [] })
  const check = rule && new QualityCheck(rule, message, signals, counts)
  return new MessageDecoder({ message, j1939, plans, fields, counts, check })
}

function rulesByMessage(
  rules: readonly QualityRule[],
  messages: readonly DbcMessage[],
): ReadonlyMap<string, QualityRule> {
  const names = messages.map(({ name }) => name)
  for (const { message } of rules) {
    if (names.includes(message)) continue
    const hint = didYouMean(message, names)
    throw new AgentError('CAN_QUALITY', `quality: expected a message of the DBC files, got "${message}"${hint}`)
  }
  return new Map(rules.map((rule) => [rule.message, rule]))
}
