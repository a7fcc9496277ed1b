/**
 * The words in which a plugin declares its options. Each makes plain JSON Schema (draft 2020-12), so the one declaration
 * serves validation, help, tables and editors; the phantom type is what the plugin gets to see.
 */

import type { EventRecord, Value } from '../event/event.js'

/** Carries the type of a value in its option's type; there is no such key at run time. */
export declare const seen: unique symbol

/** What a schema in a file means beyond JSON Schema; all of it lives under `x-` keys, which validators ignore. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly anyOf?: readonly Schema[]
  /** How text becomes the value a plugin sees: see `unitDecoders` in units.ts. */
  readonly 'x-unit'?: 'duration' | 'size' | 'flag' | 'list' | 'record' | 'map'
  /** What a size without a unit counts, where that is not bytes. */
  readonly 'x-bare'?: 'KiB'
  /** Bounds of a duration (milliseconds) or a size (bytes), which a JSON Schema of text cannot state. */
  readonly 'x-minimum'?: number
  readonly 'x-maximum'?: number
  /** Never printed, in no log, no help, no error. */
  readonly 'x-secret'?: true
  readonly 'x-required'?: true
  /** What a text must be, in words for whoever wrote another: a pattern says it to programs only. */
  readonly 'x-expects'?: string
  /** The flag that must be on for this to have an effect. */
  readonly 'x-needs'?: string
  /** Other names under which Fluent Bit's users know this option. */
  readonly 'x-aliases'?: readonly string[]
  /** Names a parser (`parsers:` or a codec), an output format (a codec), or a group of `upstream_servers`. */
  readonly 'x-refers'?: 'parser' | 'format' | 'upstream'
  /** Where it names a group of servers: options of the output that each of them may have of its own. */
  readonly 'x-per-server'?: readonly string[]
  /** Names a file that must be there, seen from the file that says so. */
  readonly 'x-file'?: true
  /** On a set of options: names that Sluice does not have, and what to write instead. */
  readonly 'x-unsupported'?: { readonly [name: string]: string }
  /** On a set of options: names that are accepted and not used, and why. */
  readonly 'x-ignored'?: { readonly [name: string]: string }
}

/** A schema whose checked value is a T. */
export interface Option<T> extends Schema {
  readonly [seen]?: T
}

export type Options = { readonly [name: string]: Option<unknown> }

/** The type of the checked values of a set of options. */
export type ValuesOf<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

interface Common<T> {
  readonly default?: T
  readonly aliases?: readonly string[]
}
type Given<R, T> = R extends { readonly default: unknown } | { readonly required: true } ? T : T | undefined
type Extra<T, More = object> = Common<T> & { readonly required?: true } & More

/** Spreads what every kind knows onto its schema; absent keys stay absent. */
function option<T>(description: string, kind: Schema, extra: Extra<unknown>): Option<T> {
  return {
    ...kind,
    description,
    ...(extra.default === undefined ? {} : { default: extra.default }),
    ...(extra.required ? { 'x-required': true as const } : {}),
    ...(extra.aliases ? { 'x-aliases': extra.aliases } : {}),
  }
}

interface TextForm {
  readonly pattern?: string
  /** What fits the pattern, in words. */
  readonly expects?: string
  readonly refers?: 'parser' | 'format'
  /** It is the path of a file that must be there, relative to the configuration file; what is created gets it absolute. */
  readonly file?: true
  /** The empty text is none; so it is where the option is required. */
  readonly filled?: true
  /** The flag without which it has no effect: a warning where it is not on. */
  readonly needs?: string
}

/** Any text, or text that fits a pattern. */
export function text<const E extends Extra<string, TextForm>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, string>> {
  const kind: Schema = {
    type: 'string',
    ...(extra.pattern === undefined ? {} : { pattern: extra.pattern }),
    ...(extra.expects === undefined ? {} : { 'x-expects': extra.expects }),
    ...(extra.refers === undefined ? {} : { 'x-refers': extra.refers }),
    ...(extra.file ? { 'x-file': true as const } : {}),
    ...(extra.needs === undefined ? {} : { 'x-needs': extra.needs }),
    ...(extra.filled || extra.required ? { minLength: 1 } : {}),
  }
  return option(description, kind, extra)
}

/** One server of a group of `upstream_servers`. */
export interface UpstreamNode {
  readonly name: string | undefined
  readonly weight: number
  readonly standby: boolean
  /** All options of the output, with the node's own over them. */
  readonly options: { readonly [name: string]: unknown }
}

/**
 * The name of a group of `upstream_servers`, or of a file with one; the plugin sees the servers of the group. `perServer` are the
 * options of the output that a server may have of its own, besides `host`, `port` and those of TLS: the output reads them off
 * each node.
 */
export function upstreamName(
  description: string,
  perServer: readonly string[],
): Option<readonly UpstreamNode[] | undefined> {
  return option(description, { type: 'string', minLength: 1, 'x-refers': 'upstream', 'x-per-server': perServer }, {})
}

/** Text that is never shown. */
export function secret<const E extends Extra<string>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, string>> {
  return option(description, { type: 'string', 'x-secret': true }, extra)
}

/** One of a few words. */
export function choice<const W extends readonly string[], const E extends Extra<W[number]>>(
  description: string,
  words: W,
  extra: E = {} as E,
): Option<Given<E, W[number]>> {
  return option(description, { type: 'string', enum: words }, extra)
}

interface Bounds {
  readonly minimum?: number
  readonly maximum?: number
}

/** A whole number. */
export function integer<const E extends Extra<number, Bounds>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, number>> {
  return option(description, { type: 'integer', ...bounds(extra, 'minimum', 'maximum') }, extra)
}

/** Any finite number. */
export function number<const E extends Extra<number, Bounds>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, number>> {
  return option(description, { type: 'number', ...bounds(extra, 'minimum', 'maximum') }, extra)
}

/** Yes or no; the file may say `on`, `off`, `yes`, `no`, `true` or `false` in any case. */
export function flag<const E extends Extra<boolean>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, boolean>> {
  return option(description, { type: ['boolean', 'string'], pattern: flagPattern, 'x-unit': 'flag' }, extra)
}

/** A time span such as `250ms`, `1s`, `1h30m`; a bare number is seconds. The plugin sees milliseconds; bounds are milliseconds too. */
export function duration<const E extends Extra<string, Bounds>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, number>> {
  const kind: Schema = { type: ['string', 'number'], pattern: durationPattern, 'x-unit': 'duration' }
  return option(description, { ...kind, ...bounds(extra, 'x-minimum', 'x-maximum') }, extra)
}

/**
 * A number of bytes such as `64KiB` or `5M` (K, M, G are powers of 1000; Ki, Mi, Gi of 1024). The plugin sees bytes. A bare
 * number is bytes too, unless `bare` says otherwise, as where Fluent Bit counts in KB.
 */
export function size<const E extends Extra<string, Bounds & { bare?: 'KiB' }>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, number>> {
  const kind: Schema = { type: ['string', 'integer'], pattern: sizePattern, 'x-unit': 'size' }
  const bare = extra.bare === undefined ? {} : { 'x-bare': extra.bare }
  return option(description, { ...kind, ...bare, ...bounds(extra, 'x-minimum', 'x-maximum') }, extra)
}

interface ListForm {
  readonly refers?: 'parser' | 'format'
  /** They are paths of files, as `file` of a text is. */
  readonly file?: true
}

/** Several texts: a list, or one text. */
export function list<const E extends Extra<readonly string[], ListForm>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, readonly string[]>> {
  const kind: Schema = {
    type: ['array', 'string'],
    items: { type: 'string' },
    'x-unit': 'list',
    ...(extra.refers === undefined ? {} : { 'x-refers': extra.refers }),
    ...(extra.file ? { 'x-file': true as const } : {}),
  }
  return option(description, kind, extra)
}

/** Named texts, such as headers: a map, or texts `name value`. */
export function map<const E extends Extra<{ readonly [key: string]: string }>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, { readonly [key: string]: string }>> {
  const texts: Schema = { type: 'string' }
  return option(
    description,
    { type: ['object', 'array', 'string'], items: texts, additionalProperties: texts, 'x-unit': 'map' },
    extra,
  )
}

/** What an option of `files` may hold: paths that are absolute by now. */
export type FilePaths = string | readonly string[] | { readonly [name: string]: string | readonly string[] }

/** Files that must be there, relative to the configuration file: a path, a list of paths, or a map of names to either. */
export function files<const E extends Extra<FilePaths>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, FilePaths>> {
  const paths: Schema = { type: ['array', 'string'], items: { type: 'string' } }
  const kind: Schema = { ...paths, type: ['array', 'object', 'string'], additionalProperties: paths, 'x-file': true }
  return option(description, kind, extra)
}

/** A map of names to sets of options, all of them alike. */
export function named<O extends Options>(
  description: string,
  options: O,
): Option<{ readonly [name: string]: ValuesOf<O> } | undefined> {
  const each: Schema = { type: 'object', properties: options, additionalProperties: false }
  return option(description, { type: 'object', additionalProperties: each }, {})
}

/** A list of sets of options, all of them alike. */
export function listOf<O extends Options, const E extends { readonly required?: true }>(
  description: string,
  options: O,
  extra: E = {} as E,
): Option<Given<E, readonly ValuesOf<O>[]>> {
  const required = Object.keys(options).filter((name) => options[name]?.['x-required'])
  const each: Schema = { type: 'object', properties: options, required, additionalProperties: false }
  return option(description, { type: 'array', items: each }, extra)
}

/** A record, written as a map, or as JSON text. */
export function record<const E extends Extra<EventRecord>>(
  description: string,
  extra: E = {} as E,
): Option<Given<E, EventRecord>> {
  return option(description, { type: ['object', 'string'], 'x-unit': 'record', additionalProperties: true }, extra)
}

/** Anything that a plugin checks by itself in `create`. */
export function anything<const E extends Extra<Value>>(
  description: string,
  schema: Schema,
  extra: E = {} as E,
): Option<Given<E, Value>> {
  return option(description, schema, extra)
}

export const flagPattern = '^([oO][nN]|[oO][fF][fF]|[yY][eE][sS]|[nN][oO]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$'
export const durationPattern = String.raw`^(\d+(\.\d+)?|(\d+(\.\d+)?(ns|us|ms|s|m|h|d))+)$`
export const sizePattern = String.raw`^\d+(\.\d+)?\s*([kKmMgG]i?)?[bB]?$`

function bounds(given: Bounds, least: 'minimum' | 'x-minimum', most: 'maximum' | 'x-maximum'): Schema {
  return {
    ...(given.minimum === undefined ? {} : { [least]: given.minimum }),
    ...(given.maximum === undefined ? {} : { [most]: given.maximum }),
  }
}
