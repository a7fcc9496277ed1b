import type { Schema } from '../plugin/options.js'
import { noteOn } from './fluent-bit.js'
import type { OptionProblem } from './read-options.js'
import { isMap } from './units.js'

type Path = readonly (string | number)[]
type Raw = { readonly [name: string]: unknown }

export interface RenamedOptions {
  readonly options: Raw
  readonly problems: readonly OptionProblem[]
  /** The path of an option by its own name to the path that the user wrote. */
  writtenPath(path: Path): Path
}

/** Brings every name that stands for an option to the option's own: other case, aliases, `storage: {path}` for `storage.path`. */
export function renameOptions(schema: Schema, raw: Raw): RenamedOptions {
  const names = namesOf(schema)
  const options: Record<string, unknown> = {}
  const problems: OptionProblem[] = []
  const written = new Map<string, Path>()
  for (const [path, value] of flatten(raw, names)) {
    const key = path.join('.')
    const word = key.toLowerCase()
    const name = names.get(word)
    const note = name === undefined ? fluentBitNote(schema, word, value, names.keys()) : undefined
    if (note) problems.push({ path, on: 'name', ...note })
    else if (name !== undefined && name in options) problems.push(givenTwice(path, name, written.get(name) ?? [name]))
    else {
      options[name ?? key] = value
      written.set(name ?? key, path)
    }
  }
  if (schema.properties?.['interval']) joinInterval(options, written, problems)
  return { options, problems, writtenPath: ([name, ...rest]) => [...pathOf(written, name), ...rest] }
}

function pathOf(written: ReadonlyMap<string, Path>, name: string | number | undefined): Path {
  return name === undefined ? [] : (written.get(String(name)) ?? [name])
}

function givenTwice(path: Path, name: string, first: Path): OptionProblem {
  const message = `"${name}" is given already as "${first.join('.')}"; leave one of them out`
  return { path, severity: 'error', message, on: 'name' }
}

type Note = Pick<OptionProblem, 'severity' | 'message'>

function fluentBitNote(schema: Schema, name: string, value: unknown, known: Iterable<string>): Note | undefined {
  const ignored = noteOn(schema['x-ignored'] ?? {}, name, value, known)
  if (ignored !== undefined) return { severity: 'warning', message: `not used; ${ignored}` }
  const advice = noteOn(schema['x-unsupported'] ?? {}, name, value, known)
  return advice === undefined ? undefined : { severity: 'error', message: `not offered; ${advice}` }
}

/** Any name in lower case to the option's own. */
export function namesOf(schema: Schema): ReadonlyMap<string, string> {
  const options = Object.entries(schema.properties ?? {})
  const names = new Map<string, string>()
  for (const [name, option] of options)
    for (const alias of option['x-aliases'] ?? []) names.set(alias.toLowerCase(), name)
  for (const [name] of options) names.set(name.toLowerCase(), name)
  if (names.has('interval')) {
    for (const part of ['interval_sec', 'interval_nsec']) if (!names.has(part)) names.set(part, part)
  }
  return names
}

/** `storage: {path: x}` is `storage.path: x` where there is such an option and none named `storage`. */
function* flatten(raw: Raw, names: ReadonlyMap<string, string>): Iterable<[Path, unknown]> {
  const prefixes = new Set([...names.keys()].filter((name) => name.includes('.')).map((name) => name.split('.')[0]))
  for (const [name, value] of Object.entries(raw)) {
    const nested = isMap(value) && !names.has(name.toLowerCase()) && prefixes.has(name.toLowerCase())
    if (!nested) yield [[name], value]
    else for (const [part, inner] of Object.entries(value)) yield [[name, part], inner]
  }
}

/** Fluent Bit's pair of whole seconds and nanoseconds, which it adds up; seconds are 1 where they are not given. */
function joinInterval(options: Record<string, unknown>, written: Map<string, Path>, problems: OptionProblem[]): void {
  const parts = ['interval_sec', 'interval_nsec'].filter((name) => name in options && written.has(name))
  if (parts.length === 0) return
  const own = 'interval' in options
  const [seconds, nanoseconds] = [options['interval_sec'] ?? 1, options['interval_nsec'] ?? 0]
  for (const name of parts) {
    const path = written.get(name) ?? [name]
    if (own) problems.push(givenTwice(path, 'interval', written.get('interval') ?? []))
    else if (!isWhole(options[name])) {
      const message = `expected a whole number, got ${JSON.stringify(options[name])}`
      problems.push({ path, severity: 'error', message })
    }
    delete options[name]
  }
  if (own) return
  const sum = Number(seconds) + Number(nanoseconds) / 1e9
  if (Number.isFinite(sum)) options['interval'] = sum
  written.set('interval', written.get(parts[0] ?? '') ?? [])
}

function isWhole(value: unknown): boolean {
  return (typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^\d+$/.test(value))
}
