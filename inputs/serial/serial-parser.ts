import { type InputContext, type Parser, readJson } from 'sluice/plugin'

export interface FormatSettings {
  readonly parser: string | undefined
  readonly format: 'json' | 'none' | undefined
  readonly separator: string | undefined
  readonly min_bytes: number | undefined
}

/** A parser, and whether each read is a frame of its own. */
export interface SerialFormat {
  readonly parser: Parser
  readonly whole: boolean
}

/** What is made of the bytes; the records of all but `parser` are as Fluent Bit makes them, `{"msg": …}`. */
export function formatOf(settings: FormatSettings, framed: boolean, context: InputContext): SerialFormat {
  const { parser, format, separator, min_bytes: least } = settings
  if (parser !== undefined) return { parser: context.parser(parser), whole: false }
  if (format === 'json') return { parser: jsonValues, whole: false }
  if (framed || separator !== undefined || (format === undefined && least === undefined))
    return { parser: textLines, whole: false }
  return { parser: textReads, whole: true }
}

const jsonValues: Parser = { framing: 'json', parse: (frame) => [{ record: { msg: readJson(frame) } }] }

const textLines: Parser = { framing: 'lines', parse: parseText }

const textReads: Parser = { framing: 'whole', parse: parseText }

function parseText(frame: Uint8Array): { readonly record: { readonly msg: string } }[] {
  return frame.length === 0 ? [] : [{ record: { msg: Buffer.from(frame).toString() } }]
}
