import { readJson } from '../event/json-reader.js'
import { AgentError } from '../plugin/errors.js'
import type { Schema } from '../plugin/options.js'

export type Unit = NonNullable<Schema['x-unit']>

const millisecondsIn: { readonly [unit: string]: number } = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const bytesIn: { readonly [unit: string]: number } = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
}

/** Milliseconds of `1h30m`, `250ms`, `0.5`; a bare number is seconds. Nothing when it is no time span. */
export function decodeDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value * 1000 : undefined
  if (typeof value !== 'string' || value === '') return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000
  let sum = 0
  let end = 0
  for (const part of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)/gy)) {
    sum += Number(part[1]) * (millisecondsIn[part[2] ?? ''] ?? Number.NaN)
    end = part.index + part[0].length
  }
  return end === value.length ? sum : undefined
}

/** Bytes of `64KiB`, `5M`, `1024`: K, M and G are powers of 1000, Ki, Mi and Gi of 1024. A bare number is of the unit `bare`. */
export function decodeSize(value: unknown, bare = ''): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  const found = typeof text === 'string' ? /^(\d+(?:\.\d+)?)\s*((?:[kmg]i?)?b?)$/i.exec(text) : null
  if (!found) return undefined
  const [, amount, unit = ''] = found
  return Math.round(Number(amount) * (bytesIn[(unit || bare).toLowerCase().replace('b', '')] ?? Number.NaN))
}

export function decodeFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : undefined
  if (word === 'on' || word === 'yes' || word === 'true') return true
  return word === 'off' || word === 'no' || word === 'false' ? false : undefined
}

/** One text is a list of one. */
export function decodeList(value: unknown): unknown {
  return typeof value === 'string' ? [value] : value
}

/** A record may be written as JSON text, which the classic format has no other way to say. */
export function decodeRecord(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    const parsed = readJson(Buffer.from(value))
    return isMap(parsed) ? parsed : undefined
  } catch (error) {
    if (error instanceof AgentError) return undefined
    throw error
  }
}

/** A map of texts may be written as texts `name value`, as Fluent Bit has it for headers, or `name=value, …`, as for labels. */
export function decodeMap(value: unknown): unknown {
  if (isMap(value)) return value
  const lines: unknown[] = Array.isArray(value) ? value : [value]
  const pairs: [string, string][] = []
  for (const line of lines) {
    const found = typeof line === 'string' ? pairsIn(line.trim()) : undefined
    if (!found) return undefined
    pairs.push(...found)
  }
  return Object.fromEntries(pairs)
}

function pairsIn(line: string): [string, string][] | undefined {
  const [, name, value] = /^(\S+)\s+(.*)$/s.exec(line) ?? []
  if (name !== undefined && value !== undefined && !name.includes('=')) return [[name, value]]
  const pairs = line.split(',').map((pair) => /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/s.exec(pair))
  return pairs.includes(null) ? undefined : pairs.map((found) => [found?.[1] ?? '', found?.[2] ?? ''])
}

/** The value a plugin sees, by the `x-unit` of its option; undefined when the value is not of that unit. */
export const unitDecoders: { readonly [U in Unit]: (value: unknown, bare?: string) => unknown } = {
  duration: decodeDuration,
  size: decodeSize,
  flag: decodeFlag,
  list: decodeList,
  record: decodeRecord,
  map: decodeMap,
}

/** The shortest way to write a bound. */
export function durationText(milliseconds: number): string {
  const units = ['d', 'h', 'm', 's', 'ms', 'us'] as const
  const unit = units.find((name) => milliseconds !== 0 && milliseconds % (millisecondsIn[name] ?? 1) === 0) ?? 'ms'
  return `${milliseconds / (millisecondsIn[unit] ?? 1)}${unit}`
}

export function sizeText(bytes: number): string {
  const unit = ['gi', 'mi', 'ki'].find((name) => bytes !== 0 && bytes % (bytesIn[name] ?? 1) === 0)
  return unit === undefined ? `${bytes} bytes` : `${bytes / (bytesIn[unit] ?? 1)}${unit.charAt(0).toUpperCase()}iB`
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** What a value of a unit looks like, for messages. */
export const expectedUnit: { readonly [unit in Unit]: string } = {
  duration: 'a duration such as "1s" or "250ms"',
  size: 'a size such as "64KiB" or "5M"',
  flag: 'on or off',
  list: 'a list of texts',
  record: 'a map, or one as JSON text',
  map: 'a map of texts, or texts "name value" or "name=value"',
}
