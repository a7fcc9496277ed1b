import { AgentError } from '../../base/agent-error.js'
import { choice, flag, integer, list, listOf, text, type ValuesOf } from '../../plugin/options.js'
import { signalChecksums } from '../decode/checksums.js'
import type { DecodeOptions } from '../decode/decoders.js'
import { labelStyles } from '../decode/fields.js'
import type { QualityRule } from '../decode/quality.js'

const qualityOptions = {
  message: text('Name of the message.', { required: true }),
  counter: text('Its signal that is one more in each frame.', { filled: true }),
  modulo: integer('What the counter begins again at; by default what its bits can count to.', { minimum: 2 }),
  checksum: text('Its signal, of 8 bits, that has a checksum.', { filled: true }),
  algorithm: choice('How the checksum is made.', signalChecksums),
  from: integer('First byte that goes into it; its own byte never does.', { default: 0, minimum: 0, maximum: 63 }),
  to: integer('Byte before which it ends; by default the end of the frame.', { minimum: 1, maximum: 64 }),
  data_ids: list('Bytes such as `0x1f` that go in behind the data: one, or one for each value of the counter.'),
} as const

/** The options of every plugin that decodes frames: what the signals in them become. */
export const signalOptions = {
  records: choice('One record for each frame, or for each signal.', ['frame', 'signal'], { default: 'frame' }),
  labels: choice('Values that the DBC file has a text for: as a number, as that text, or both.', labelStyles, {
    default: 'number',
  }),
  units: flag('Tell the units of signals.', { default: false }),
  j1939: flag('Messages of 29 bits are those of J1939; by default as the DBC file says.'),
  quality: listOf(
    'Messages whose frames have a counter, a checksum or both; what these speak against gets a field `quality`.',
    qualityOptions,
  ),
} as const

/** What a decoder need know of them. Throws `CAN_QUALITY` for a rule that says nothing. */
export function decodeOptionsOf(options: ValuesOf<typeof signalOptions>): DecodeOptions {
  const { labels, j1939, quality = [] } = options
  return { labels, ...(j1939 === undefined ? {} : { j1939 }), quality: quality.map(qualityRuleOf) }
}

type RuleOptions = ValuesOf<typeof qualityOptions>

function qualityRuleOf(options: RuleOptions): QualityRule {
  const { message, counter, modulo } = options
  const checksum = checksumOf(options)
  if (counter === undefined && !checksum) throw wrong(message, 'expected a counter or a checksum, got neither')
  return {
    message,
    ...(counter === undefined ? {} : { counter }),
    ...(modulo === undefined ? {} : { modulo }),
    ...(checksum ? { checksum } : {}),
  }
}

function checksumOf({
  message,
  checksum: signal,
  algorithm,
  from,
  to,
  data_ids = [],
}: RuleOptions): QualityRule['checksum'] {
  if (signal === undefined && algorithm === undefined) return undefined
  if (signal === undefined || algorithm === undefined)
    throw wrong(message, 'expected checksum and algorithm together, got one of them')
  const dataIds = data_ids.map((byte) => byteOf(message, byte))
  return { signal, algorithm, from, ...(to === undefined ? {} : { to }), dataIds }
}

function byteOf(message: string, given: string): number {
  const byte = /^(0x[\da-f]{1,2}|\d{1,3})$/i.test(given) ? Number(given) : Number.NaN
  if (byte <= 0xff) return byte
  throw wrong(message, `data_ids: expected a byte such as 0x1f, got "${given}"`)
}

function wrong(message: string, reason: string): AgentError {
  return new AgentError('CAN_QUALITY', `quality: message ${message}: ${reason}`)
}
