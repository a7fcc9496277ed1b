import type { Parser } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import { framerWith } from '../plugin/framing.js'
import type { StreamFraming } from '../plugin/record-stream.js'
import { checkedType } from './check-options.js'
import { compileFrames } from './compile-frames.js'
import type { FramingOptions } from './options.js'
import { placeChecksum, type PlacedChecksum } from './placed-checksum.js'

export type FramingSettings = FramingOptions & {
  /** Longest frame where the options of the framing do not say. */
  readonly buffer_size: number
  /** What ends a line where there is no framing. */
  readonly separator?: string | undefined
}

/**
 * How the options `framing.…` of an input cut its streams, for `RecordStream`; undefined where they say nothing. For `create`: throws
 * an AgentError where they do not fit together.
 */
export function framingOf(options: FramingSettings): StreamFraming | undefined {
  const type = checkedType(options)
  if (type === undefined) return undefined
  if (options.separator !== undefined) {
    throw new AgentError('FRAMING_OPTION', 'separator: expected none beside framing.type; leave one of them out')
  }
  const maxFrame = options['framing.max_frame'] ?? options.buffer_size
  const frames = compileFrames(type, options, checksumIn(options))
  return {
    maxFrame,
    idleMs: options['framing.idle'] ?? 0,
    framer: (told) => framerWith(frames.scanner({ ...told, maxFrame }), { ...told, maxFrame, open: frames.open(told) }),
  }
}

/**
 * The parser of a stream, which must know where its frames end. Throws an AgentError where neither its format nor the options of
 * the input say so.
 */
export function streamParser(parser: Parser, framing: StreamFraming | undefined): Parser {
  if (parser.framing !== 'bytes' || framing) return parser
  const message =
    'framing.type: expected one, since the format of the parser does not tell where a frame ends, got none'
  throw new AgentError('FRAMING_MISSING', message)
}

function checksumIn(options: FramingOptions): PlacedChecksum | undefined {
  const name = options['framing.checksum']
  if (name === undefined) return undefined
  return placeChecksum({
    name,
    endian: options['framing.checksum_endian'],
    from: options['framing.checksum_from'] ?? 0,
    gap: options['framing.checksum_gap'] ?? 0,
    form: options['framing.checksum_form'] ?? 'binary',
    behindStop: options['framing.checksum_place'] === 'behind_stop',
  })
}
