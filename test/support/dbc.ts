import {
  type CanFrame,
  compileDecoders,
  type Dbc,
  type DecodeOptions,
  emptyFrame,
  type MessageDecoder,
  parseDbc,
} from '../../src/can/index.js'

/** A file with these lines. */
export function dbcOf(...lines: readonly string[]): Dbc {
  return parseDbc(Buffer.from(lines.join('\n')), 'test.dbc')
}

/** Problems of a file as `line:column text`. */
export function problemsOf({ problems }: Dbc): readonly string[] {
  return problems.map(({ line, column, text }) => `${line}:${column} ${text}`)
}

/** A frame as candump writes it: 3 digits of the identifier, or 8. */
export function frameOf(text: string): CanFrame {
  const [id = '', hex = ''] = text.split('#')
  const frame = { ...emptyFrame(), id: Number.parseInt(id, 16), extended: id.length > 3 }
  frame.length = Buffer.from(hex, 'hex').copy(frame.data)
  return frame
}

/** The decoder of a frame's message, with the frame decoded. */
export function decoded(dbc: Dbc, text: string, options?: DecodeOptions): MessageDecoder {
  const frame = frameOf(text)
  const decoder = compileDecoders([dbc], options).find(frame)
  if (!decoder) throw new Error(`no message of ${text}`)
  decoder.decode(frame)
  return decoder
}
