import type { Schema } from '../plugin/options.js'
import { fulfilled, noteOn } from './fluent-bit.js'
import { type OptionProblem, shown } from './option-problems.js'
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
  const known = new Set(names.keys())
  // Without a prototype `__proto__` is a name like any other.
  const options = Object.create(null) as Record<string, unknown>
  const problems: OptionProblem[] = []
  const written = new Map<string, Path>()
  for (const [path, value] of flatten(raw, names)) {
    const key = path.join('.')
    const word = key.toLowerCase()
    const note = fluentBitNote(schema, word, value, known)
    const name = names.get(word) ?? key
    const first = written.get(name)
    if (note?.message === fulfilled) continue
    if (note) problems.push({ path, on: 'name', ...note })
    else if (first) problems.push(givenTwice(path, name, first))
    else {
      options[name] = value
      written.set(name, path)
    }
  }
  const interval = schema.properties?.['interval']
  if (interval) joinInterval(interval, options, written, problems)
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

function fluentBitNote(schema: Schema, name: string, value: unknown, known: ReadonlySet<string>): Note | undefined {
  const ignored = noteOn(schema['x-ignored'] ?? {}, name, value, known)
  if (ignored !== undefined) return { severity: 'warning', message: ignored && `not used; ${ignored}` }
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

/** `storage: {path: x}` is `storage.path: x` where there is such an option and none named `storage`, unless as a short form of such. */
function* flatten(raw: Raw, names: ReadonlyMap<string, string>): Iterable<[Path, unknown]> {
  const prefixes = new Set([...names.keys()].filter((name) => name.includes('.')).map((name) => name.split('.')[0]))
  for (const [name, value] of Object.entries(raw)) {
    const group = name.toLowerCase()
    const isGroup = prefixes.has(group) && names.get(group)?.startsWith(`${group}.`) !== false
    const nested = isMap(value) && isGroup
    if (!nested) yield [[name], value]
    else for (const [part, inner] of Object.entries(value)) yield [[name, part], inner]
  }
}

/** Fluent Bit's pair of whole seconds and nanoseconds, which it adds up; not given, seconds are 1 where the interval has a default. */
function joinInterval(
  interval: Schema,
  options: Record<string, unknown>,
  written: Map<string, Path>,
  problems: OptionProblem[],
): void {
  const parts = [...written].filter(([name]) => name === 'interval_sec' || name === 'interval_nsec')
  const [first] = parts
  if (!first) return
  const own = written.get('interval')
  const wrong = parts.filter(([name]) => own || !isWhole(options[name]))
  for (const [name, path] of wrong) {
    const message = `expected a whole number, got ${shown(options[name])}`
    problems.push(own ? givenTwice(path, 'interval', own) : { path, severity: 'error', message })
  }
  const { interval_sec: seconds = interval.default === undefined ? 0 : 1, interval_nsec: nanoseconds = 0 } = options
  for (const [name] of parts) delete options[name]
  if (wrong.length > 0) return
  const sum = Number(seconds) + Number(nanoseconds) / 1e9
  // Zero is how Fluent Bit's files say that the default holds.
  if (sum === 0) return
  options['interval'] = sum
  written.set('interval', first[1])
}

function isWhole(value: unknown): boolean {
  return (typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^\d+$/.test(value))
}
