import { readJson } from '../event/json-reader.js'
import type { EventRecord, Value } from '../event/event.js'
import { isRecord, setField } from '../event/record.js'
import type { parserOptions } from '../plugin/common-options.js'
import { AgentError } from '../plugin/errors.js'
import type { ValuesOf } from '../plugin/options.js'
import { unescapeAll, unescapeSimple, unquoteMysql } from './unescape.js'

/** What the text of a field stands for; undefined where it does not fit. */
type Decoder = (text: string) => Value | undefined

const decoders: { readonly [name: string]: Decoder } = {
  json: jsonIn,
  escaped: unescapeSimple,
  escaped_utf8: unescapeAll,
  mysql_quoted: unquoteMysql,
}

interface Rule {
  readonly field: string
  readonly decode: Decoder
  /** Whether a rule behind it may see the same field: never, when this one did not fit, or always. */
  readonly next: 'none' | 'try_next' | 'do_next'
  /** The field stays, and the fields of what it stands for are put beside it. */
  readonly spread: boolean
}

type DecodeOptions = Pick<ValuesOf<typeof parserOptions>, 'decode_field' | 'decode_field_as'>

/** Decodes the texts of fields by the rules of the options, in their order; undefined where there are none. */
export function fieldDecoder(options: DecodeOptions): ((record: EventRecord) => EventRecord) | undefined {
  const rules = [...readRules('decode_field', options), ...readRules('decode_field_as', options)]
  return rules.length === 0 ? undefined : (record) => decoded(record, rules)
}

function readRules(option: keyof DecodeOptions, options: DecodeOptions): Rule[] {
  const spread = option === 'decode_field'
  const names = spread ? ['json'] : Object.keys(decoders)
  return (options[option] ?? []).map((text) => {
    const [name = '', field, action = 'none', ...more] = text.trim().split(/\s+/)
    const decode = names.includes(name) ? decoders[name] : undefined
    const next = (['none', 'try_next', 'do_next'] as const).find((each) => each === action)
    if (decode && next && field !== undefined && more.length === 0) return { field, decode, next, spread }
    const expected = `one of ${names.join(', ')}, a field, and try_next or do_next if another rule may follow`
    throw new AgentError('PARSE_DECODER', `${option}: expected ${expected}, got "${text}"`)
  })
}

function decoded(record: EventRecord, rules: readonly Rule[]): EventRecord {
  const made: Record<string, Value> = { ...record }
  const done = new Set<string>()
  for (const rule of rules) {
    const text = Object.hasOwn(made, rule.field) ? made[rule.field] : undefined
    if (typeof text !== 'string' || done.has(rule.field)) continue
    const value = rule.decode(text)
    if (value !== undefined) put(made, rule, value)
    if (rule.next === 'none' || (rule.next === 'try_next' && value !== undefined)) done.add(rule.field)
  }
  return made
}

function put(record: Record<string, Value>, { field, spread }: Rule, value: Value): void {
  if (!spread) setField(record, field, value)
  else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) setField(record, key, inner)
}

/** A map or a list: other JSON is text that happens to look so. */
function jsonIn(text: string): Value | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return readJson(Buffer.from(text))
  } catch (error) {
    if (error instanceof AgentError) return undefined
    throw error
  }
}
