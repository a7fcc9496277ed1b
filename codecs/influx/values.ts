/** Field values of the line protocol (InfluxDB v2, "Line protocol", "Data types and format"). */

/** `i` of 64 bits with a sign, `u` without; a float has no letter. */
export type IntegerType = 'i' | 'u'

export interface FieldValue {
  readonly value: number | bigint | boolean | string
  readonly type?: IntegerType
}

const floatPattern = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const integerPattern = /^(-?\d{1,20})([iu])$/
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
])

/** A value that is not in quotes; undefined where it is none, or does not fit into 64 bits. */
export function readPlainValue(text: string): FieldValue | undefined {
  const boolean = booleans.get(text)
  if (boolean !== undefined) return { value: boolean }
  const [, digits, type] = integerPattern.exec(text) ?? []
  if (digits !== undefined && (type === 'i' || type === 'u')) return readInteger(digits, type)
  const number = floatPattern.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? { value: number } : undefined
}

/** A bigint only where a number would lose digits. */
function readInteger(digits: string, type: IntegerType): FieldValue | undefined {
  const exact = BigInt(digits)
  if (exact !== (type === 'i' ? BigInt.asIntN(64, exact) : BigInt.asUintN(64, exact))) return undefined
  const number = Number(exact)
  return { value: Number.isSafeInteger(number) ? number : exact, type }
}

/** What stands between the quotes: a backslash takes the meaning of a quote and of a backslash, and is itself before others. */
export function unescapeString(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(["\\])/g, '$1') : text
}

export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
